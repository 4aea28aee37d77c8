//! The fields of a request that are wrong, and the values of those that are right.

use domain::TerritoryId;
use domain::reason::Reason;
use domain::rulebook::Rulebook;
use domain::text::Text;
use entrypoint::http::FieldError;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// What is wrong so far.
#[derive(Default)]
pub(crate) struct FieldErrors {
    pub(crate) wrong: Vec<FieldError>,
}

impl FieldErrors {
    pub(crate) fn take<T, E: Reason>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|error| self.wrong.push(FieldError::because(field, &error))).ok()
    }

    pub(crate) fn refuse<T>(&mut self, field: &str, code: &str, message: impl Into<String>) -> Option<T> {
        self.wrong.push(FieldError::coded(field, code, message));
        None
    }

    pub(crate) fn text<const N: usize>(&mut self, field: &str, typed: &str) -> Option<Text<N>> {
        self.take(field, Text::parse(typed))
    }

    /// A text that may be left out.
    pub(crate) fn maybe<const N: usize>(&mut self, field: &str, typed: Option<&String>) -> Option<Text<N>> {
        typed.filter(|typed| !typed.trim().is_empty()).and_then(|typed| self.text(field, typed))
    }

    pub(crate) fn territory(&mut self, field: &str, typed: &str, rulebook: &Rulebook) -> Option<TerritoryId> {
        let found = rulebook.territories.find(typed).map(|found| found.id.clone());
        if found.is_none() {
            let message = format!("there is no territory «{typed}»");
            self.wrong.push(FieldError::coded(field, "unknown-entry", message).with("wanted", typed));
        }
        found
    }

    pub(crate) fn instant(&mut self, field: &str, typed: &str, zone: &TimeZone) -> Option<Timestamp> {
        let typed = typed.trim();
        let local = || typed.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok().map(|at| at.timestamp());
        match typed.parse().ok().or_else(local) {
            Some(at) => Some(at),
            None => self.refuse(field, "poll-instant", "give day and time, for example 2026-12-01T10:00"),
        }
    }
}
