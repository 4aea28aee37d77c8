//! Answer times by the groups of a matrix. Medians cannot be added up, so cells, rows, columns and the whole are each computed from
//! all of their times.

use domain::statistics::Quartiles;

use crate::count::matrix::{NOWHERE, Places};
use crate::count::selection::Count;
use crate::facts::at::index;
use crate::facts::block::Block;
use crate::facts::columns::Counted;
use crate::facts::row::Rest;

/// Median minutes from receipt to the latest answer; none where nothing was answered. In the order of the [`MatrixCounts`](crate::MatrixCounts)
/// of the same question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AnswerTimes {
    /// Row by row: one for each column.
    pub cells: Vec<Option<f64>>,
    /// Of each row.
    pub rows: Vec<Option<f64>>,
    /// Of each column.
    pub columns: Vec<Option<f64>>,
    /// Of everything.
    pub total: Option<f64>,
}

/// Gathers the times.
pub(crate) struct AnswerTimeCount {
    rows: Places,
    columns: Places,
    width: u32,
    /// Cell and minutes of every answered submission.
    times: Vec<(u32, u32)>,
}

impl AnswerTimeCount {
    pub(crate) fn new(rows: Places, (columns, width): (Places, usize)) -> Self {
        Self { rows, columns, width: u32::try_from(width).unwrap_or(u32::MAX), times: Vec::new() }
    }

    #[inline]
    fn add(&mut self, category: u16, territory: u16, received: u32, answered: u32) {
        let (row, column) = (self.rows[usize::from(category)], self.columns[usize::from(territory)]);
        if answered > 0 && row != NOWHERE && column != NOWHERE {
            self.times.push((row * self.width + column, answered.saturating_sub(received) / 60));
        }
    }

    pub(crate) fn finish(self, height: usize) -> AnswerTimes {
        let width = index(self.width);
        // Sorted by cell without comparing: first how many each has, then each to its place.
        let mut ends = vec![0; height * width + 1];
        for (cell, _) in &self.times {
            ends[index(*cell) + 1] += 1;
        }
        for cell in 1..ends.len() {
            ends[cell] += ends[cell - 1];
        }
        let begins = ends.clone();
        let mut sorted = vec![0; self.times.len()];
        for (cell, minutes) in self.times {
            let end = &mut ends[index(cell)];
            sorted[*end] = minutes;
            *end += 1;
        }
        let of = |first: usize, last: usize| begins[first]..begins[last];
        let mut columns = Vec::with_capacity(width);
        for column in 0..width {
            let cells = (0..height).map(|row| row * width + column);
            let mut times = Vec::new();
            cells.for_each(|cell| times.extend_from_slice(&sorted[of(cell, cell + 1)]));
            columns.push(median(&mut times));
        }
        // From the smallest pieces to the whole: each is sorted in its place.
        let cells = (0..height * width).map(|cell| median(&mut sorted[of(cell, cell + 1)])).collect();
        let rows = (0..height).map(|row| median(&mut sorted[of(row * width, (row + 1) * width)])).collect();
        AnswerTimes { cells, rows, columns, total: median(&mut sorted) }
    }
}

fn median(minutes: &mut [u32]) -> Option<f64> {
    Quartiles::of(minutes).map(|quartiles| quartiles.median)
}

impl Count for AnswerTimeCount {
    fn rows(&mut self, block: &Block, rows: &[u32]) {
        let columns = block.counted();
        let ids = (columns.category(), columns.territory());
        let (received, answered) = (columns.received(), columns.answered());
        for row in rows {
            let row = index(*row);
            self.add(ids.0[row], ids.1[row], received[row], answered[row]);
        }
    }

    fn fact(&mut self, fact: &Counted, _: &Rest) {
        self.add(fact.category, fact.territory, fact.received, fact.answered);
    }
}
