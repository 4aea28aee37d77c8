//! The facts of a shard as they are now: the rows of a block, and the rows that are new or have changed since it was written.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::Arc;

use crate::facts::at::index;
use crate::facts::block::Block;
use crate::facts::columns::{Counted, Keys};
use crate::facts::row::{FactRow, Rest};

/// Rows in memory over a block. Cheap to clone as long as little has changed.
#[derive(Clone)]
pub(crate) struct Rows {
    block: Arc<Block>,
    /// Rows of the block that have changed, one after another: every count goes through them, and not through what follows.
    changed: Vec<(u32, Counted)>,
    /// The rest of each of them.
    changed_rest: Vec<Rest>,
    /// Where a row is among the changed ones.
    places: HashMap<u32, usize>,
    /// A bit for every row of the block that has changed; empty if none has.
    stale: Vec<u64>,
    /// Rows after those of the block.
    added: Vec<Counted>,
    /// The rest of each of them.
    added_rest: Vec<Rest>,
    /// Where the submissions of these rows are.
    added_ids: HashMap<u128, u32>,
}

/// A row that is neither there nor the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap;

impl Rows {
    pub(crate) fn over(block: Arc<Block>) -> Self {
        Self {
            block,
            changed: Vec::new(),
            changed_rest: Vec::new(),
            places: HashMap::new(),
            stale: Vec::new(),
            added: Vec::new(),
            added_rest: Vec::new(),
            added_ids: HashMap::new(),
        }
    }

    /// All of them.
    pub(crate) fn len(&self) -> usize {
        self.block.len() + self.added.len()
    }

    /// Those that do not lie in the block as they are.
    pub(crate) fn overlay(&self) -> usize {
        self.changed.len() + self.added.len()
    }

    pub(crate) fn block(&self) -> &Block {
        &self.block
    }

    /// Rows of the block that have changed, as they are now.
    pub(crate) fn changed(&self) -> impl Iterator<Item = (u32, &Counted, &Rest)> {
        self.changed.iter().zip(&self.changed_rest).map(|((row, counted), rest)| (*row, counted, rest))
    }

    /// Rows after those of the block, with their numbers.
    pub(crate) fn added(&self) -> impl Iterator<Item = (u32, &Counted, &Rest)> {
        let first = u32::try_from(self.block.len()).unwrap_or(u32::MAX);
        (first..)
            .zip(self.added.iter().zip(&self.added_rest))
            .map(|(row, (counted, rest))| (row, counted, rest))
    }

    /// True if no row of the block has changed.
    pub(crate) fn is_fresh(&self) -> bool {
        self.changed.is_empty()
    }

    /// True if a row lies in the block as it is now.
    pub(crate) fn is_in_block(&self, row: u32) -> bool {
        index(row) < self.block.len()
            && self.stale.get(index(row) / 64).is_none_or(|bits| bits >> (row % 64) & 1 == 0)
    }

    /// A row as it is now. The row must exist.
    pub(crate) fn fact(&self, row: u32) -> FactRow {
        FactRow { counted: self.counted(row), rest: self.rest(row) }
    }

    /// What a row is counted by. The row must exist.
    pub(crate) fn counted(&self, row: u32) -> Counted {
        match index(row).checked_sub(self.block.len()) {
            Some(place) => self.added[place],
            None if self.is_in_block(row) => self.block.counted().row(index(row)),
            None => self.changed[self.places[&row]].1,
        }
    }

    fn rest(&self, row: u32) -> Rest {
        match index(row).checked_sub(self.block.len()) {
            Some(place) => self.added_rest[place],
            None if self.is_in_block(row) => self.block.rest(row),
            None => self.changed_rest[self.places[&row]],
        }
    }

    /// The submission of a row.
    pub(crate) fn id(&self, row: u32) -> u128 {
        match index(row).checked_sub(self.block.len()) {
            Some(place) => self.added_rest[place].id,
            None => self.block.id(row), // a row stays with its submission
        }
    }

    /// The row of a submission.
    pub(crate) fn find(&self, id: u128) -> Option<u32> {
        self.added_ids.get(&id).copied().or_else(|| self.block.find(id))
    }

    /// Sets a row: one that is there, or the next one.
    ///
    /// # Errors
    /// If rows would be left out.
    pub(crate) fn set(&mut self, row: u32, FactRow { counted, rest }: FactRow) -> Result<(), Gap> {
        match index(row).checked_sub(self.block.len()) {
            Some(place) if place < self.added.len() => {
                (self.added[place], self.added_rest[place]) = (counted, rest);
            }
            Some(place) if place == self.added.len() => {
                self.added.push(counted);
                self.added_rest.push(rest);
                self.added_ids.insert(rest.id, row);
            }
            Some(_) => return Err(Gap),
            None => {
                self.stale.resize(self.block.len().div_ceil(64), 0);
                self.stale[index(row) / 64] |= 1 << (row % 64);
                match self.places.entry(row) {
                    Entry::Occupied(place) => {
                        let place = *place.get();
                        (self.changed[place].1, self.changed_rest[place]) = (counted, rest);
                    }
                    Entry::Vacant(place) => {
                        place.insert(self.changed.len());
                        self.changed.push((row, counted));
                        self.changed_rest.push(rest);
                    }
                }
            }
        }
        Ok(())
    }

    /// Says of every row that its words are not in the index; gives all their numbers.
    pub(crate) fn forget_words(&mut self) -> Range<u32> {
        let rows = 0..u32::try_from(self.len()).unwrap_or(u32::MAX);
        for row in rows.clone() {
            let mut fact = self.fact(row);
            fact.rest.keys = Keys { text: 0, ..fact.rest.keys };
            // Every one of them is there.
            let _ = self.set(row, fact);
        }
        rows
    }

    /// The same rows, with more of their block open.
    pub(crate) fn set_block(&mut self, block: Arc<Block>) {
        self.block = block;
    }

    /// Every row as it is now.
    pub(crate) fn all(&self) -> Vec<FactRow> {
        let rows = u32::try_from(self.len()).unwrap_or(u32::MAX);
        (0..rows).map(|row| self.fact(row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_is_left_out() {
        let mut rows = Rows::over(Arc::new(Block::empty()));
        assert_eq!(rows.set(1, FactRow::default()), Err(Gap));
        assert_eq!((rows.set(0, FactRow::default()), rows.set(1, FactRow::default())), (Ok(()), Ok(())));
        assert_eq!((rows.set(3, FactRow::default()), rows.len()), (Err(Gap), 2));
    }
}
