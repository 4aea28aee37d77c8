//! The cross-tabulation of categories by territories: leaves are summed up to a level of each tree, with the sums of rows and
//! columns.

use std::collections::{BTreeMap, HashMap};

use domain::rulebook::Rulebook;
use domain::tree::{Node, Tree};
use search_index::{AnswerTimes, CellCounts, MatrixCounts};

use super::measure::{CellStats, Measure};
use crate::question::NO_CATEGORY;

/// The depth in each tree at which leaves are summed up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Levels {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

/// A row or a column.
#[derive(Debug, Clone)]
pub(crate) struct AxisEntry {
    pub(crate) id: String,
    /// None for the row of submissions without category: its name is a text of the page. An id that has left the directory is
    /// its own name.
    pub(crate) name: Option<String>,
    pub(crate) parent: Option<String>,
    /// The entry has entries below it, but holds only what names the entry itself.
    pub(crate) direct: bool,
    /// The directory has entries below it.
    pub(crate) has_below: bool,
    pub(crate) stats: CellStats,
}

/// Categories by territories.
#[derive(Debug)]
pub(crate) struct CrossTab {
    /// The largest first.
    pub(crate) rows: Vec<AxisEntry>,
    /// The largest first.
    pub(crate) columns: Vec<AxisEntry>,
    /// By row and column; empty cells are left out.
    pub(crate) cells: BTreeMap<(String, String), CellStats>,
    pub(crate) total: CellStats,
}

/// The counts of the index.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) now: MatrixCounts,
    /// By the same groups as `now`; none if they were not asked for.
    pub(crate) answer_times: Option<AnswerTimes>,
    /// Of the baseline; none if nothing is compared.
    pub(crate) before: Option<MatrixCounts>,
}

#[derive(Default)]
struct Sums {
    rows: HashMap<String, CellStats>,
    columns: HashMap<String, CellStats>,
    cells: BTreeMap<(String, String), CellStats>,
    total: CellStats,
}

impl Sums {
    /// Adds every cell that is not empty to its cell, its row, its column and the total.
    fn add(&mut self, counted: &MatrixCounts, add: impl Fn(&mut CellStats, &CellCounts)) {
        for ((row, column), cell) in
            coordinates(counted).zip(&counted.cells).filter(|(_, cell)| cell.count > 0)
        {
            add(self.rows.entry(row.clone()).or_default(), cell);
            add(self.columns.entry(column.clone()).or_default(), cell);
            add(self.cells.entry((row.clone(), column.clone())).or_default(), cell);
            add(&mut self.total, cell);
        }
    }

    fn set_answer_times(&mut self, counted: &MatrixCounts, times: &AnswerTimes) {
        for (row, minutes) in counted.rows.iter().zip(&times.rows) {
            self.rows.entry(row.clone()).and_modify(|sum| sum.answer_minutes = *minutes);
        }
        for (column, minutes) in counted.columns.iter().zip(&times.columns) {
            self.columns.entry(column.clone()).and_modify(|sum| sum.answer_minutes = *minutes);
        }
        for ((row, column), minutes) in coordinates(counted).zip(&times.cells) {
            if let Some(sum) = self.cells.get_mut(&(row.clone(), column.clone())) {
                sum.answer_minutes = *minutes;
            }
        }
        self.total.answer_minutes = times.total;
    }

    fn each(&mut self, change: impl Fn(&mut CellStats)) {
        self.rows
            .values_mut()
            .chain(self.columns.values_mut())
            .chain(self.cells.values_mut())
            .for_each(&change);
        change(&mut self.total);
    }
}

/// The row and the column of each cell, in the order of the cells.
fn coordinates(counted: &MatrixCounts) -> impl Iterator<Item = (&String, &String)> {
    counted.rows.iter().flat_map(|row| counted.columns.iter().map(move |column| (row, column)))
}

impl CrossTab {
    pub(crate) fn of(counted: &Counts, levels: Levels, rulebook: &Rulebook) -> Self {
        let mut sums = Sums::default();
        sums.add(&counted.now, |sum, cell| sum.now += *cell);
        if let Some(before) = &counted.before {
            sums.add(before, |sum, cell| *sum.before.get_or_insert(0) += cell.count);
        }
        if let Some(times) = &counted.answer_times {
            sums.set_answer_times(&counted.now, times);
        }
        if counted.before.is_some() {
            sums.each(|sum| {
                sum.before.get_or_insert(0);
            });
        }
        let Sums { rows, columns, cells, total } = sums;
        let rows = entries(rows, &rulebook.categories, levels.rows);
        let columns = entries(columns, &rulebook.territories, levels.columns);
        Self { rows, columns, cells, total }
    }

    pub(crate) fn cell(&self, row: &AxisEntry, column: &AxisEntry) -> Option<&CellStats> {
        self.cells.get(&(row.id.clone(), column.id.clone()))
    }

    /// Sorts the rows: by `name`, by the measure in the column with this id, else by the measure in all columns. A row without a
    /// name, or without a value, comes last.
    pub(crate) fn sort(&mut self, by: &str, measure: Measure) {
        let Self { rows, cells, columns, .. } = self;
        if by == "name" {
            rows.sort_by(|a, b| {
                let key = |row: &AxisEntry| (row.name.is_none(), row.name.clone(), row.id.clone());
                key(a).cmp(&key(b))
            });
            return;
        }
        let in_column = columns.iter().any(|column| column.id == by);
        let value = |row: &AxisEntry| {
            let stats =
                if in_column { cells.get(&(row.id.clone(), by.to_owned())) } else { Some(&row.stats) };
            stats.and_then(|stats| stats.measured(measure))
        };
        // Low marks are the bad ones: they come first.
        let rank = |row: &AxisEntry| match value(row) {
            Some(value) if measure == Measure::Mark => value,
            Some(value) => -value,
            None => f64::INFINITY,
        };
        rows.sort_by(|a, b| rank(a).total_cmp(&rank(b)).then_with(|| a.id.cmp(&b.id)));
    }
}

impl Levels {
    /// The row of a category. Submissions without category have a row of their own, and so has a category that has left the
    /// directory.
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

/// The node `level` steps below the root on the way to this one; the node itself if it is higher.
fn at_level<N: Node>(tree: &Tree<N>, id: &N::Id, level: usize) -> Option<String> {
    let path: Vec<&N> = tree.upward(id).collect();
    let from_leaf = path.len().checked_sub(1)?.saturating_sub(level);
    path.get(from_leaf).map(|node| node.id().to_string())
}

fn entries<N: Node>(stats: HashMap<String, CellStats>, tree: &Tree<N>, level: usize) -> Vec<AxisEntry>
where
    N::Id: std::str::FromStr,
{
    let entry = |(id, stats): (String, CellStats)| {
        let node = id.parse().ok().and_then(|id| tree.get(&id));
        let has_below = node.is_some_and(|node| !tree.children(node.id()).is_empty());
        AxisEntry {
            name: (id != NO_CATEGORY).then(|| node.map_or(id.as_str(), Node::name).to_owned()),
            parent: node.and_then(Node::parent).map(ToString::to_string),
            direct: has_below && node.is_some_and(|node| tree.depth(node.id()) < level),
            has_below,
            id,
            stats,
        }
    };
    let mut entries: Vec<AxisEntry> = stats.into_iter().map(entry).collect();
    entries.sort_by(|a, b| (b.stats.now.count, &a.id).cmp(&(a.stats.now.count, &b.id)));
    entries
}
