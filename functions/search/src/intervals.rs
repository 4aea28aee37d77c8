//! Calendar intervals: a period is cut into days, weeks, months or years, and submissions are counted in each.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use pages::Layout;
use serde::Serialize;
use utoipa::ToSchema;

/// The length of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Step)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Granularity {
    Day,
    Week,
    Month,
    Year,
}

/// Submissions received in one interval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Received {
    /// The first day of the interval.
    #[schema(value_type = String, format = Date)]
    pub(crate) from: Date,
    pub(crate) count: u64,
}

/// The hits by interval of receipt, without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Timeline {
    /// The length of each interval.
    pub(crate) step: Granularity,
    pub(crate) counts: Vec<Received>,
}

/// Consecutive intervals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Intervals {
    pub(crate) step: Granularity,
    /// The first day of each interval.
    pub(crate) days: Vec<Date>,
    /// The first instant of each interval, then the end of the last one.
    pub(crate) edges: Vec<Timestamp>,
}

impl Granularity {
    pub(crate) const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Under 60 days by day, up to two years by week, up to ten years by month.
    fn for_days(days: i32) -> Self {
        match days {
            ..60 => Self::Day,
            60..=731 => Self::Week,
            732..=3_660 => Self::Month,
            _ => Self::Year,
        }
    }

    /// The first day of the interval around a day.
    fn first(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => {
                let since = i64::from(day.weekday().since(Weekday::Monday));
                day.checked_sub(Span::new().days(since)).unwrap_or(day)
            }
            Self::Month => day.first_of_month(),
            Self::Year => day.first_of_year(),
        }
    }

    fn span(self) -> Span {
        match self {
            Self::Day => Span::new().days(1),
            Self::Week => Span::new().weeks(1),
            Self::Month => Span::new().months(1),
            Self::Year => Span::new().years(1),
        }
    }
}

impl Intervals {
    /// Whole intervals around two instants and everything between them.
    pub(crate) fn between(first: Timestamp, last: Timestamp, zone: &TimeZone) -> Self {
        let (from, to) = (first.to_zoned(zone.clone()).date(), last.to_zoned(zone.clone()).date());
        let step = Granularity::for_days((to - from).get_days());
        Self::of_days(step, step.first(from), to, zone)
    }

    /// Weeks from a day to a day, both included. The first week is shorter if `from` is no Monday.
    pub(crate) fn weeks(from: Date, to: Date, zone: &TimeZone) -> Self {
        Self::of_days(Granularity::Week, from, to, zone)
    }

    fn of_days(step: Granularity, from: Date, to: Date, zone: &TimeZone) -> Self {
        let (mut days, mut day) = (Vec::new(), from);
        while day <= to {
            days.push(day);
            let Ok(next) = step.first(day).checked_add(step.span()) else { break };
            day = next;
        }
        // A week of a given period ends with the period; any other interval is whole.
        let end =
            if step == Granularity::Week && from != step.first(from) { day.min(after(to)) } else { day };
        let edges = days.iter().copied().chain([end]).map(|day| midnight(day, zone)).collect();
        Self { step, days, edges }
    }

    /// With the count of each interval.
    pub(crate) fn counted(self, counts: Vec<u64>) -> Timeline {
        let counts = self.days.into_iter().zip(counts).map(|(from, count)| Received { from, count });
        Timeline { step: self.step, counts: counts.collect() }
    }
}

fn after(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

fn midnight(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

/// A short name for each interval, with the year if there are several years.
pub(crate) fn labels(l: &Layout, granularity: Granularity, days: &[Date]) -> Vec<String> {
    let years = days.first().map(|day| day.year()) != days.last().map(|day| day.year());
    let label = |day: &Date| match granularity {
        Granularity::Year => day.year().to_string(),
        Granularity::Month => format!("{:02}.{}", day.month(), day.year()),
        Granularity::Day | Granularity::Week if years => {
            l.with2("short-date-with-year", "date", l.short_date(day), "year", day.year() % 100)
        }
        Granularity::Day | Granularity::Week => l.short_date(day),
    };
    days.iter().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_step_follows_the_span_and_nothing_is_left_out() {
        let zone = TimeZone::get("Europe/Samara").unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // 21:00 UTC is already the next day in Samara.
        let days = Intervals::between(at("2026-11-01T21:00:00Z"), at("2026-11-04T00:00:00Z"), &zone);
        assert_eq!((days.step, days.days.len(), days.days[0]), (Granularity::Day, 3, date(2026, 11, 2)));
        assert_eq!(days.edges[0], at("2026-11-01T20:00:00Z"));
        assert_eq!(days.edges[3], at("2026-11-04T20:00:00Z"));
        let weeks = Intervals::between(at("2026-01-01T00:00:00Z"), at("2026-11-04T00:00:00Z"), &zone);
        assert_eq!(
            (weeks.step, weeks.days[0], weeks.days.len()),
            (Granularity::Week, date(2025, 12, 29), 45)
        );
        let months = Intervals::between(at("2023-05-20T00:00:00Z"), at("2026-11-04T00:00:00Z"), &zone);
        assert_eq!(
            (months.step, months.days[0], months.days.len()),
            (Granularity::Month, date(2023, 5, 1), 43)
        );
        let years = Intervals::between(at("1970-01-01T00:00:00Z"), at("2026-11-04T00:00:00Z"), &zone);
        assert_eq!((years.step, years.days.len()), (Granularity::Year, 57));
    }

    #[test]
    fn weeks_of_a_period_begin_and_end_with_it() {
        let weeks = Intervals::weeks(date(2026, 11, 4), date(2026, 11, 17), &TimeZone::UTC);
        assert_eq!(weeks.days, [date(2026, 11, 4), date(2026, 11, 9), date(2026, 11, 16)]);
        assert_eq!(weeks.edges[3], "2026-11-18T00:00:00Z".parse().unwrap());
    }
}
