//! The cells of the matrix, summed up to a level of each tree, with the sums of rows and columns.

use std::collections::{BTreeMap, HashMap};

use domain::rulebook::Rulebook;
use domain::tree::{Node, Tree};
use search_index::{AnswerTimes, Cell};

use crate::question::filter::NO_CATEGORY;

/// What is known of a cell, a row or a column.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Sum {
    pub(crate) now: Cell,
    /// Median minutes from receipt to the latest answer; none without answers, or if nobody asked.
    pub(crate) answer_minutes: Option<f64>,
    /// How many there were in the same weeks before; none if nothing is compared.
    pub(crate) before: Option<u64>,
}

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
    AnswerTime,
    Growth,
}

impl Measure {
    pub(crate) const ALL: [Self; 7] =
        [Self::Count, Self::Open, Self::Overdue, Self::Reopened, Self::Mark, Self::AnswerTime, Self::Growth];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Reopened => "reopened",
            Self::Mark => "mark",
            Self::AnswerTime => "answer-time",
            Self::Growth => "growth",
        }
    }
}

/// The mean mark, 1 to 5; none if nobody gave one.
pub(crate) fn mark(sum: &Sum) -> Option<f64> {
    (sum.now.marks > 0).then(|| to_f64(sum.now.mark_sum) / to_f64(sum.now.marks))
}

/// The median time to an answer, in days.
pub(crate) fn answer_days(sum: &Sum) -> Option<f64> {
    sum.answer_minutes.map(|minutes| minutes / 1_440.0)
}

/// How many more than in the same weeks before; none if nothing is compared or there is nothing in both.
pub(crate) fn growth(sum: &Sum) -> Option<i64> {
    let before = sum.before.filter(|before| *before + sum.now.count > 0)?;
    i64::try_from(sum.now.count).ok()?.checked_sub_unsigned(before)
}

/// The measure as a number that orders; none where there is nothing to see.
pub(crate) fn measured(sum: &Sum, measure: Measure) -> Option<f64> {
    let count = match measure {
        Measure::Count => sum.now.count,
        Measure::Open => sum.now.open,
        Measure::Overdue => sum.now.overdue,
        Measure::Reopened => sum.now.reopened,
        Measure::Mark => return mark(sum),
        Measure::AnswerTime => return answer_days(sum),
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
        Measure::Growth => return growth(sum).map(|more| more as f64),
    };
    (count > 0).then(|| to_f64(count))
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn to_f64(count: u64) -> f64 {
    count as f64
}

/// What the index says to a question.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) now: search_index::Grid,
    /// By the same groups as `now`.
    pub(crate) answer_times: Option<AnswerTimes>,
    pub(crate) before: Option<search_index::Grid>,
}

#[derive(Default)]
struct Sums {
    rows: HashMap<String, Sum>,
    columns: HashMap<String, Sum>,
    cells: BTreeMap<(String, String), Sum>,
    total: Sum,
}

impl Sums {
    /// Adds every cell with something in it to itself, its row, its column and the whole.
    fn add(&mut self, counted: &search_index::Grid, add: impl Fn(&mut Sum, &Cell)) {
        for ((row, column), cell) in places(counted).zip(&counted.cells).filter(|(_, cell)| cell.count > 0) {
            add(self.rows.entry(row.clone()).or_default(), cell);
            add(self.columns.entry(column.clone()).or_default(), cell);
            add(self.cells.entry((row.clone(), column.clone())).or_default(), cell);
            add(&mut self.total, cell);
        }
    }

    fn set_answer_times(&mut self, counted: &search_index::Grid, times: &AnswerTimes) {
        for (row, minutes) in counted.rows.iter().zip(&times.rows) {
            self.rows.entry(row.clone()).and_modify(|sum| sum.answer_minutes = *minutes);
        }
        for (column, minutes) in counted.columns.iter().zip(&times.columns) {
            self.columns.entry(column.clone()).and_modify(|sum| sum.answer_minutes = *minutes);
        }
        for ((row, column), minutes) in places(counted).zip(&times.cells) {
            if let Some(sum) = self.cells.get_mut(&(row.clone(), column.clone())) {
                sum.answer_minutes = *minutes;
            }
        }
        self.total.answer_minutes = times.total;
    }

    fn each(&mut self, change: impl Fn(&mut Sum)) {
        self.rows
            .values_mut()
            .chain(self.columns.values_mut())
            .chain(self.cells.values_mut())
            .for_each(&change);
        change(&mut self.total);
    }
}

/// Row and column of each cell, in the order of the cells.
fn places(counted: &search_index::Grid) -> impl Iterator<Item = (&String, &String)> {
    counted.rows.iter().flat_map(|row| counted.columns.iter().map(move |column| (row, column)))
}

impl Grid {
    /// From what the index counted by groups.
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
    heads.sort_by(|a, b| (b.sum.now.count, &a.id).cmp(&(a.sum.now.count, &b.id)));
    heads
}
