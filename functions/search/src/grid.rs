//! The cells of the matrix, summed up to a level of each tree, with the sums of rows and columns.

use std::collections::{BTreeMap, HashMap};

use domain::rulebook::Rulebook;
use domain::tree::{Node, Tree};
/// What a cell, a row or a column adds up to.
pub(crate) use search_index::Cell as Sum;

use crate::filter::NO_CATEGORY;

/// The depth in each tree at which leaves are summed up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Levels {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

/// A row or a column.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) parent: Option<String>,
    /// Does it stand for itself alone, though there is something below it?
    pub(crate) direct: bool,
    /// Is there something below it?
    pub(crate) has_below: bool,
    pub(crate) sum: Sum,
}

/// Categories by territories.
#[derive(Debug)]
pub(crate) struct Grid {
    /// The largest first.
    pub(crate) rows: Vec<Head>,
    /// The largest first.
    pub(crate) columns: Vec<Head>,
    /// By row and column; only cells with something in them.
    pub(crate) cells: BTreeMap<(String, String), Sum>,
    pub(crate) total: Sum,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Count,
    Open,
    Overdue,
    Reopened,
    Mark,
}

impl Measure {
    pub(crate) const ALL: [Self; 5] = [Self::Count, Self::Open, Self::Overdue, Self::Reopened, Self::Mark];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Reopened => "reopened",
            Self::Mark => "mark",
        }
    }
}

/// The mean mark, 1 to 5; none if nobody gave one.
pub(crate) fn mark(sum: &Sum) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "sums of marks stay far below 2^52")]
    (sum.marks > 0).then(|| sum.mark_sum as f64 / sum.marks as f64)
}

/// The measure as a number that orders; none where there is nothing to see.
pub(crate) fn measured(sum: &Sum, measure: Measure) -> Option<f64> {
    let count = match measure {
        Measure::Count => sum.count,
        Measure::Open => sum.open,
        Measure::Overdue => sum.overdue,
        Measure::Reopened => sum.reopened,
        Measure::Mark => return mark(sum),
    };
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    (count > 0).then_some(count as f64)
}

impl Grid {
    /// From what the index counted by groups.
    pub(crate) fn of(counted: &search_index::Grid, levels: Levels, rulebook: &Rulebook) -> Self {
        let mut cells: BTreeMap<(String, String), Sum> = BTreeMap::new();
        let (mut rows, mut columns) = (HashMap::new(), HashMap::new());
        let mut total = Sum::default();
        let places =
            counted.rows.iter().flat_map(|row| counted.columns.iter().map(move |column| (row, column)));
        for ((row, column), sum) in places.zip(&counted.cells).filter(|(_, sum)| sum.count > 0) {
            *rows.entry(row.clone()).or_default() += *sum;
            *columns.entry(column.clone()).or_default() += *sum;
            cells.insert((row.clone(), column.clone()), *sum);
            total += *sum;
        }
        let rows = heads(rows, &rulebook.categories, levels.rows);
        let columns = heads(columns, &rulebook.territories, levels.columns);
        Self { rows, columns, cells, total }
    }

    pub(crate) fn cell(&self, row: &Head, column: &Head) -> Option<&Sum> {
        self.cells.get(&(row.id.clone(), column.id.clone()))
    }

    /// Sorts the rows: by `name`, by the measure in the column with this id, else by the measure in all.
    pub(crate) fn sort(&mut self, by: &str, measure: Measure) {
        let Self { rows, cells, columns, .. } = self;
        if by == "name" {
            rows.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
            return;
        }
        let in_column = columns.iter().any(|column| column.id == by);
        let value = |row: &Head| {
            let sum = if in_column { cells.get(&(row.id.clone(), by.to_owned())) } else { Some(&row.sum) };
            sum.and_then(|sum| measured(sum, measure))
        };
        // Low marks are the bad ones: they come first; what has none comes last.
        let place = |row: &Head| match value(row) {
            Some(value) if measure == Measure::Mark => value,
            Some(value) => -value,
            None => f64::INFINITY,
        };
        rows.sort_by(|a, b| place(a).total_cmp(&place(b)).then_with(|| a.id.cmp(&b.id)));
    }
}

impl Levels {
    /// The row of a category; what has none has a row of its own, and one that has left the directory stands for itself.
    pub(crate) fn row(self, category: Option<&str>, rulebook: &Rulebook) -> String {
        let Some(id) = category else { return NO_CATEGORY.to_owned() };
        let above = id.parse().ok().and_then(|id| at_level(&rulebook.categories, &id, self.rows));
        above.unwrap_or_else(|| id.to_owned())
    }

    /// The column of a territory.
    pub(crate) fn column(self, territory: &str, rulebook: &Rulebook) -> String {
        let above = territory.parse().ok().and_then(|id| at_level(&rulebook.territories, &id, self.columns));
        above.unwrap_or_else(|| territory.to_owned())
    }
}

/// The node above `id` (or itself) that is `level` steps below the root.
fn at_level<N: Node>(tree: &Tree<N>, id: &N::Id, level: usize) -> Option<String> {
    let way: Vec<&N> = tree.upward(id).collect();
    let from_leaf = way.len().checked_sub(1)?.saturating_sub(level);
    way.get(from_leaf).map(|node| node.id().to_string())
}

fn heads<N: Node>(sums: HashMap<String, Sum>, tree: &Tree<N>, level: usize) -> Vec<Head>
where
    N::Id: std::str::FromStr,
{
    let head = |(id, sum): (String, Sum)| {
        let node = id.parse().ok().and_then(|id| tree.get(&id));
        let has_below = node.is_some_and(|node| !tree.children(node.id()).is_empty());
        Head {
            name: node.map_or(if id == NO_CATEGORY { "Без категории" } else { &id }, Node::name).to_owned(),
            parent: node.and_then(Node::parent).map(ToString::to_string),
            direct: has_below && node.is_some_and(|node| tree.depth(node.id()) < level),
            has_below,
            id,
            sum,
        }
    };
    let mut heads: Vec<Head> = sums.into_iter().map(head).collect();
    heads.sort_by(|a, b| (b.sum.count, &a.id).cmp(&(a.sum.count, &b.id)));
    heads
}
