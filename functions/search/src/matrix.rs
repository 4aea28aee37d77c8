//! `GET /matrix`: what is systemically wrong, and where. Categories by territories.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::{Extension, Json};
use domain::rulebook::Rulebook;
use domain::tree::{Node, Tree};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Problem, Query};
use search_index::MatrixCell;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::filter::{Given, Meant, Sight};
use crate::reader::Reader;

/// What to count, and how finely.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatrixQuery {
    /// As in the search. For analysts.
    q: Option<String>,
    /// Id or exact name; a group stands for all its topics.
    category: Option<String>,
    /// Id or exact name; stands for everything in it.
    territory: Option<String>,
    /// Id or exact name.
    organization: Option<String>,
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

/// The row of submissions without category.
const NO_CATEGORY: &str = "-";

/// Count submissions by category and territory.
#[utoipa::path(get, path = "/matrix", tag = "search", params(MatrixQuery),
    responses((status = 200, body = Matrix),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn matrix(
    State(app): State<App>,
    Extension(reader): Extension<Reader>,
    caller: Caller,
    Query(query): Query<MatrixQuery>,
) -> Result<Json<Matrix>, Failure> {
    let rulebook = app.store.rulebook().await?;
    let mut meant = query.given().meant(&app, &rulebook).await?;
    // Counts are public; counts of a word are not.
    if meant.query.text.is_some() {
        Sight::of(&app, &caller, query.q.as_deref()).await?.confine(&mut meant.query.filter);
    }
    let levels = query.levels(&meant, &rulebook)?;
    let now = app.clock.now();
    let leaves = reader.ask(&app, move |index| index.matrix(&meant.query, now)).await?;
    Ok(Json(roll_up(&leaves, levels, &rulebook)))
}

/// The depth in each tree at which leaves are summed up.
#[derive(Debug, Clone, Copy)]
struct Levels {
    rows: usize,
    columns: usize,
}

impl MatrixQuery {
    fn given(&self) -> Given<'_> {
        Given {
            q: self.q.as_deref(),
            category: self.category.as_deref(),
            territory: self.territory.as_deref(),
            organization: self.organization.as_deref(),
            status: self.status.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
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

#[derive(Default)]
struct Sum {
    count: u64,
    open: u64,
    overdue: u64,
    marks: u64,
    mark_sum: u64,
}

fn roll_up(leaves: &[MatrixCell], levels: Levels, rulebook: &Rulebook) -> Matrix {
    let mut sums: BTreeMap<(String, String), Sum> = BTreeMap::new();
    for leaf in leaves {
        let row = leaf.category.as_ref().map_or(NO_CATEGORY.to_owned(), |id| {
            at_level(&rulebook.categories, id, levels.rows).unwrap_or_else(|| id.to_string())
        });
        let column = at_level(&rulebook.territories, &leaf.territory, levels.columns);
        let sum = sums.entry((row, column.unwrap_or_else(|| leaf.territory.to_string()))).or_default();
        sum.count += leaf.count;
        sum.open += leaf.open;
        sum.overdue += leaf.overdue;
        sum.marks += leaf.marks;
        sum.mark_sum += leaf.mark_sum;
    }
    let rows: BTreeSet<&String> = sums.keys().map(|(row, _)| row).collect();
    let columns: BTreeSet<&String> = sums.keys().map(|(_, column)| column).collect();
    let row_count = |id: &str| sums.iter().filter(|((row, _), _)| row == id).map(|(_, sum)| sum.count).sum();
    let column_count =
        |id: &str| sums.iter().filter(|((_, column), _)| column == id).map(|(_, sum)| sum.count).sum();
    let rows = lines(rows.into_iter().map(|id| (id.as_str(), row_count(id))), &rulebook.categories);
    let columns = lines(columns.into_iter().map(|id| (id.as_str(), column_count(id))), &rulebook.territories);
    let cells = sums.into_iter().map(|((row, column), sum)| Cell {
        row,
        column,
        count: sum.count,
        open: sum.open,
        overdue: sum.overdue,
        mark: mean(sum.mark_sum, sum.marks),
    });
    Matrix { rows, columns, cells: cells.collect() }
}

/// The node above `id` (or itself) that is `level` steps below the root.
fn at_level<N: Node>(tree: &Tree<N>, id: &N::Id, level: usize) -> Option<String> {
    let way: Vec<&N> = tree.upward(id).collect();
    let from_leaf = way.len().checked_sub(1)?.saturating_sub(level);
    way.get(from_leaf).map(|node| node.id().to_string())
}

fn lines<'l, N: Node>(counted: impl Iterator<Item = (&'l str, u64)>, tree: &Tree<N>) -> Vec<Line>
where
    N::Id: std::str::FromStr,
{
    let line = |(id, count): (&str, u64)| {
        let node = id.parse().ok().and_then(|id| tree.get(&id));
        let name = node.map_or(if id == NO_CATEGORY { "Без категории" } else { id }, Node::name);
        let parent = node.and_then(Node::parent).map(ToString::to_string);
        Line { id: id.to_owned(), name: name.to_owned(), parent, count }
    };
    let mut lines: Vec<Line> = counted.map(line).collect();
    lines.sort_by(|a, b| (b.count, &a.id).cmp(&(a.count, &b.id)));
    lines
}

fn mean(sum: u64, count: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "sums of marks stay far below 2^52")]
    (count > 0).then(|| sum as f64 / count as f64)
}
