//! How a cell of the matrix is written: in the page, in a file, and how dark.

use pages::prelude::*;

use crate::matrix::grid::{Grid, Measure, Sum, answer_days, growth, mark, measured};
use pages::table::Value;

/// What the page says of a cell.
pub(crate) fn text(l: &Layout, sum: &Sum, measure: Measure) -> String {
    match measure {
        Measure::Count => l.integer(sum.now.count),
        Measure::Open => l.integer(sum.now.open),
        Measure::Overdue => l.integer(sum.now.overdue),
        Measure::Reopened => l.integer(sum.now.reopened),
        Measure::Mark => mark(sum)
            .map(|mark| format!("{} ({})", l.decimal(&mark), l.integer(sum.now.marks)))
            .unwrap_or_default(),
        Measure::AnswerTime => answer_days(sum).map(|days| l.decimal(&days)).unwrap_or_default(),
        Measure::Growth => growth(sum).map(|more| grown(l, sum, more)).unwrap_or_default(),
    }
}

/// What a file to take away says of a cell.
pub(crate) fn value(sum: &Sum, measure: Measure) -> Value {
    let number = |number: Option<f64>| number.map_or(Value::Nothing, Value::Number);
    match measure {
        Measure::Count => Value::Count(sum.now.count),
        Measure::Open => Value::Count(sum.now.open),
        Measure::Overdue => Value::Count(sum.now.overdue),
        Measure::Reopened => Value::Count(sum.now.reopened),
        Measure::Mark => number(mark(sum)),
        Measure::AnswerTime => number(answer_days(sum)),
        Measure::Growth => growth(sum).map_or(Value::Nothing, Value::Difference),
    }
}

/// From how many a share of growth says something.
const SHARE_FROM: u64 = 10;

/// How many more or less, and what share that is of what there was.
fn grown(l: &Layout, sum: &Sum, more: i64) -> String {
    let sign = match more {
        0 => "",
        1.. => "+",
        _ => "\u{2212}",
    };
    let number = format!("{sign}{}", l.integer(more.unsigned_abs()));
    let Some(before) = sum.before.filter(|before| *before >= SHARE_FROM) else { return number };
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    let share = more.unsigned_abs() as f64 / before as f64;
    format!("{number} ({sign}{})", l.percent(&share))
}

/// The highest of all cells.
pub(crate) fn highest(grid: &Grid, measure: Measure) -> f64 {
    grid.cells.values().filter_map(|sum| measured(sum, measure)).fold(0.0, f64::max)
}

/// How dark a cell is: by the logarithm of a count, since a few cells have most of it; marks the darker the lower; what became
/// less is not dark at all.
pub(crate) fn heat(sum: &Sum, measure: Measure, highest: f64) -> usize {
    let Some(value) = measured(sum, measure).filter(|value| *value > 0.0) else { return 0 };
    let share = match measure {
        Measure::Mark => (5.0 - value) / 4.0,
        _ => value.ln_1p() / highest.max(1.0).ln_1p(),
    };
    let step = (share * 6.0).ceil().clamp(1.0, 6.0);
    (1..=6).find(|class| f64::from(*class) >= step).map_or(6, |class: u8| usize::from(class))
}
