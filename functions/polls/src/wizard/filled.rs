//! A draft as a filled in form.

use entrypoint::http::FormValues;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use poll::Question;

use crate::poll::options::as_lines;
use crate::poll::request::format_of;

/// The fields as the draft has them, with times as clocks show them there.
pub(crate) fn filled(question: &Question, zone: &TimeZone) -> FormValues {
    let mut values = FormValues::default();
    let instant = |at: Timestamp| {
        let local = at.to_zoned(zone.clone());
        let format = if local.second() == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" };
        local.strftime(format).to_string()
    };
    let mut set = |name: &str, value: String| values.set(name, value);
    set("title", question.title.as_str().to_owned());
    set("text", question.text.as_str().to_owned());
    set("territory", question.territory.to_string());
    let eligibility = &question.eligibility;
    set("eligibility.territory", eligibility.territory.as_ref().map(ToString::to_string).unwrap_or_default());
    set("eligibility.minimum_age", eligibility.minimum_age.map(|age| age.to_string()).unwrap_or_default());
    set("eligibility.identified", eligibility.identified.to_string());
    set("opens", instant(question.opens));
    set("closes", instant(question.closes));
    set("ballot.kind", question.format.kind().as_str().to_owned());
    // What is meant by an empty field stays so, whatever options are added.
    let usual = format_of(question.format.kind(), None, question.options.len()) == question.format;
    let limit = question.format.limit().filter(|_| !usual);
    set("ballot.limit", limit.map(|limit| limit.to_string()).unwrap_or_default());
    set("rule", question.rule.name().to_owned());
    set("ties", question.ties.as_str().to_owned());
    set("seats", question.seats.to_string());
    set("budget", question.budget.to_string());
    set("threshold", question.threshold.to_string());
    set("revotes", question.revotes.to_string());
    set("lines", as_lines(&question.options));
    values
}
