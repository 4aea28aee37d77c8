//! Fields of a poll as they are typed. A field that is wrong is kept in the errors, and reading goes on.

use domain::TerritoryId;
use domain::rulebook::Rulebook;
use domain::text::Text;
use entrypoint::http::{FieldErrors, lookup};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

pub(crate) fn text<const N: usize>(errors: &mut FieldErrors, field: &str, typed: &str) -> Option<Text<N>> {
    errors.check(field, Text::parse(typed))
}

/// A text that may be left out.
pub(crate) fn optional_text<const N: usize>(
    errors: &mut FieldErrors,
    field: &str,
    typed: Option<&String>,
) -> Option<Text<N>> {
    typed.filter(|typed| !typed.trim().is_empty()).and_then(|typed| text(errors, field, typed))
}

pub(crate) fn territory(
    errors: &mut FieldErrors,
    field: &str,
    typed: &str,
    rulebook: &Rulebook,
) -> Option<TerritoryId> {
    errors.check(field, lookup::node(&rulebook.territories, typed)).map(|found| found.id.clone())
}

/// A time without an offset is one of this zone.
pub(crate) fn instant(
    errors: &mut FieldErrors,
    field: &str,
    typed: &str,
    zone: &TimeZone,
) -> Option<Timestamp> {
    let typed = typed.trim();
    let local = || typed.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok().map(|at| at.timestamp());
    let refuse = || errors.refuse(field, "poll-instant", "give day and time, for example 2026-12-01T10:00");
    typed.parse().ok().or_else(local).or_else(refuse)
}
