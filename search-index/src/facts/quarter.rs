//! Quarters of a year. A submission lies in the shard of the quarter in which it was received, and never moves. A question about a
//! period opens no other shard.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A quarter of a year in UTC, counted from year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Quarter(i32);

impl Quarter {
    /// The quarter of this instant.
    pub(crate) fn of(at: Timestamp) -> Self {
        let date = at.to_zoned(TimeZone::UTC).date();
        Self(i32::from(date.year()) * 4 + i32::from((date.month() - 1) / 3))
    }

    /// Its first instant, in seconds of the Unix epoch.
    pub(crate) fn begins(self) -> i64 {
        self.first_day()
            .and_then(|day| day.to_zoned(TimeZone::UTC).ok())
            .map_or(i64::MIN, |at| at.timestamp().as_second())
    }

    /// The first instant after it.
    pub(crate) fn ends(self) -> i64 {
        Self(self.0 + 1).begins()
    }

    fn first_day(self) -> Option<Date> {
        let month = i8::try_from(self.0.rem_euclid(4) * 3 + 1).ok()?;
        Date::new(i16::try_from(self.0.div_euclid(4)).ok()?, month, 1).ok()
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}q{}", self.0.div_euclid(4), self.0.rem_euclid(4) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_lies_in_its_quarter() {
        for (at, name) in [
            ("2026-01-01T00:00:00Z", "2026q1"),
            ("2026-03-31T23:59:59.999Z", "2026q1"),
            ("2026-04-01T00:00:00Z", "2026q2"),
            ("2025-12-31T23:59:59Z", "2025q4"),
        ] {
            let at: Timestamp = at.parse().expect("a time");
            let quarter = Quarter::of(at);
            assert_eq!(quarter.to_string(), name);
            assert!((quarter.begins()..quarter.ends()).contains(&at.as_second()));
        }
    }
}
