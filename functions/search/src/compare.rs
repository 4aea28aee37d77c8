//! A period beside the same weeks before it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use search_index::{Filter, Query};

/// With what a period is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    /// As many weeks right before it.
    Before,
    /// The same weeks a year before: 52 weeks, so that days of the week meet.
    Year,
}

/// Two periods of the same length that begin on the same day of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compared {
    /// First and last day of the period.
    pub(crate) now: (Date, Date),
    /// Of the one before.
    pub(crate) before: (Date, Date),
    received_from: Timestamp,
    received_before: Timestamp,
}

/// Where the last four weeks begin: at midnight, 28 days before the end of this day.
pub(crate) fn four_weeks_before(at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    // An end is the first instant after it.
    let last =
        at.as_nanosecond().checked_sub(1).and_then(|before| Timestamp::from_nanosecond(before).ok())?;
    let day = last.to_zoned(zone.clone()).date().checked_sub(Span::new().days(27)).ok()?;
    Some(day.to_zoned(zone.clone()).ok()?.timestamp())
}

impl Compared {
    /// Of the period of a filter, which ends `now` if it has no end; none without a beginning.
    pub(crate) fn of(filter: &Filter, compare: Compare, now: Timestamp, zone: &TimeZone) -> Option<Self> {
        let (from, end) = (filter.received_from?, filter.received_before.unwrap_or(now));
        let seconds = end.as_second().checked_sub(from.as_second()).filter(|seconds| *seconds > 0)?;
        // Whole weeks, so that both have as many Mondays.
        let own = (seconds + WEEK - 1) / WEEK;
        let weeks = match compare {
            Compare::Before => own,
            Compare::Year => own.max(52),
        };
        let shifted = |at: Timestamp| {
            let at = at.to_zoned(zone.clone()).checked_sub(Span::new().try_weeks(weeks).ok()?).ok()?;
            Some(at.timestamp())
        };
        let (received_from, received_before) = (shifted(from)?, shifted(end)?);
        let days = |from: Timestamp, end: Timestamp| {
            let last = Timestamp::from_second(end.as_second().saturating_sub(1)).ok()?;
            Some((from.to_zoned(zone.clone()).date(), last.to_zoned(zone.clone()).date()))
        };
        let (now, before) = (days(from, end)?, days(received_from, received_before)?);
        Some(Self { now, before, received_from, received_before })
    }

    /// The same question of the period before.
    pub(crate) fn question(&self, query: &Query) -> Query {
        let filter = Filter {
            received_from: Some(self.received_from),
            received_before: Some(self.received_before),
            ..query.filter.clone()
        };
        Query { filter, ..query.clone() }
    }
}

const WEEK: i64 = 7 * 86_400;

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(from: &str, to: Option<&str>, compare: Compare) -> Option<[String; 4]> {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let midnight = |day: &str| day.parse::<Date>().unwrap().to_zoned(zone.clone()).unwrap().timestamp();
        let filter = Filter {
            received_from: Some(midnight(from)),
            received_before: to.map(midnight),
            ..Filter::default()
        };
        let now = "2026-06-30T09:00:00Z".parse().unwrap();
        let Compared { now, before, .. } = Compared::of(&filter, compare, now, &zone)?;
        Some([now.0, now.1, before.0, before.1].map(|day| day.to_string()))
    }

    #[test]
    fn weeks_are_compared_with_the_same_weeks() {
        let june = |compare| compared("2026-06-01", Some("2026-06-29"), compare).unwrap();
        assert_eq!(june(Compare::Before), ["2026-06-01", "2026-06-28", "2026-05-04", "2026-05-31"]);
        assert_eq!(june(Compare::Year), ["2026-06-01", "2026-06-28", "2025-06-02", "2025-06-29"]);
        // Half a week is compared with the same half of the week before, and what has no end ends now.
        let tail = compared("2026-06-29", None, Compare::Before).unwrap();
        assert_eq!(tail, ["2026-06-29", "2026-06-30", "2026-06-22", "2026-06-23"]);
        let long = compared("2024-06-29", Some("2026-06-27"), Compare::Year).unwrap();
        assert_eq!(long[2..], ["2022-07-02", "2024-06-28"], "two years do not meet themselves");
        assert_eq!(compared("2026-06-29", Some("2026-06-29"), Compare::Before), None, "nothing");
    }

    #[test]
    fn the_last_four_weeks_are_whole_days() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        for at in ["2026-06-30T09:00:00Z", "2026-06-30T21:00:00Z"] {
            let from = four_weeks_before(at.parse().unwrap(), &zone).unwrap();
            assert_eq!(from.to_string(), "2026-06-02T21:00:00Z", "{at}");
        }
    }
}
