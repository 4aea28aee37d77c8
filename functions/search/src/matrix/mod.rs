//! `GET /matrix`: what is systemically wrong, and where. Categories by territories.

mod cell;
mod compare;
mod grid;
mod page;

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::rulebook::Rulebook;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FieldError, Problem, Query};
use pages::Visit;
use search_index::Needs;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::matrix::compare::{Compare, Compared};
use crate::matrix::grid::{Counts, Grid, Head, Levels, Measure, Sum, answer_days, mark};
use crate::matrix::page::{export, show};
use crate::question::chosen::Chosen;
use crate::question::filter::{Given, Meant, Sight};
use crate::reader::Reader;
use pages::table::Format;

/// What to count, and how finely.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatrixQuery {
    /// As in the search; words are for analysts and staff, filters for everybody.
    q: Option<String>,
    /// Id or exact name; a group stands for all its topics.
    category: Option<String>,
    /// Id or exact name; stands for everything in it.
    territory: Option<String>,
    /// Id or exact name.
    organization: Option<String>,
    /// `report` or `appeal`.
    kind: Option<String>,
    /// `open`, or statuses with commas between.
    status: Option<String>,
    /// First day or instant of receipt.
    from: Option<String>,
    /// Last day of receipt, or the instant after the last.
    to: Option<String>,
    /// Levels of categories: 1 for groups, 2 for topics. 1 if left out, 2 if a category is chosen.
    rows: Option<usize>,
    /// Levels of territories below the chosen one, 0 to 10. 1 if left out. More than 25,000 cells are a problem of this
    /// field.
    columns: Option<usize>,
    /// What pages and files show: `count`, `open`, `overdue`, `reopened`, `mark`, `answer-time` or `growth`. For growth
    /// without `from` the last four weeks are looked at.
    measure: Option<String>,
    /// What a period is compared with: `before`, as many weeks right before it, or `year`, the same weeks a year before.
    /// `before` if left out.
    compare: Option<String>,
    /// Order of the rows: `total`, `name`, or the id of a column; by `measure`. The largest count if left out.
    sort: Option<String>,
    /// `csv` or `xlsx`: the table as a file.
    format: Option<String>,
}

/// A row or a column.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Line {
    id: String,
    name: String,
    parent: Option<String>,
    #[serde(flatten)]
    figures: MatrixFigures,
}

/// Submissions of one category in one territory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Cell {
    /// Id of the row.
    row: String,
    /// Id of the column.
    column: String,
    #[serde(flatten)]
    figures: MatrixFigures,
}

/// What is counted of some submissions.
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
    /// How many there were in the weeks that the period is compared with; null without a period.
    before: Option<u64>,
}

/// Categories by territories; only cells with something in them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Matrix {
    /// The largest first. The row `-` holds what has no category.
    rows: Vec<Line>,
    /// The largest first.
    columns: Vec<Line>,
    cells: Vec<Cell>,
    /// Of everything.
    total: MatrixFigures,
    /// Quarters, such as `2026q2`, of which submissions may be missing because the index is damaged and being restored;
    /// normally none.
    missing_quarters: Vec<String>,
}

/// Count submissions by category and territory.
#[utoipa::path(get, path = "/matrix", tag = "search", params(MatrixQuery),
    responses((status = 200, body = Matrix),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn matrix(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    caller: Caller,
    visit: Visit,
    Query(query): Query<MatrixQuery>,
) -> Result<Response, Failure> {
    let rulebook = app.store.rulebook().await?;
    let sight = Sight::of(&app, &caller).await?;
    let format = Format::of(query.format.as_deref())?;
    let everything = format.is_none() && !visit.page;
    let counted = count(&app, &reader, (&caller, &sight), &rulebook, &query, everything).await;
    if let Some(format) = format {
        return export(&visit.layout, &counted?).response(format).await;
    }
    if visit.page {
        return show(&app, visit.layout, &sight, &rulebook, counted).await;
    }
    Ok(Json(Matrix::from(counted?)).into_response())
}

/// The grid, and how the question was understood.
pub(crate) struct Counted {
    pub(crate) grid: Grid,
    pub(crate) chosen: Chosen,
    pub(crate) measure: Measure,
    /// The first days of the weeks that are compared, and their number; none if nothing is.
    pub(crate) compared: Option<Compared>,
    pub(crate) missing: Vec<String>,
}

/// Counts what the measure needs, or everything.
async fn count(
    app: &App,
    reader: &Reader,
    (caller, sight): (&Caller, &Sight),
    rulebook: &Arc<Rulebook>,
    query: &MatrixQuery,
    everything: bool,
) -> Result<Counted, Failure> {
    let measure = query.measure()?;
    let compare = query.compare()?;
    let mut meant = query.given().meant(app, rulebook).await?;
    // Counts are public; counts of a word are not.
    if !meant.query.words.is_empty() {
        sight.clone().of_texts(caller)?.confine(&mut meant.query.filter);
    }
    let levels = query.levels(&meant, rulebook)?;
    let chosen = Chosen::of(&meant);
    let now = app.clock.now();
    let filter = &mut meant.query.filter;
    if measure == Measure::Growth
        && let (None, end) = compare::period(filter)
    {
        let end = end.map_or(now, |end| end.min(now));
        filter.received_from = compare::four_weeks_before(end, &meant.zone);
    }
    let compared = (everything || measure == Measure::Growth)
        .then(|| Compared::of(filter, compare, now, &meant.zone))
        .flatten();
    let earlier = compared.as_ref().map(|compared| compared.question(&meant.query));
    // Of millions that takes a while, and everybody may ask.
    let answer_times = measure == Measure::AnswerTime;
    let trees = rulebook.clone();
    let needs = Needs::of(&meant.query.words);
    let (counts, missing) = reader
        .ask(app, needs, move |index| {
            let row = |category: Option<&str>| Some(levels.row(category, &trees));
            let column = |territory: &str| Some(levels.column(territory, &trees));
            let grid = |query| index.grid(query, row, column, now);
            let answer_times = answer_times.then(|| index.answer_times(&meant.query, row, column));
            let counts = Counts {
                now: grid(&meant.query)?,
                answer_times: answer_times.transpose()?,
                before: earlier.as_ref().map(grid).transpose()?,
            };
            Ok((counts, index.missing()))
        })
        .await?;
    let mut grid = sendable(Grid::of(&counts, levels, rulebook))?;
    if let Some(by) = query.sort.as_deref().or((measure == Measure::Growth).then_some("total")) {
        grid.sort(by, measure);
    }
    Ok(Counted { grid, chosen, measure, compared, missing })
}

/// Cells at most: with up to 220 bytes each an answer stays below the 6 MB that Lambda sends, and nobody reads more.
const CELL_LIMIT: usize = 25_000;

/// The grid, unless it is too large to be sent.
fn sendable(grid: Grid) -> Result<Grid, Failure> {
    let cells = grid.cells.len();
    if cells <= CELL_LIMIT {
        return Ok(grid);
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

impl From<Counted> for Matrix {
    fn from(counted: Counted) -> Self {
        let line = |head: Head| Line {
            id: head.id,
            name: head.name,
            parent: head.parent,
            figures: MatrixFigures::from(head.sum),
        };
        let cell = |((row, column), sum): ((String, String), Sum)| Cell {
            row,
            column,
            figures: MatrixFigures::from(sum),
        };
        let Grid { rows, columns, cells, total } = counted.grid;
        Self {
            rows: rows.into_iter().map(line).collect(),
            columns: columns.into_iter().map(line).collect(),
            cells: cells.into_iter().map(cell).collect(),
            total: MatrixFigures::from(total),
            missing_quarters: counted.missing,
        }
    }
}

impl From<Sum> for MatrixFigures {
    fn from(sum: Sum) -> Self {
        let search_index::Cell { count, open, overdue, reopened, marks, .. } = sum.now;
        let (mark, answer_days) = (mark(&sum), answer_days(&sum));
        Self { count, open, overdue, reopened, mark, marks, answer_days, before: sum.before }
    }
}

impl MatrixQuery {
    fn given(&self) -> Given<'_> {
        Given {
            q: self.q.as_deref(),
            category: self.category.as_deref(),
            territory: self.territory.as_deref(),
            organization: self.organization.as_deref(),
            kind: self.kind.as_deref(),
            direct: None,
            only: None,
            status: self.status.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
        }
    }

    fn measure(&self) -> Result<Measure, Failure> {
        let wanted = self.measure.as_deref().unwrap_or("count");
        let found = Measure::ALL.into_iter().find(|measure| measure.as_str() == wanted);
        found.ok_or_else(|| {
            Failure::field("measure", format!("give one of {}", Measure::ALL.map(Measure::as_str).join(", ")))
        })
    }

    fn compare(&self) -> Result<Compare, Failure> {
        match self.compare.as_deref() {
            None | Some("before") => Ok(Compare::Before),
            Some("year") => Ok(Compare::Year),
            Some(_) => Err(Failure::field("compare", "give `before` or `year`")),
        }
    }

    fn levels(&self, meant: &Meant, rulebook: &Rulebook) -> Result<Levels, Failure> {
        let rows = self.rows.unwrap_or(if meant.category.is_some() { 2 } else { 1 });
        if !(1..=2).contains(&rows) {
            return Err(Failure::field("rows", "must be 1 (groups) or 2 (topics)"));
        }
        let columns = self.columns.unwrap_or(1);
        if columns > 10 {
            return Err(Failure::field("columns", "must be from 0 to 10"));
        }
        Ok(Levels { rows: rows - 1, columns: rulebook.territories.depth(&meant.territory.id) + columns })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(cells: usize) -> Grid {
        let cells = (0..cells).map(|n| (("pothole".to_owned(), n.to_string()), Sum::default()));
        Grid { rows: Vec::new(), columns: Vec::new(), cells: cells.collect(), total: Sum::default() }
    }

    #[test]
    fn a_matrix_that_cannot_be_sent_is_refused() {
        assert!(sendable(grid(CELL_LIMIT)).is_ok());
        let Err(Failure::Invalid(wrong)) = sendable(grid(CELL_LIMIT + 1)) else {
            panic!("25,001 are too many")
        };
        assert_eq!((wrong[0].field.as_str(), wrong[0].code.as_str()), ("columns", "matrix-too-large"));
        assert!(wrong[0].message.contains("25001 cells"), "{}", wrong[0].message);
    }

    #[test]
    fn the_largest_matrix_fits_into_an_answer_of_lambda() {
        // As large as ids and figures are in a country of 9.5 million messages.
        let now = search_index::Cell {
            count: 999_999,
            open: 99_999,
            overdue: 99_999,
            reopened: 9_999,
            marks: 99_999,
            mark_sum: 333_331,
        };
        let cell = Cell {
            row: "category-of-24-characters".to_owned(),
            column: "territory-of-24-character".to_owned(),
            figures: MatrixFigures::from(Sum { now, answer_minutes: Some(123_456.7), before: Some(999_999) }),
        };
        let bytes = serde_json::to_string(&cell).expect("plain data").len();
        assert!(bytes * CELL_LIMIT < 6_000_000, "{bytes} bytes each");
    }
}
