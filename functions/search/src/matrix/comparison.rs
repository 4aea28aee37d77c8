//! The comparison of a period with a baseline: the same weeks before it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use search_index::{Filter, Query};

/// The period that a period is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Baseline {
    /// As many weeks right before the period.
    Before,
    /// The same weeks a year before: 52 weeks, so that days of the week meet.
    Year,
}

impl Baseline {
    pub(crate) const ALL: [Self; 2] = [Self::Before, Self::Year];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::Year => "year",
        }
    }
}

/// Two periods of the same length that begin on the same day of the week.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    /// The first and the last day of the period.
    pub(crate) now: (Date, Date),
    /// The first and the last day of the baseline.
    pub(crate) before: (Date, Date),
    /// The end of the period.
    end: Timestamp,
    shift: Shift,
}

/// The beginning of the last four weeks: midnight, 28 days before the end of the day.
pub(crate) fn four_weeks_before(at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    // An end is the first instant after a period.
    let last =
        at.as_nanosecond().checked_sub(1).and_then(|before| Timestamp::from_nanosecond(before).ok())?;
    let day = last.to_zoned(zone.clone()).date().checked_sub(Span::new().days(27)).ok()?;
    Some(day.to_zoned(zone.clone()).ok()?.timestamp())
}

/// The period of receipt that a filter allows, from its own bounds and from those of the typed line.
pub(crate) fn period(filter: &Filter) -> (Option<Timestamp>, Option<Timestamp>) {
    let own = (filter.received_from, filter.received_before);
    filter.also.iter().map(period).fold(own, |(from, before), other| {
        let before = [before, other.1].into_iter().flatten().min();
        (from.max(other.0), before)
    })
}

impl Comparison {
    /// The period of a filter up to now, and its baseline; none for a period without a beginning.
    pub(crate) fn of(filter: &Filter, baseline: Baseline, now: Timestamp, zone: &TimeZone) -> Option<Self> {
        let (from, before) = period(filter);
        // Days to come have no counts yet: they are left out on both sides.
        let (from, end) = (from?, before.map_or(now, |before| before.min(now)));
        let seconds = end.as_second().checked_sub(from.as_second()).filter(|seconds| *seconds > 0)?;
        // A shift by whole weeks: both periods have as many Mondays.
        let own = (seconds + WEEK - 1) / WEEK;
        let weeks = match baseline {
            Baseline::Before => own,
            Baseline::Year => own.max(52),
        };
        let weeks = Span::new().try_weeks(weeks).ok()?;
        let shift = Shift { weeks, zone: zone.clone() };
        let days = |from: Timestamp, end: Timestamp| {
            let last = Timestamp::from_second(end.as_second().saturating_sub(1)).ok()?;
            Some((from.to_zoned(zone.clone()).date(), last.to_zoned(zone.clone()).date()))
        };
        let (now, before) = (days(from, end)?, days(shift.time(from)?, shift.time(end)?)?);
        Some(Self { now, before, end, shift })
    }

    /// The same query for the baseline.
    pub(crate) fn baseline_query(&self, query: &Query) -> Query {
        let mut filter = query.filter.clone();
        filter.received_before = Some(filter.received_before.map_or(self.end, |before| before.min(self.end)));
        self.shift.filter(&mut filter);
        Query { filter, ..query.clone() }
    }
}

/// A shift by weeks that keeps the time of the day.
#[derive(Debug, Clone)]
struct Shift {
    weeks: Span,
    zone: TimeZone,
}

impl Shift {
    fn time(&self, at: Timestamp) -> Option<Timestamp> {
        Some(at.to_zoned(self.zone.clone()).checked_sub(self.weeks).ok()?.timestamp())
    }

    fn filter(&self, filter: &mut Filter) {
        for bound in [&mut filter.received_from, &mut filter.received_before] {
            *bound = bound.map(|at| self.time(at).unwrap_or(Timestamp::MIN));
        }
        filter.also.iter_mut().chain(&mut filter.except).for_each(|other| self.filter(other));
    }
}

const WEEK: i64 = 7 * 86_400;

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(from: &str, to: Option<&str>, baseline: Baseline) -> Option<[String; 4]> {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let midnight = |day: &str| day.parse::<Date>().unwrap().to_zoned(zone.clone()).unwrap().timestamp();
        let filter = Filter {
            received_from: Some(midnight(from)),
            received_before: to.map(midnight),
            ..Filter::default()
        };
        let now = "2026-06-30T09:00:00Z".parse().unwrap();
        let Comparison { now, before, .. } = Comparison::of(&filter, baseline, now, &zone)?;
        Some([now.0, now.1, before.0, before.1].map(|day| day.to_string()))
    }

    #[test]
    fn weeks_are_compared_with_the_same_weeks() {
        let june = |baseline| compared("2026-06-01", Some("2026-06-29"), baseline).unwrap();
        assert_eq!(june(Baseline::Before), ["2026-06-01", "2026-06-28", "2026-05-04", "2026-05-31"]);
        assert_eq!(june(Baseline::Year), ["2026-06-01", "2026-06-28", "2025-06-02", "2025-06-29"]);
        // Half a week is compared with the same half of the week before, and what has no end ends now.
        let tail = compared("2026-06-29", None, Baseline::Before).unwrap();
        assert_eq!(tail, ["2026-06-29", "2026-06-30", "2026-06-22", "2026-06-23"]);
        let long = compared("2024-06-29", Some("2026-06-27"), Baseline::Year).unwrap();
        assert_eq!(long[2..], ["2022-07-02", "2024-06-28"], "two years do not meet themselves");
        assert_eq!(compared("2026-06-29", Some("2026-06-29"), Baseline::Before), None, "nothing");
        let unfinished = compared("2026-06-22", Some("2026-07-06"), Baseline::Before).unwrap();
        assert_eq!(unfinished, ["2026-06-22", "2026-06-30", "2026-06-08", "2026-06-16"], "what is to come");
    }

    #[test]
    fn a_period_of_the_line_is_one_too() {
        let day = |day: &str| format!("{day}T00:00:00Z").parse::<Timestamp>().unwrap();
        let bounded = |from: &str, before: &str| Filter {
            received_from: Some(day(from)),
            received_before: Some(day(before)),
            ..Filter::default()
        };
        let typed =
            Filter { also: vec![bounded("2026-06-01", "2026-06-08")], ..bounded("2026-05-20", "2026-07-01") };
        assert_eq!(period(&typed), (Some(day("2026-06-01")), Some(day("2026-06-08"))));
        let compared = Comparison::of(&typed, Baseline::Before, day("2026-07-02"), &TimeZone::UTC).unwrap();
        let before = compared.baseline_query(&Query { filter: typed, ..Query::default() }).filter;
        assert_eq!(before.also, [bounded("2026-05-25", "2026-06-01")]);
        assert_eq!(period(&before), (Some(day("2026-05-25")), Some(day("2026-06-01"))));
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
