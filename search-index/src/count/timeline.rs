//! Counts of the matching submissions by time of receipt.

use jiff::Timestamp;

use crate::count::selection::Count;
use crate::facts::at::index;
use crate::facts::block::Block;
use crate::facts::columns::Counted;
use crate::facts::row::{Rest, seconds};

/// Consecutive spans of time: each begins at its edge and ends before the next one; the last edge only ends.
#[derive(Debug, Clone)]
pub(crate) struct Spans(Vec<u32>);

impl Spans {
    /// The edges must ascend.
    pub(crate) fn new(edges: &[Timestamp]) -> Self {
        Self(edges.iter().map(|edge| seconds(*edge)).collect())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    /// The span a second lies in.
    pub(crate) fn find(&self, at: u32) -> Option<usize> {
        let after = self.0.partition_point(|edge| *edge <= at);
        (after > 0 && after < self.0.len()).then(|| after - 1)
    }
}

/// Counts submissions by span of receipt.
pub(crate) struct Timeline {
    spans: Spans,
    pub(crate) counts: Vec<u64>,
}

impl Timeline {
    pub(crate) fn new(edges: &[Timestamp]) -> Self {
        let spans = Spans::new(edges);
        Self { counts: vec![0; spans.len()], spans }
    }

    fn add(&mut self, at: u32) {
        if let Some(span) = self.spans.find(at) {
            self.counts[span] += 1;
        }
    }
}

impl Count for Timeline {
    fn rows(&mut self, block: &Block, rows: &[u32]) {
        let received = block.counted().received();
        for row in rows {
            self.add(received[index(*row)]);
        }
    }

    fn fact(&mut self, fact: &Counted, _: &Rest) {
        self.add(fact.received);
    }
}
