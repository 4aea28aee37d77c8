//! The JSON of a matrix.

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::MatrixAnswer;
use super::cross_tab::{AxisEntry, CrossTab};
use super::measure::CellStats;

/// A row or a column.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Line)]
pub(crate) struct MatrixLine {
    id: String,
    /// Null for the row of submissions without category.
    name: Option<String>,
    parent: Option<String>,
    #[serde(flatten)]
    figures: MatrixFigures,
}

/// Submissions of one category in one territory.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cell)]
pub(crate) struct MatrixCell {
    /// Id of the row.
    row: String,
    /// Id of the column.
    column: String,
    #[serde(flatten)]
    figures: MatrixFigures,
}

/// The figures of some submissions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatrixFigures {
    count: u64,
    /// Not answered yet.
    open: u64,
    /// Open, and the deadline has passed.
    overdue: u64,
    /// Sent back to work by their authors at least once.
    reopened: u64,
    /// Mean mark of the answers, 1 to 5; null if nobody gave one.
    mark: Option<f64>,
    /// Marks given.
    marks: u64,
    /// Median days from receipt to the latest answer; null without answers, and unless `measure` is `answer-time`.
    answer_days: Option<f64>,
    /// The count of the weeks that the period is compared with; null without a period.
    before: Option<u64>,
}

/// Categories by territories; empty cells are left out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Matrix)]
pub(crate) struct SystemicProblemMatrix {
    /// The largest first. The row `-` holds submissions without category.
    rows: Vec<MatrixLine>,
    /// The largest first.
    columns: Vec<MatrixLine>,
    cells: Vec<MatrixCell>,
    /// Of everything.
    total: MatrixFigures,
    /// Quarters, such as `2026q2`, of which submissions may be missing because the index is damaged and being restored;
    /// normally none.
    missing_quarters: Vec<String>,
}

impl From<MatrixAnswer> for SystemicProblemMatrix {
    fn from(answer: MatrixAnswer) -> Self {
        let line = |entry: AxisEntry| MatrixLine {
            id: entry.id,
            name: entry.name,
            parent: entry.parent,
            figures: MatrixFigures::from(entry.stats),
        };
        let cell = |((row, column), stats): ((String, String), CellStats)| MatrixCell {
            row,
            column,
            figures: MatrixFigures::from(stats),
        };
        let CrossTab { rows, columns, cells, total } = answer.table;
        Self {
            rows: rows.into_iter().map(line).collect(),
            columns: columns.into_iter().map(line).collect(),
            cells: cells.into_iter().map(cell).collect(),
            total: MatrixFigures::from(total),
            missing_quarters: answer.missing_quarters,
        }
    }
}

impl From<CellStats> for MatrixFigures {
    fn from(stats: CellStats) -> Self {
        let search_index::CellCounts { count, open, overdue, reopened, marks, .. } = stats.now;
        let (mark, answer_days) = (stats.mean_mark(), stats.answer_days());
        Self { count, open, overdue, reopened, mark, marks, answer_days, before: stats.before }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::answer::CELL_LIMIT;
    use crate::matrix::measure::Measure;
    use crate::question::selected::SelectedFilters;

    #[test]
    fn the_largest_matrix_fits_into_an_answer_of_lambda() {
        // As large as ids and figures are in a country of 9.5 million messages.
        let now = search_index::CellCounts {
            count: 999_999,
            open: 99_999,
            overdue: 99_999,
            reopened: 9_999,
            marks: 99_999,
            mark_sum: 333_331,
        };
        let cell = MatrixCell {
            row: "category-of-24-characters".to_owned(),
            column: "territory-of-24-character".to_owned(),
            figures: MatrixFigures::from(CellStats {
                now,
                answer_minutes: Some(123_456.7),
                before: Some(999_999),
            }),
        };
        let bytes = serde_json::to_string(&cell).expect("plain data").len();
        assert!(bytes * CELL_LIMIT < 6_000_000, "{bytes} bytes each");
    }

    #[test]
    fn the_row_without_category_has_an_id_and_no_name() {
        let entry = |id: &str, name: Option<&str>| AxisEntry {
            id: id.into(),
            name: name.map(str::to_owned),
            parent: None,
            direct: false,
            has_below: false,
            stats: CellStats::default(),
        };
        let now = search_index::CellCounts {
            count: 3,
            marks: 2,
            mark_sum: 9,
            ..search_index::CellCounts::default()
        };
        let stats = CellStats { now, answer_minutes: Some(720.0), before: Some(1) };
        let table = CrossTab {
            rows: vec![entry("-", None)],
            columns: vec![entry("town", Some("Заозёрск"))],
            cells: [(("-".to_owned(), "town".to_owned()), stats)].into(),
            total: stats,
        };
        let selected =
            SelectedFilters { category: None, territory: "town".parse().unwrap(), organization: None };
        let answer = MatrixAnswer {
            table,
            selected,
            measure: Measure::Count,
            compared: None,
            missing_quarters: vec!["2026q2".into()],
        };
        let json = serde_json::to_value(SystemicProblemMatrix::from(answer)).unwrap();
        assert_eq!(
            (&json["rows"][0]["id"], &json["rows"][0]["name"]),
            (&"-".into(), &serde_json::Value::Null)
        );
        assert_eq!(json["columns"][0]["name"], "Заозёрск");
        let figures = serde_json::json!({
            "row": "-", "column": "town", "count": 3, "open": 0, "overdue": 0, "reopened": 0, "mark": 4.5, "marks": 2,
            "answer_days": 0.5, "before": 1
        });
        assert_eq!(json["cells"][0], figures);
        assert_eq!(json["missing_quarters"][0], "2026q2");
    }
}
