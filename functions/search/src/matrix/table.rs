//! The matrix as a table for a file.

use pages::Layout;
use pages::table::{Table, Value};

use super::answer::MatrixAnswer;
use super::heat_map::name;
use super::measure::{CellStats, Measure};
use crate::missing;

/// The whole table. Each mean mark has the number of marks beside it.
pub(crate) fn table(l: &Layout, answer: &MatrixAnswer) -> Table {
    let MatrixAnswer { table, measure, .. } = answer;
    let values = |stats: Option<&CellStats>| {
        let stats = stats.copied().unwrap_or_default();
        let marks = (*measure == Measure::Mark).then_some(Value::Count(stats.now.marks));
        [value(&stats, *measure)].into_iter().chain(marks)
    };
    let named = |name: String| {
        let marks = (*measure == Measure::Mark).then(|| l.with("matrix-marks-of", "name", &name));
        [name].into_iter().chain(marks)
    };
    let total = l.t("matrix-total");
    let columns = table.columns.iter().map(|column| name(l, column)).chain([total.clone()]);
    let heading = [l.t("search-category")].into_iter().chain(columns.flat_map(named));
    let row = |name: String, cells: Vec<Option<&CellStats>>| -> Vec<Value> {
        [Value::Text(name)].into_iter().chain(cells.into_iter().flat_map(values)).collect()
    };
    let rows = table.rows.iter().map(|of| {
        let cells = table.columns.iter().map(|column| table.cell(of, column));
        row(name(l, of), cells.chain([Some(&of.stats)]).collect())
    });
    let last = table.columns.iter().map(|column| Some(&column.stats)).chain([Some(&table.total)]);
    let rows = rows.chain([row(total.clone(), last.collect())]).collect();
    Table { name: "matrix", heading: heading.collect(), rows }
        .with_note(missing::note(l, &answer.missing_quarters))
}

/// The value of a cell in a file.
fn value(stats: &CellStats, measure: Measure) -> Value {
    let number = |number: Option<f64>| number.map_or(Value::Nothing, Value::Number);
    match measure {
        Measure::Count => Value::Count(stats.now.count),
        Measure::Open => Value::Count(stats.now.open),
        Measure::Overdue => Value::Count(stats.now.overdue),
        Measure::Reopened => Value::Count(stats.now.reopened),
        Measure::Mark => number(stats.mean_mark()),
        Measure::AnswerTime => number(stats.answer_days()),
        Measure::Growth => stats.growth().map_or(Value::Nothing, Value::Difference),
    }
}
