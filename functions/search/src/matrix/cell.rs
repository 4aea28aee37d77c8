//! A cell of the heat map: its text and its shade.

use pages::prelude::*;

use super::cross_tab::CrossTab;
use super::measure::{CellStats, Measure};

/// The text of a cell.
pub(crate) fn text(l: &Layout, stats: &CellStats, measure: Measure) -> String {
    match measure {
        Measure::Count => l.integer(stats.now.count),
        Measure::Open => l.integer(stats.now.open),
        Measure::Overdue => l.integer(stats.now.overdue),
        Measure::Reopened => l.integer(stats.now.reopened),
        Measure::Mark => stats
            .mean_mark()
            .map(|mark| format!("{} ({})", l.decimal(&mark), l.integer(stats.now.marks)))
            .unwrap_or_default(),
        Measure::AnswerTime => stats.answer_days().map(|days| l.decimal(&days)).unwrap_or_default(),
        Measure::Growth => stats.growth().map(|more| grown(l, stats, more)).unwrap_or_default(),
    }
}

/// The least count of the baseline for which a share of growth is shown.
const SHARE_MINIMUM: u64 = 10;

/// The difference to the baseline, and its share of the baseline.
fn grown(l: &Layout, stats: &CellStats, more: i64) -> String {
    let sign = match more {
        0 => "",
        1.. => "+",
        _ => "\u{2212}",
    };
    let number = format!("{sign}{}", l.integer(more.unsigned_abs()));
    let Some(before) = stats.before.filter(|before| *before >= SHARE_MINIMUM) else { return number };
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    let share = more.unsigned_abs() as f64 / before as f64;
    format!("{number} ({sign}{})", l.percent(&share))
}

/// The highest value of all cells.
pub(crate) fn highest(table: &CrossTab, measure: Measure) -> f64 {
    table.cells.values().filter_map(|stats| stats.measured(measure)).fold(0.0, f64::max)
}

/// The shade of a cell, 0 to 6. It follows the logarithm of a count, since a few cells have most of it. A low mark is dark, and a
/// decline has no shade.
pub(crate) fn heat(stats: &CellStats, measure: Measure, highest: f64) -> usize {
    let Some(value) = stats.measured(measure).filter(|value| *value > 0.0) else { return 0 };
    let share = match measure {
        Measure::Mark => (5.0 - value) / 4.0,
        Measure::Count
        | Measure::Open
        | Measure::Overdue
        | Measure::Reopened
        | Measure::AnswerTime
        | Measure::Growth => value.ln_1p() / highest.max(1.0).ln_1p(),
    };
    let step = (share * 6.0).ceil().clamp(1.0, 6.0);
    (1..=6).find(|class| f64::from(*class) >= step).map_or(6, |class: u8| usize::from(class))
}

#[cfg(test)]
mod tests {
    use search_index::CellCounts;

    use super::*;
    use crate::fixture::layout;

    fn stats() -> CellStats {
        let now = CellCounts { count: 12_345, open: 7, overdue: 2, reopened: 1, marks: 4, mark_sum: 14 };
        CellStats { now, answer_minutes: Some(3_600.0), before: Some(10_000) }
    }

    #[test]
    fn each_measure_has_its_text() {
        let l = layout("/matrix");
        let plain = |text: String| text.replace(['\u{a0}', '\u{202f}'], " ");
        for (measure, wanted) in [
            (Measure::Count, "12 345"),
            (Measure::Open, "7"),
            (Measure::Overdue, "2"),
            (Measure::Reopened, "1"),
            (Measure::Mark, "3,5 (4)"),
            (Measure::AnswerTime, "2,5"),
        ] {
            assert_eq!(plain(text(&l, &stats(), measure)), wanted, "{measure:?}");
        }
        let growth = |count, before| {
            let now = CellCounts { count, ..CellCounts::default() };
            plain(text(&l, &CellStats { now, answer_minutes: None, before }, Measure::Growth))
        };
        assert_eq!(growth(15, Some(10)), format!("+5 (+{})", plain(l.percent(&0.5))));
        assert_eq!(growth(5, Some(10)), format!("\u{2212}5 (\u{2212}{})", plain(l.percent(&0.5))));
        assert_eq!(growth(10, Some(10)), format!("0 ({})", plain(l.percent(&0.0))));
        assert_eq!(growth(15, Some(9)), "+6", "a share of a few says nothing");
        assert_eq!((growth(15, None), growth(0, Some(0))), (String::new(), String::new()));
        for measure in [Measure::Mark, Measure::AnswerTime, Measure::Growth] {
            assert_eq!(text(&l, &CellStats::default(), measure), "", "{measure:?} of nothing");
        }
    }

    #[test]
    fn a_cell_is_the_darker_the_worse() {
        let count =
            |count| CellStats { now: CellCounts { count, ..CellCounts::default() }, ..CellStats::default() };
        let shade = |n| heat(&count(n), Measure::Count, 1_000.0);
        assert_eq!([0, 1, 10, 100, 1_000].map(shade), [0, 1, 3, 5, 6]);
        let mark = |mark_sum| {
            let now = CellCounts { count: 2, marks: 2, mark_sum, ..CellCounts::default() };
            heat(&CellStats { now, ..CellStats::default() }, Measure::Mark, 5.0)
        };
        assert_eq!([2, 6, 10].map(mark), [6, 3, 1]);
        let declined = CellStats { before: Some(9), ..count(1) };
        assert_eq!(heat(&declined, Measure::Growth, 8.0), 0);
    }
}
