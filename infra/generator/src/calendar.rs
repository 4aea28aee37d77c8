//! Three years that end at a fixed date: when people write, by season, weekday and hour.

use fastrand::Rng;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday, date};

use super::random::{Weighted, real};

/// Days of the history.
pub(super) const DAYS: usize = 1_096;
/// The first of them.
const FIRST: Date = date(2023, 7, 1);
/// Days before the history that are spoken of.
const BEFORE: usize = 64;
/// Everybody lives by the clock of UTC+3: which hour it is elsewhere changes no benchmark.
const OFFSET: i64 = 3 * HOUR;
/// Seconds.
pub(super) const HOUR: i64 = 3_600;
/// Seconds.
pub(super) const DAY: i64 = 24 * HOUR;

/// When a topic is on people's minds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Season {
    Even,
    Winter,
    Spring,
    Summer,
    Autumn,
    Heating,
    School,
    Ice,
    Fire,
}

impl Season {
    const ALL: [Self; 9] = [
        Self::Even,
        Self::Winter,
        Self::Spring,
        Self::Summer,
        Self::Autumn,
        Self::Heating,
        Self::School,
        Self::Ice,
        Self::Fire,
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "even" => Self::Even,
            "winter" => Self::Winter,
            "spring" => Self::Spring,
            "summer" => Self::Summer,
            "autumn" => Self::Autumn,
            "heating" => Self::Heating,
            "school" => Self::School,
            "ice" => Self::Ice,
            "fire" => Self::Fire,
            _ => return None,
        })
    }

    /// Weights of the months, January first.
    const fn months(self) -> [f64; 12] {
        match self {
            Self::Even => [1.0; 12],
            Self::Winter => [6.0, 5.0, 2.5, 0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3, 2.0, 5.0],
            Self::Spring => [0.6, 0.8, 3.0, 4.0, 2.0, 1.0, 0.8, 0.8, 0.8, 1.0, 0.9, 0.6],
            Self::Summer => [0.3, 0.3, 0.5, 1.0, 2.5, 3.5, 3.5, 3.0, 1.5, 0.6, 0.3, 0.3],
            Self::Autumn => [1.2, 0.9, 0.7, 0.5, 0.4, 0.3, 0.4, 0.8, 1.8, 2.5, 2.5, 2.0],
            Self::Heating => [2.5, 1.8, 0.8, 0.5, 0.2, 0.1, 0.1, 0.2, 2.5, 6.0, 3.5, 2.5],
            Self::School => [1.0, 1.0, 1.0, 1.0, 0.8, 0.2, 0.2, 0.8, 3.0, 1.8, 1.2, 1.0],
            Self::Ice => [3.0, 4.0, 5.0, 1.0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 1.0, 2.5],
            Self::Fire => [0.1, 0.1, 1.5, 8.0, 5.0, 1.0, 1.0, 1.5, 1.2, 0.8, 0.2, 0.1],
        }
    }
}

/// The days of the history and how often people write on each.
#[derive(Debug)]
pub(super) struct Calendar {
    /// From some days before the history to its end.
    dates: Vec<Date>,
    seasons: Vec<Weighted>,
    hours: Weighted,
    start: i64,
}

impl Calendar {
    pub(super) fn new() -> Self {
        let first = FIRST.saturating_sub(jiff::Span::new().days(i64::try_from(BEFORE).unwrap_or_default()));
        let dates: Vec<Date> = first.series(jiff::Span::new().days(1)).take(BEFORE + DAYS).collect();
        let seasons = Season::ALL.map(|season| {
            let weights: Vec<f64> =
                dates[BEFORE..].iter().enumerate().map(|(at, date)| weight(season, at, *date)).collect();
            Weighted::new(&weights)
        });
        let hours = [1.0, 0.5, 0.3, 0.2, 0.2, 0.5, 1.5, 3.5, 6.0, 8.0, 9.0, 8.5]
            .into_iter()
            .chain([7.5, 7.5, 7.5, 7.0, 6.5, 6.0, 6.5, 6.5, 6.0, 5.0, 3.5, 2.0]);
        let hours: Vec<f64> = hours.collect();
        let start = (FIRST - date(1970, 1, 1)).get_days();
        Self {
            dates,
            seasons: seasons.into(),
            hours: Weighted::new(&hours),
            start: i64::from(start) * DAY - OFFSET,
        }
    }

    /// A day for a topic of the season.
    pub(super) fn day(&self, season: Season, rng: &mut Rng) -> usize {
        self.seasons[season as usize].draw(rng)
    }

    /// The share of a season's messages that comes in these days.
    pub(super) fn share(&self, season: Season, days: std::ops::Range<usize>) -> f64 {
        let weights = &self.seasons[season as usize];
        days.filter(|day| *day < DAYS).map(|day| weights.share(day)).sum()
    }

    /// A moment of the day, in microseconds since 1970.
    pub(super) fn moment(&self, day: usize, rng: &mut Rng) -> i64 {
        let hour = self.hours.draw(rng);
        let seconds = self.at(day) + i64::try_from(hour).unwrap_or_default() * HOUR + rng.i64(0..HOUR);
        seconds * 1_000_000 + rng.i64(0..1_000_000)
    }

    /// The beginning of the day, in seconds since 1970.
    pub(super) fn at(&self, day: usize) -> i64 {
        self.start + i64::try_from(day).unwrap_or_default() * DAY
    }

    /// The moment at which the history ends, in seconds since 1970: nothing is later.
    pub(super) fn end(&self) -> i64 {
        self.at(DAYS)
    }

    /// The day as people call it, so many days before a day of the history.
    pub(super) fn date(&self, day: usize, before: usize) -> Date {
        self.dates[(day + BEFORE).saturating_sub(before).min(self.dates.len() - 1)]
    }

    /// The midnight that ends a term of so many days.
    pub(super) fn term(&self, from: i64, days: i64) -> i64 {
        let passed = (from - self.start).div_euclid(DAY);
        self.start + (passed + days + 1) * DAY
    }
}

/// Seconds since 1970 as a moment.
pub(super) fn timestamp(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Twice as many messages at the end as at the beginning; few on Sundays and in the first days of January.
fn weight(season: Season, at: usize, date: Date) -> f64 {
    let growth = 1.0 + real(at) / real(DAYS);
    let weekday = match date.weekday() {
        Weekday::Monday => 1.15,
        Weekday::Tuesday => 1.10,
        Weekday::Wednesday => 1.05,
        Weekday::Thursday => 1.0,
        Weekday::Friday => 0.95,
        Weekday::Saturday => 0.6,
        Weekday::Sunday => 0.5,
    };
    let holidays = if date.month() == 1 && date.day() < 9 { 0.6 } else { 1.0 };
    let month = usize::try_from(date.month() - 1).unwrap_or_default();
    growth * weekday * holidays * season.months()[month]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::generator;

    #[test]
    fn the_history_ends_where_it_says() {
        let calendar = Calendar::new();
        assert_eq!(calendar.dates.last(), Some(&date(2026, 6, 30)));
        assert_eq!(timestamp(calendar.end()).to_string(), "2026-06-30T21:00:00Z");
        let mut rng = generator(1, 1, 1);
        let last = calendar.moment(DAYS - 1, &mut rng);
        assert!(last < calendar.end() * 1_000_000);
        assert_eq!(timestamp(calendar.term(calendar.at(0) + 5, 10)).to_string(), "2023-07-11T21:00:00Z");
    }

    #[test]
    fn snow_falls_in_winter_and_messages_grow() {
        let calendar = Calendar::new();
        let (summer, winter) = (0..62, 184..245);
        assert!(calendar.share(Season::Winter, winter) > 20.0 * calendar.share(Season::Winter, summer));
        let (first, last) = (calendar.share(Season::Even, 0..365), calendar.share(Season::Even, 731..1096));
        assert!((1.4..1.7).contains(&(last / first)), "{}", last / first);
    }
}
