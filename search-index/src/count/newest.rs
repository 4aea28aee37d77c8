//! The latest of the matching submissions.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::count::selection::Count;
use crate::facts::at::index;
use crate::facts::block::Block;
use crate::facts::columns::Counted;
use crate::facts::row::Rest;

/// Keeps the newest; of those received in the same second the ones with the smaller ids.
pub(crate) struct Newest {
    wanted: usize,
    /// The oldest on top.
    heap: BinaryHeap<(Reverse<u32>, u128)>,
}

impl Newest {
    pub(crate) fn new(wanted: usize) -> Self {
        Self { wanted, heap: BinaryHeap::with_capacity(wanted.min(1_000) + 1) }
    }

    fn offer(&mut self, received: u32, id: u128) {
        if self.heap.len() < self.wanted {
            self.heap.push((Reverse(received), id));
        } else if let Some(mut oldest) = self.heap.peek_mut()
            && (Reverse(received), id) < *oldest
        {
            *oldest = (Reverse(received), id);
        }
    }

    /// The newest first.
    pub(crate) fn ids(self) -> impl Iterator<Item = u128> {
        self.heap.into_sorted_vec().into_iter().map(|(_, id)| id)
    }
}

impl Count for Newest {
    fn rows(&mut self, block: &Block, rows: &[u32]) {
        let received = block.counted().received();
        for row in rows {
            let received = received[index(*row)];
            // Most are too old: their ids need not be read.
            let late = self.heap.peek().is_none_or(|(Reverse(oldest), _)| received >= *oldest);
            if late || self.heap.len() < self.wanted {
                self.offer(received, block.id(*row));
            }
        }
    }

    fn fact(&mut self, fact: &Counted, rest: &Rest) {
        self.offer(fact.received, rest.id);
    }
}
