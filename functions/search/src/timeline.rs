//! Days, weeks, months, years: where a stretch of time is cut for counting.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use pages::Layout;
use serde::Serialize;
use utoipa::ToSchema;

/// How long a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    Day,
    Week,
    Month,
    Year,
}

/// Submissions received in one piece of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Received {
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    pub(crate) from: Date,
    pub(crate) count: u64,
}

/// When the hits were received, without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Timeline {
    /// The length of each piece.
    pub(crate) step: Step,
    pub(crate) counts: Vec<Received>,
}

/// Consecutive pieces of time: their first days, and where they begin; the last instant only ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pieces {
    pub(crate) step: Step,
    pub(crate) days: Vec<Date>,
    pub(crate) edges: Vec<Timestamp>,
}

impl Step {
    /// The name in texts.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Under 60 days by day, up to two years by week, up to ten by month.
    fn for_days(days: i32) -> Self {
        match days {
            ..60 => Self::Day,
            60..=731 => Self::Week,
            732..=3_660 => Self::Month,
            _ => Self::Year,
        }
    }

    /// The first day of the piece that a day is in.
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

impl Pieces {
    /// From the day of the first instant to that of the last.
    pub(crate) fn between(first: Timestamp, last: Timestamp, zone: &TimeZone) -> Self {
        let (from, to) = (first.to_zoned(zone.clone()).date(), last.to_zoned(zone.clone()).date());
        let step = Step::for_days((to - from).get_days());
        Self::of_days(step, step.first(from), to, zone)
    }

    /// Weeks from a day to a day, both included; the first is shorter if `from` is no Monday.
    pub(crate) fn weeks(from: Date, to: Date, zone: &TimeZone) -> Self {
        Self::of_days(Step::Week, from, to, zone)
    }

    fn of_days(step: Step, from: Date, to: Date, zone: &TimeZone) -> Self {
        let (mut days, mut day) = (Vec::new(), from);
        while day <= to {
            days.push(day);
            let Ok(next) = step.first(day).checked_add(step.span()) else { break };
            day = next;
        }
        // A week of a given period ends with the period; any other piece is whole.
        let end = if step == Step::Week && from != step.first(from) { day.min(after(to)) } else { day };
        let edges = days.iter().copied().chain([end]).map(|day| midnight(day, zone)).collect();
        Self { step, days, edges }
    }

    /// With what was counted in each.
    pub(crate) fn counted(self, counts: Vec<u64>) -> Timeline {
        let counts = self.days.into_iter().zip(counts).map(|(from, count)| Received { from, count });
        Timeline { step: self.step, counts: counts.collect() }
    }
}

/// The day after.
pub(crate) fn after(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

fn midnight(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

/// Short names for pieces; with the year where there are several.
pub(crate) fn labels(l: &Layout, step: Step, days: &[Date]) -> Vec<String> {
    let years = days.first().map(|day| day.year()) != days.last().map(|day| day.year());
    let label = |day: &Date| match step {
        Step::Year => day.year().to_string(),
        Step::Month => format!("{:02}.{}", day.month(), day.year()),
        _ if years => l.with2("short-date-with-year", "date", l.short_date(day), "year", day.year() % 100),
        _ => l.short_date(day),
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
        let days = Pieces::between(at("2026-11-01T21:00:00Z"), at("2026-11-04T00:00:00Z"), &zone);
        assert_eq!((days.step, days.days.len(), days.days[0]), (Step::Day, 3, date(2026, 11, 2)));
        assert_eq!(days.edges[0], at("2026-11-01T20:00:00Z"));
        assert_eq!(days.edges[3], at("2026-11-04T20:00:00Z"));
        let weeks = Pieces::between(at("2026-01-01T00:00:00Z"), at("2026-11-04T00:00:00Z"), &zone);
        assert_eq!((weeks.step, weeks.days[0], weeks.days.len()), (Step::Week, date(2025, 12, 29), 45));
        let months = Pieces::between(at("2023-05-20T00:00:00Z"), at("2026-11-04T00:00:00Z"), &zone);
        assert_eq!((months.step, months.days[0], months.days.len()), (Step::Month, date(2023, 5, 1), 43));
        let years = Pieces::between(at("1970-01-01T00:00:00Z"), at("2026-11-04T00:00:00Z"), &zone);
        assert_eq!((years.step, years.days.len()), (Step::Year, 57));
    }

    #[test]
    fn weeks_of_a_period_begin_and_end_with_it() {
        let weeks = Pieces::weeks(date(2026, 11, 4), date(2026, 11, 17), &TimeZone::UTC);
        assert_eq!(weeks.days, [date(2026, 11, 4), date(2026, 11, 9), date(2026, 11, 16)]);
        assert_eq!(weeks.edges[3], "2026-11-18T00:00:00Z".parse().unwrap());
    }
}
