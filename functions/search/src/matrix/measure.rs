//! The measures of the matrix, and the figures of a cell that they are taken from.

use search_index::CellCounts;

/// The figures of a cell, a row or a column.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct CellStats {
    pub(crate) now: CellCounts,
    /// The median of minutes from receipt to the latest answer; none without answers, or if it was not asked for.
    pub(crate) answer_minutes: Option<f64>,
    /// The count of the baseline; none if nothing is compared.
    pub(crate) before: Option<u64>,
}

/// The figure that the matrix shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Count,
    Open,
    Overdue,
    Reopened,
    Mark,
    AnswerTime,
    Growth,
}

impl Measure {
    pub(crate) const ALL: [Self; 7] =
        [Self::Count, Self::Open, Self::Overdue, Self::Reopened, Self::Mark, Self::AnswerTime, Self::Growth];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Reopened => "reopened",
            Self::Mark => "mark",
            Self::AnswerTime => "answer-time",
            Self::Growth => "growth",
        }
    }
}

impl CellStats {
    /// The mean mark, 1 to 5; none without marks.
    pub(crate) fn mean_mark(&self) -> Option<f64> {
        (self.now.marks > 0).then(|| to_f64(self.now.mark_sum) / to_f64(self.now.marks))
    }

    /// The median of days to an answer.
    pub(crate) fn answer_days(&self) -> Option<f64> {
        self.answer_minutes.map(|minutes| minutes / 1_440.0)
    }

    /// The count less that of the baseline; none if nothing is compared or both are zero.
    pub(crate) fn growth(&self) -> Option<i64> {
        let before = self.before.filter(|before| *before + self.now.count > 0)?;
        i64::try_from(self.now.count).ok()?.checked_sub_unsigned(before)
    }

    /// A measure as a number to compare cells by; none where there is nothing to show.
    pub(crate) fn measured(&self, measure: Measure) -> Option<f64> {
        let count = match measure {
            Measure::Count => self.now.count,
            Measure::Open => self.now.open,
            Measure::Overdue => self.now.overdue,
            Measure::Reopened => self.now.reopened,
            Measure::Mark => return self.mean_mark(),
            Measure::AnswerTime => return self.answer_days(),
            #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
            Measure::Growth => return self.growth().map(|more| more as f64),
        };
        (count > 0).then(|| to_f64(count))
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn to_f64(count: u64) -> f64 {
    count as f64
}
