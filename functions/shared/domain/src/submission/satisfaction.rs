//! Satisfaction: the author's rating of an answer, and the figures that ratings add up to for an organization.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::reason::Reason;

/// A mark from 1 (bad) to 5 (good).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Mark(u8);

/// The mark is not from 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to 5")]
pub struct InvalidMark;

impl TryFrom<u8> for Mark {
    type Error = InvalidMark;

    fn try_from(value: u8) -> Result<Self, InvalidMark> {
        if (1..=5).contains(&value) { Ok(Self(value)) } else { Err(InvalidMark) }
    }
}

impl From<Mark> for u8 {
    fn from(mark: Mark) -> Self {
        mark.0
    }
}

impl Reason for InvalidMark {
    fn code(&self) -> &'static str {
        "no-mark"
    }
}

/// What the author thinks of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SatisfactionRating {
    pub mark: Mark,
    /// Whether the problem is solved.
    pub solved: bool,
    /// When it was given.
    pub at: Timestamp,
}

impl SatisfactionRating {
    /// Whether it sends the submission back to work: marks 1 and 2, or "not solved".
    pub const fn is_low(&self) -> bool {
        self.mark.0 <= 2 || !self.solved
    }
}

/// Ratings of an organization's answers, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Satisfaction {
    pub answers: u64,
    pub ratings: u64,
    /// Answers rated 4 or 5.
    pub satisfied: u64,
    /// Answers whose authors say that the problem is solved.
    pub solved: u64,
    /// The sum of the marks.
    pub mark_sum: u64,
}

impl Satisfaction {
    /// One more published answer.
    pub const fn answered() -> Self {
        Self { answers: 1, ratings: 0, satisfied: 0, solved: 0, mark_sum: 0 }
    }

    pub fn rated(rating: &SatisfactionRating) -> Self {
        Self {
            answers: 0,
            ratings: 1,
            satisfied: u64::from(rating.mark.0 >= 4),
            solved: u64::from(rating.solved),
            mark_sum: u64::from(rating.mark.0),
        }
    }

    /// Ratings per answer, 0 to 1; `None` without answers.
    pub fn response_rate(&self) -> Option<f64> {
        ratio(self.ratings, self.answers)
    }

    /// The mean mark; `None` without ratings.
    pub fn mean_mark(&self) -> Option<f64> {
        ratio(self.mark_sum, self.ratings)
    }

    /// The share of satisfied authors (marks 4 and 5) among those who rated, with its 95 % interval.
    pub fn satisfied_share(&self) -> Option<Share> {
        Share::wilson(self.satisfied, self.ratings)
    }
}

/// A share with the interval in which the true one lies with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// The share observed, 0 to 1.
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

impl Share {
    /// The Wilson score interval at 95 % (E. B. Wilson, 1927, JASA 22: 209-212): honest for few ratings, where the
    /// usual "plus or minus" is not. `None` without trials.
    pub fn wilson(successes: u64, trials: u64) -> Option<Self> {
        const Z: f64 = 1.959_963_984_540_054;
        let share = ratio(successes, trials)?;
        let n = to_f64(trials);
        let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        let centre = share + Z * Z / (2.0 * n);
        let scale = 1.0 + Z * Z / n;
        Some(Self {
            share,
            low: ((centre - spread) / scale).max(0.0),
            high: ((centre + spread) / scale).min(1.0),
        })
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| to_f64(part) / to_f64(whole))
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
const fn to_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rating(mark: u8, solved: bool) -> SatisfactionRating {
        SatisfactionRating { mark: Mark::try_from(mark).unwrap(), solved, at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn marks_are_one_to_five() {
        assert_eq!(Mark::try_from(0), Err(InvalidMark));
        assert_eq!(Mark::try_from(6), Err(InvalidMark));
    }

    #[test]
    fn low_is_one_or_two_or_not_solved() {
        assert!(rating(2, true).is_low());
        assert!(rating(5, false).is_low());
        assert!(!rating(3, true).is_low());
    }

    #[test]
    fn wilson_matches_published_figures() {
        // 8 of 10: 0.4902 to 0.9433 (R: prop.test(8, 10, correct = FALSE)).
        let share = Share::wilson(8, 10).unwrap();
        assert!((share.low - 0.4902).abs() < 5e-5 && (share.high - 0.9433).abs() < 5e-5, "{share:?}");
        let all = Share::wilson(3, 3).unwrap();
        assert!((all.low - 0.4385).abs() < 5e-5 && (all.high - 1.0).abs() < 1e-12, "{all:?}");
        assert_eq!(Share::wilson(0, 0), None);
    }
}
