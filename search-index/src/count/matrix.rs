//! Counts for the matrix of systemic problems, category by territory, in one pass over four columns.

use std::collections::HashMap;
use std::ops::AddAssign;

use crate::count::selection::Count;
use crate::facts::at::index;
use crate::facts::block::Block;
use crate::facts::columns::Counted;
use crate::facts::flags::{Flags, state};
use crate::facts::ids::{IdDictionary, IdKind};
use crate::facts::row::Rest;

/// The numbers of one category in one territory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CellCounts {
    /// Matching submissions.
    pub count: u64,
    /// Those in an open status.
    pub open: u64,
    /// Those in an open status whose due time has come.
    pub overdue: u64,
    /// Those that were sent back to work by their authors.
    pub reopened: u64,
    /// Those with a mark.
    pub marks: u64,
    /// The sum of these marks; `mark_sum / marks` is the average, 1 to 5.
    pub mark_sum: u64,
}

impl AddAssign for CellCounts {
    fn add_assign(&mut self, other: Self) {
        self.count += other.count;
        self.open += other.open;
        self.overdue += other.overdue;
        self.reopened += other.reopened;
        self.marks += other.marks;
        self.mark_sum += other.mark_sum;
    }
}

/// Numbers by two groupings of leaf ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MatrixCounts {
    /// What the rows are called.
    pub rows: Vec<String>,
    /// What the columns are called.
    pub columns: Vec<String>,
    /// Row by row: one cell for each column.
    pub cells: Vec<CellCounts>,
}

/// Three sums of two numbers each, in the order: count, open; reopened, overdue; marks, their sum.
type Sums = [u64; 3];

/// Where a number of an id belongs.
pub(crate) type Places = Vec<u32>;

/// In no group.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// Counts facts by two groupings.
pub(crate) struct MatrixCounter {
    /// Where the row of a category begins.
    rows: Places,
    /// Where in a row a territory is.
    columns: Places,
    /// With one more row and one more column, for what belongs nowhere: no branch in the loop.
    cells: Vec<Sums>,
    /// Cells of a row, without that column.
    width: usize,
    /// What a fact adds, by its status, its mark and whether it was reopened.
    additions: Vec<Sums>,
    now: u32,
}

const OVERDUE: u64 = 1 << 32;

impl MatrixCounter {
    /// Of so many rows and columns; where numbers belong is said by `rows` and `columns`.
    pub(crate) fn new((rows, height): (Places, usize), (columns, width): (Places, usize), now: u32) -> Self {
        let cells = vec![Sums::default(); (height + 1) * (width + 1)];
        let begins = |row: u32| if row == NOWHERE { height } else { index(row) } * (width + 1);
        let rows = rows.into_iter().map(|row| u32::try_from(begins(row)).unwrap_or(NOWHERE)).collect();
        let place = |column: u32| if column == NOWHERE { width } else { index(column) };
        let columns =
            columns.into_iter().map(|column| u32::try_from(place(column)).unwrap_or(NOWHERE)).collect();
        let states = 0..u16::try_from(Flags::STATES).unwrap_or(u16::MAX);
        let additions = states.map(|bits| addition(Flags(bits))).collect();
        Self { rows, columns, cells, width, additions, now }
    }

    /// Row by row.
    pub(crate) fn cells(&self) -> impl Iterator<Item = CellCounts> {
        let low = |sum: u64| sum & u64::from(u32::MAX);
        let rows = self.cells.chunks_exact(self.width + 1);
        let known = rows.clone().take(rows.len().saturating_sub(1)).flat_map(|row| &row[..self.width]);
        known.map(move |[first, second, third]| CellCounts {
            count: low(*first),
            open: first >> 32,
            reopened: low(*second),
            overdue: second >> 32,
            marks: low(*third),
            mark_sum: third >> 32,
        })
    }

    #[inline]
    fn add(&mut self, category: u16, territory: u16, flags: u16, due: u32) {
        let (sums, addition) = self.addition(category, territory, flags, due);
        for (sum, addition) in sums.iter_mut().zip(addition) {
            *sum += addition;
        }
    }

    /// Of which cell, and what a fact adds there.
    #[inline]
    fn addition(&mut self, category: u16, territory: u16, flags: u16, due: u32) -> (&mut Sums, Sums) {
        let cell = index(self.rows[usize::from(category)] + self.columns[usize::from(territory)]);
        let mut addition = self.additions[state(flags)];
        let is_open = addition[0] >> 32;
        let overdue = u64::from(due != 0 && due <= self.now) & is_open;
        addition[1] += overdue * OVERDUE;
        (&mut self.cells[cell], addition)
    }
}

impl Count for MatrixCounter {
    fn rows(&mut self, block: &Block, rows: &[u32]) {
        let columns = block.counted();
        let (category, territory, flags, due) =
            (columns.category(), columns.territory(), columns.flags(), columns.due());
        for row in rows {
            let row = index(*row);
            self.add(category[row], territory[row], flags[row], due[row]);
        }
    }

    const TAKES_BACK: bool = true;

    fn take_back(&mut self, block: &Block, row: u32) {
        let (columns, row) = (block.counted(), index(row));
        let (category, territory) = (columns.category()[row], columns.territory()[row]);
        let (sums, addition) = self.addition(category, territory, columns.flags()[row], columns.due()[row]);
        for (sum, addition) in sums.iter_mut().zip(addition) {
            *sum -= addition;
        }
    }

    fn fact(&mut self, fact: &Counted, _: &Rest) {
        self.add(fact.category, fact.territory, fact.flags, fact.due);
    }

    fn whole(&mut self, block: &Block) {
        let columns = block.counted();
        let ids = columns.category().iter().zip(columns.territory());
        for ((category, territory), (flags, due)) in ids.zip(columns.flags().iter().zip(columns.due())) {
            self.add(*category, *territory, *flags, *due);
        }
    }
}

fn addition(flags: Flags) -> Sums {
    let pair = |low: u64, high: u64| low | high << 32;
    let mark = u64::from(flags.mark().unwrap_or(0));
    // Facts that are not known yet count nowhere.
    let known = u64::from(flags.status().is_some());
    [pair(known, flags.is_open().into()), u64::from(flags.is_reopened()), pair(u64::from(mark > 0), mark)]
}

/// The groups of all ids that a snapshot knows: where each number belongs, and what the groups are called. An id without a
/// group is not counted.
pub(crate) fn groups(
    names: &IdDictionary,
    kind: IdKind,
    group: impl Fn(Option<&str>) -> Option<String>,
) -> (Places, Vec<String>) {
    let mut known: HashMap<String, u32> = HashMap::new();
    let mut called = Vec::new();
    let numbers = 0..u32::try_from(names.bound(kind)).unwrap_or(NOWHERE);
    let places = numbers.map(|number| {
        let Some(group) = group(names.name(kind, number)) else { return NOWHERE };
        *known.entry(group).or_insert_with_key(|group| {
            called.push(group.clone());
            u32::try_from(called.len() - 1).unwrap_or(NOWHERE)
        })
    });
    (places.collect(), called)
}
