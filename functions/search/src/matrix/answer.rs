//! The answer of a matrix, as JSON, page and file show it.

use entrypoint::http::{Failure, FieldError};

use super::comparison::Comparison;
use super::cross_tab::CrossTab;
use super::measure::Measure;
use crate::question::selected::SelectedFilters;

pub(crate) struct MatrixAnswer {
    pub(crate) table: CrossTab,
    pub(crate) selected: SelectedFilters,
    pub(crate) measure: Measure,
    /// None if nothing is compared.
    pub(crate) compared: Option<Comparison>,
    pub(crate) missing_quarters: Vec<String>,
}

/// The largest number of cells. With up to 220 bytes each an answer stays below the 6 MB that Lambda sends.
pub(crate) const CELL_LIMIT: usize = 25_000;

/// Refuses a table that is too large to be sent.
pub(crate) fn sendable(table: CrossTab) -> Result<CrossTab, Failure> {
    let cells = table.cells.len();
    if cells <= CELL_LIMIT {
        return Ok(table);
    }
    let message = format!(
        "these are {cells} cells, and at most {CELL_LIMIT} are sent; give fewer `columns` or `rows`, or choose a \
         territory, a category or another filter"
    );
    let refused = FieldError::coded("columns", "matrix-too-large", message);
    Err(Failure::Invalid(vec![
        refused.with("cells", cells.to_string()).with("limit", CELL_LIMIT.to_string()),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::measure::CellStats;

    fn table(cells: usize) -> CrossTab {
        let cells = (0..cells).map(|n| (("pothole".to_owned(), n.to_string()), CellStats::default()));
        CrossTab {
            rows: Vec::new(),
            columns: Vec::new(),
            cells: cells.collect(),
            total: CellStats::default(),
        }
    }

    #[test]
    fn a_matrix_that_cannot_be_sent_is_refused() {
        assert!(sendable(table(CELL_LIMIT)).is_ok());
        let Err(Failure::Invalid(wrong)) = sendable(table(CELL_LIMIT + 1)) else {
            panic!("25,001 are too many")
        };
        assert_eq!((wrong[0].field.as_str(), wrong[0].code.as_str()), ("columns", "matrix-too-large"));
        assert!(wrong[0].message.contains("25001 cells"), "{}", wrong[0].message);
    }
}
