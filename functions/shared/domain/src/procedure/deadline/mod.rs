//! Deadlines that explain themselves: by which date, by which rule, and why.
//!
//! A term starts on a local date and counts from the day after it; it ends with the end of its last day in the
//! territory's time zone. Lengths, units and what happens at weekends are data (the directory's deadline rules).
//! For appeals the demo data follows Federal Law 59-FZ of 2 May 2006, articles 8 and 12 (3 days, 7 days, 30 days,
//! extension by at most 30); nothing here is official.

#[cfg(test)]
mod tests;

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::calendar::Calendar;
use crate::ids::{CategoryId, DeadlineRuleId};
use crate::submission::kind::SubmissionKind;
use crate::variants::named_variants;

/// What must have happened by the end of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, VariantArray, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum TermKind {
    /// An appeal has its number. Counts from receipt.
    Registration,
    /// An appeal that belongs elsewhere has been forwarded. Counts from registration.
    Redirect,
    /// The answer is published. Counts from receipt (report), registration (appeal) or reopening.
    Answer,
    /// The author has rated the answer; then the submission is closed. Counts from the answer.
    Rating,
}

named_variants!(TermKind);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, VariantArray, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Unit {
    CalendarDays,
    /// Working days of the territory's calendar.
    WorkingDays,
}

named_variants!(Unit);

/// What to do when the last day is a day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, VariantArray, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Roll {
    /// Nothing: it ends on that day.
    #[default]
    Keep,
    /// It ends on the working day before.
    Previous,
    /// It ends on the working day after.
    Next,
}

named_variants!(Roll);

/// One rule of the directory: how long a term is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// Its id, named in every explanation.
    pub id: DeadlineRuleId,
    pub kind: SubmissionKind,
    /// The category and all below it; none means every category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    pub clock: TermKind,
    /// Days, 1 to 365.
    pub days: u16,
    pub unit: Unit,
    /// A last day that is off.
    #[serde(default)]
    pub roll: Roll,
    /// Days by which the term may be extended, once; 0: not at all.
    #[serde(default)]
    pub extension: u16,
    /// Whether the clock may be paused.
    #[serde(default)]
    pub pausable: bool,
    /// Calendar days before the end when a reminder is due.
    #[serde(default)]
    pub remind_before: u16,
    /// Calendar days of being overdue after which the organization above is told; none: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate_after: Option<u16>,
}

/// A time in which the clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    pub from: Timestamp,
    /// When it ended; none while it lasts.
    pub to: Option<Timestamp>,
}

/// Where and when days are counted: the calendar and the time zone of a territory.
#[derive(Debug, Clone)]
pub struct LocalDays<'c> {
    pub calendar: &'c Calendar,
    /// Midnights.
    pub zone: TimeZone,
}

/// A day that did not count, or on which the term could not end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedDay {
    pub date: Date,
    #[serde(rename = "why")]
    pub reason: SkipReason,
}

/// Why a day did not count. In JSON it is the holiday's name, or `pause`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum SkipReason {
    Pause,
    /// A day off with a name of its own.
    Holiday(String),
}

/// How `SkipReason::Pause` is written.
const PAUSE: &str = "pause";

impl From<String> for SkipReason {
    fn from(text: String) -> Self {
        if text == PAUSE { Self::Pause } else { Self::Holiday(text) }
    }
}

impl From<SkipReason> for String {
    fn from(reason: SkipReason) -> Self {
        match reason {
            SkipReason::Pause => PAUSE.into(),
            SkipReason::Holiday(name) => name,
        }
    }
}

impl SkippedDay {
    /// The holiday's name; none if the term was paused.
    pub fn holiday(&self) -> Option<&str> {
        match &self.reason {
            SkipReason::Pause => None,
            SkipReason::Holiday(name) => Some(name),
        }
    }
}

/// Whether a day counts towards a term.
enum DayCount {
    Counted,
    /// A plain Saturday or Sunday, which explanations do not list.
    Weekend,
    Skipped(SkipReason),
}

/// A term with its end, and everything needed to explain it or count it anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The last day, in the territory's time zone.
    pub date: Date,
    /// The first instant after it: from then on it is overdue.
    pub ends: Timestamp,
    /// The rule that set it, as it was then.
    pub rule: DeadlineRule,
    /// Version of the directory that held the rule.
    pub directory_version: u64,
    /// When the term began.
    pub start: Timestamp,
    /// The local date of `start`: day zero.
    pub start_date: Date,
    /// Days added by an extension.
    #[serde(default)]
    pub extended_by: u16,
    /// Holidays and paused days that did not count. Weekends are not listed.
    #[serde(default)]
    pub skipped: Vec<SkippedDay>,
    /// The day on which it would have ended, had that not been a day off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Date>,
}

impl Deadline {
    /// Counts a term from `start`.
    pub fn count(
        rule: &DeadlineRule,
        directory_version: u64,
        start: Timestamp,
        days: &LocalDays<'_>,
    ) -> Self {
        let deadline = Self {
            date: Date::MAX,
            ends: Timestamp::MAX,
            rule: rule.clone(),
            directory_version,
            start,
            start_date: start.to_zoned(days.zone.clone()).date(),
            extended_by: 0,
            skipped: Vec::new(),
            moved_from: None,
        };
        deadline.recount(&[], days)
    }

    /// The same term with these pauses. A pause that lasts still counts as ending where it began.
    #[must_use]
    pub fn recount(mut self, pauses: &[Pause], days: &LocalDays<'_>) -> Self {
        self.skipped.clear();
        let mut left = u32::from(self.rule.days) + u32::from(self.extended_by);
        let mut day = self.start_date;
        // Bounded: calendars name finitely many days off, and pauses are finite.
        while left > 0 && day < Date::MAX {
            day = next(day);
            match self.day_count(day, pauses, days) {
                DayCount::Counted => left -= 1,
                DayCount::Weekend => {}
                DayCount::Skipped(reason) => self.skipped.push(SkippedDay { date: day, reason }),
            }
        }
        let mut last = rolled(day, self.rule.roll, days.calendar);
        self.moved_from = (last != day).then_some(day);
        for pause in pauses {
            last = self.pushed_on(day, last, pause, days);
        }
        self.date = last;
        self.ends = midnight_after(last, &days.zone);
        self
    }

    /// The same term, longer by `by` days.
    #[must_use]
    pub fn extended(mut self, by: u16, pauses: &[Pause], days: &LocalDays<'_>) -> Self {
        self.extended_by = by;
        self.recount(pauses, days)
    }

    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.ends
    }

    pub fn reminder(&self) -> Timestamp {
        hours_from(self.ends, -24 * i64::from(self.rule.remind_before))
    }

    /// When to tell the organization above, if ever.
    pub fn escalation(&self) -> Option<Timestamp> {
        self.rule.escalate_after.map(|days| hours_from(self.ends, 24 * i64::from(days)))
    }

    /// A pause that begins on the last day, or between it and the day it was moved to, pushes the end on.
    fn pushed_on(&mut self, counted: Date, last: Date, pause: &Pause, days: &LocalDays<'_>) -> Date {
        let (from, to) = local_dates(pause, &days.zone);
        if from < counted || from > last || to <= from {
            return last;
        }
        let (mut end, mut day) = (last, from);
        while day < to {
            day = next(day);
            end = next(end);
            self.skipped.push(SkippedDay { date: day, reason: SkipReason::Pause });
        }
        let keeps = self.rule.unit == Unit::CalendarDays && self.rule.roll == Roll::Keep;
        if keeps { end } else { rolled(end, Roll::Next, days.calendar) }
    }

    fn day_count(&self, day: Date, pauses: &[Pause], days: &LocalDays<'_>) -> DayCount {
        if pauses.iter().any(|pause| covers(pause, day, &days.zone)) {
            return DayCount::Skipped(SkipReason::Pause);
        }
        if self.rule.unit == Unit::CalendarDays || days.calendar.is_working(day) {
            return DayCount::Counted;
        }
        match days.calendar.holiday(day) {
            Some(name) => DayCount::Skipped(SkipReason::Holiday(name.to_owned())),
            None => DayCount::Weekend,
        }
    }
}

impl fmt::Display for Deadline {
    /// One sentence for the author and the clerk.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.rule.clock {
            TermKind::Registration => "To be registered",
            TermKind::Redirect => "May be forwarded",
            TermKind::Answer => "To be answered",
            TermKind::Rating => "May be rated",
        };
        let unit = match self.rule.unit {
            Unit::CalendarDays => "calendar",
            Unit::WorkingDays => "working",
        };
        let Self { date, start_date, .. } = self;
        write!(f, "{what} by the end of {date}: {} {unit} days counted from {start_date}", self.rule.days)?;
        if self.extended_by > 0 {
            write!(f, ", extended by {} days", self.extended_by)?;
        }
        let paused = self.skipped.iter().filter(|day| day.reason == SkipReason::Pause).count();
        if paused > 0 {
            write!(f, ", not counting {paused} paused days")?;
        }
        for day in &self.skipped {
            if let Some(holiday) = day.holiday() {
                write!(f, ", not counting {} ({holiday})", day.date)?;
            }
        }
        if let Some(from) = self.moved_from {
            write!(f, ", moved from {from}, a day off")?;
        }
        write!(f, " (rule {}, directory version {}).", self.rule.id, self.directory_version)
    }
}

/// A pause stops the days after its first up to and including its last: as many days as the two dates are apart.
fn covers(pause: &Pause, day: Date, zone: &TimeZone) -> bool {
    let (from, to) = local_dates(pause, zone);
    from < day && day <= to
}

/// The days on which a pause began and ended; while it lasts, it ends where it began.
fn local_dates(pause: &Pause, zone: &TimeZone) -> (Date, Date) {
    let from = pause.from.to_zoned(zone.clone()).date();
    (from, pause.to.map_or(from, |to| to.to_zoned(zone.clone()).date()))
}

fn rolled(mut day: Date, roll: Roll, calendar: &Calendar) -> Date {
    let step = match roll {
        Roll::Keep => return day,
        Roll::Previous => previous,
        Roll::Next => next,
    };
    while !calendar.is_working(day) && Date::MIN < day && day < Date::MAX {
        day = step(day);
    }
    day
}

fn next(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

fn previous(day: Date) -> Date {
    day.yesterday().unwrap_or(Date::MIN)
}

fn midnight_after(day: Date, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_zoned(next(day).at(0, 0, 0, 0))
        .compatible()
        .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

fn hours_from(instant: Timestamp, hours: i64) -> Timestamp {
    let limit = if hours < 0 { Timestamp::MIN } else { Timestamp::MAX };
    instant.checked_add(Span::new().hours(hours)).unwrap_or(limit)
}
