//! `GET /matrix`: what is systemically wrong, and where. Categories by territories.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::rulebook::Rulebook;
use domain::{CategoryId, TerritoryId};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Problem, Query};
use pages::Visit;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::filter::{Given, Meant, Sight};
use crate::grid::{Grid, Head, Levels, Measure, Sum, mark};
use crate::matrix_page::{export, show};
use crate::reader::Reader;
use crate::table::Format;

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
    /// Levels of territories below the chosen one, 0 to 10. 1 if left out.
    columns: Option<usize>,
    /// What pages and files show: `count`, `open`, `overdue`, `reopened` or `mark`.
    measure: Option<String>,
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
    count: u64,
}

/// Submissions of one category in one territory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Cell {
    /// Id of the row.
    row: String,
    /// Id of the column.
    column: String,
    count: u64,
    /// Not answered yet.
    open: u64,
    /// Open, and the deadline has passed.
    overdue: u64,
    /// Sent back to work by their authors at least once.
    reopened: u64,
    /// Mean mark of the answers, 1 to 5; null if nobody gave one.
    mark: Option<f64>,
}

/// Categories by territories; only cells with something in them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Matrix {
    /// The largest first. The row `-` holds what has no category.
    rows: Vec<Line>,
    /// The largest first.
    columns: Vec<Line>,
    cells: Vec<Cell>,
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
    let counted = count(&app, &reader, (&caller, &sight), &rulebook, &query).await;
    if let Some(format) = Format::of(query.format.as_deref())? {
        return export(&visit.layout, &counted?).response(format).await;
    }
    if visit.page {
        return show(visit.layout, &sight, &rulebook, counted);
    }
    Ok(Json(Matrix::from(counted?.grid)).into_response())
}

/// The grid, and how the question was understood.
pub(crate) struct Counted {
    pub(crate) grid: Grid,
    pub(crate) category: Option<CategoryId>,
    pub(crate) territory: TerritoryId,
    pub(crate) measure: Measure,
}

async fn count(
    app: &App,
    reader: &Reader,
    (caller, sight): (&Caller, &Sight),
    rulebook: &Arc<Rulebook>,
    query: &MatrixQuery,
) -> Result<Counted, Failure> {
    let measure = query.measure()?;
    let mut meant = query.given().meant(app, rulebook).await?;
    // Counts are public; counts of a word are not.
    if !meant.query.words.is_empty() {
        sight.clone().of_texts(caller)?.confine(&mut meant.query.filter);
    }
    let levels = query.levels(&meant, rulebook)?;
    let (category, territory) = (meant.category.clone(), meant.territory.id.clone());
    let now = app.clock.now();
    let trees = rulebook.clone();
    let counted = reader
        .ask(app, move |index| {
            let row = |category: Option<&str>| Some(levels.row(category, &trees));
            let column = |territory: &str| Some(levels.column(territory, &trees));
            index.grid(&meant.query, row, column, now)
        })
        .await?;
    let mut grid = Grid::of(&counted, levels, rulebook);
    if let Some(by) = &query.sort {
        grid.sort(by, measure);
    }
    Ok(Counted { grid, category, territory, measure })
}

impl From<Grid> for Matrix {
    fn from(grid: Grid) -> Self {
        let line =
            |head: Head| Line { id: head.id, name: head.name, parent: head.parent, count: head.sum.count };
        let cell = |((row, column), sum): ((String, String), Sum)| {
            let Sum { count, open, overdue, reopened, .. } = sum;
            Cell { row, column, count, open, overdue, reopened, mark: mark(&sum) }
        };
        Self {
            rows: grid.rows.into_iter().map(line).collect(),
            columns: grid.columns.into_iter().map(line).collect(),
            cells: grid.cells.into_iter().map(cell).collect(),
        }
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
            status: self.status.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
        }
    }

    fn measure(&self) -> Result<Measure, Failure> {
        let wanted = self.measure.as_deref().unwrap_or("count");
        let found = Measure::ALL.into_iter().find(|measure| measure.as_str() == wanted);
        found
            .ok_or_else(|| Failure::field("measure", "give `count`, `open`, `overdue`, `reopened` or `mark`"))
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
