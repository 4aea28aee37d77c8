//! When the matching documents were received, counted between given instants.

use jiff::Timestamp;
use tantivy::collector::Collector;
use tantivy::{DocId, SegmentOrdinal, SegmentReader};

use crate::columns::{Blocks, Gathered, Values};
use crate::schema::column;

/// Consecutive spans of time: each begins at its edge and ends before the next one; the last edge only ends.
#[derive(Debug, Clone)]
pub(crate) struct Spans(Vec<i64>);

impl Spans {
    /// The edges must ascend.
    pub(crate) fn new(edges: &[Timestamp]) -> Self {
        Self(edges.iter().map(|edge| edge.as_microsecond()).collect())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    /// The span an instant lies in.
    pub(crate) fn find(&self, at: i64) -> Option<usize> {
        let after = self.0.partition_point(|edge| *edge <= at);
        (after > 0 && after < self.0.len()).then(|| after - 1)
    }
}

/// Counts documents by span of receipt.
pub(crate) struct TimelineCollector(pub(crate) Spans);

impl Collector for TimelineCollector {
    type Fruit = Vec<u64>;
    type Child = Gathered<SegmentTimeline>;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Self::Child> {
        let received = Values::new(segment.fast_fields().column_opt(column::RECEIVED)?);
        let counts = vec![0; self.0.len()];
        Ok(Gathered::new(SegmentTimeline { spans: self.0.clone(), received, counts }))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Vec<u64>>) -> tantivy::Result<Vec<u64>> {
        let mut total = vec![0; self.0.len()];
        for segment in segments {
            for (total, count) in total.iter_mut().zip(segment) {
                *total += count;
            }
        }
        Ok(total)
    }
}

pub(crate) struct SegmentTimeline {
    spans: Spans,
    received: Values<i64>,
    counts: Vec<u64>,
}

impl Blocks for SegmentTimeline {
    type Fruit = Vec<u64>;

    fn count(&mut self, docs: &[DocId]) {
        for at in self.received.read(docs).iter().flatten() {
            if let Some(span) = self.spans.find(*at) {
                self.counts[span] += 1;
            }
        }
    }

    fn finish(self) -> Vec<u64> {
        self.counts
    }
}
