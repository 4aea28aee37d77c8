//! The facts of a shard as they are now: a block, and over it what is new or has changed since.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::Arc;

use crate::facts::at::index;
use crate::facts::block::Block;
use crate::facts::fact::Fact;

/// Rows in memory over a block. Cheap to clone as long as little has changed.
#[derive(Clone)]
pub(crate) struct Rows {
    block: Arc<Block>,
    /// Rows of the block that have changed, one after another: whoever counts goes through them each time.
    changed: Vec<(u32, Fact)>,
    /// Where in it a row is.
    places: HashMap<u32, usize>,
    /// A bit for every row of the block that has changed; empty if none has.
    stale: Vec<u64>,
    /// Rows after those of the block.
    added: Vec<Fact>,
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
            places: HashMap::new(),
            stale: Vec::new(),
            added: Vec::new(),
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
    pub(crate) fn changed(&self) -> impl Iterator<Item = (u32, &Fact)> {
        self.changed.iter().map(|(row, fact)| (*row, fact))
    }

    /// Rows after those of the block, with their numbers.
    pub(crate) fn added(&self) -> impl Iterator<Item = (u32, &Fact)> {
        let first = u32::try_from(self.block.len()).unwrap_or(u32::MAX);
        (first..).zip(&self.added)
    }

    /// Has nothing in the block changed?
    pub(crate) fn is_fresh(&self) -> bool {
        self.changed.is_empty()
    }

    /// Does the block still say what is so of this row?
    pub(crate) fn is_in_block(&self, row: u32) -> bool {
        index(row) < self.block.len()
            && self.stale.get(index(row) / 64).is_none_or(|bits| bits >> (row % 64) & 1 == 0)
    }

    /// A row as it is now. The row must exist.
    pub(crate) fn fact(&self, row: u32) -> Fact {
        match index(row).checked_sub(self.block.len()) {
            Some(place) => self.added[place],
            None if self.is_in_block(row) => self.block.fact(row),
            None => self.changed[self.places[&row]].1,
        }
    }

    /// The submission of a row.
    pub(crate) fn id(&self, row: u32) -> u128 {
        match index(row).checked_sub(self.block.len()) {
            Some(place) => self.added[place].id,
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
    pub(crate) fn set(&mut self, row: u32, fact: Fact) -> Result<(), Gap> {
        match index(row).checked_sub(self.block.len()) {
            Some(place) if place < self.added.len() => self.added[place] = fact,
            Some(place) if place == self.added.len() => {
                self.added.push(fact);
                self.added_ids.insert(fact.id, row);
            }
            Some(_) => return Err(Gap),
            None => {
                self.stale.resize(self.block.len().div_ceil(64), 0);
                self.stale[index(row) / 64] |= 1 << (row % 64);
                match self.places.entry(row) {
                    Entry::Occupied(place) => self.changed[*place.get()].1 = fact,
                    Entry::Vacant(place) => {
                        place.insert(self.changed.len());
                        self.changed.push((row, fact));
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
            let without = Fact { words: 0, ..self.fact(row) };
            // Every one of them is there.
            let _ = self.set(row, without);
        }
        rows
    }

    /// The same rows, with more of their block open.
    pub(crate) fn set_block(&mut self, block: Arc<Block>) {
        self.block = block;
    }

    /// Every row as it is now.
    pub(crate) fn all(&self) -> Vec<Fact> {
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
        assert_eq!(rows.set(1, Fact::default()), Err(Gap));
        assert_eq!((rows.set(0, Fact::default()), rows.set(1, Fact::default())), (Ok(()), Ok(())));
        assert_eq!((rows.set(3, Fact::default()), rows.len()), (Err(Gap), 2));
    }
}
