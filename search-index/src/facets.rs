//! How many of the matching documents each category, territory, organization and status has.

use std::collections::HashMap;

use jiff::Timestamp;
use tantivy::collector::Collector;
use tantivy::{DocId, SegmentOrdinal, SegmentReader};

use crate::columns::{Blocks, Gathered, Names, Values};
use crate::schema::column;

/// Counts of leaf values, the most frequent first, equal counts by id. Callers roll up to branches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// Ids of leaf categories; documents without category are not counted.
    pub category: Vec<(String, u64)>,
    /// Ids of leaf territories.
    pub territory: Vec<(String, u64)>,
    /// Ids of organizations; documents without organization are not counted.
    pub organization: Vec<(String, u64)>,
    /// Names of statuses, as `Status::as_str` gives them.
    pub status: Vec<(String, u64)>,
    /// When the first and the last of them were received.
    pub received: Option<(Timestamp, Timestamp)>,
}

const COLUMNS: [&str; 4] = [column::CATEGORY, column::TERRITORY, column::ORGANIZATION, column::STATUS];

type Counts = HashMap<String, u64>;

/// Collects [`Facets`].
pub(crate) struct FacetCollector;

impl Collector for FacetCollector {
    type Fruit = Facets;
    type Child = Gathered<SegmentFacets>;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Self::Child> {
        let mut columns = Vec::with_capacity(COLUMNS.len());
        for column in COLUMNS {
            let names = Names::open(segment, column)?;
            let counts = vec![0; names.len()];
            columns.push((names, counts));
        }
        let received = Values::new(segment.fast_fields().column_opt(column::RECEIVED)?);
        Ok(Gathered::new(SegmentFacets { columns, received, span: None }))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(
        &self,
        segments: Vec<tantivy::Result<(Vec<Counts>, Option<Span>)>>,
    ) -> tantivy::Result<Facets> {
        let mut total: Vec<Counts> = vec![Counts::new(); COLUMNS.len()];
        let mut whole: Option<Span> = None;
        for segment in segments {
            let (counts, span) = segment?;
            if let Some((first, last)) = span {
                whole = Some(wider(whole, first, last));
            }
            for (total, counts) in total.iter_mut().zip(counts) {
                for (name, count) in counts {
                    *total.entry(name).or_default() += count;
                }
            }
        }
        // In the order of COLUMNS.
        let mut total = total.into_iter().map(sorted);
        let mut next = || total.next().unwrap_or_default();
        let time = |micros| Timestamp::from_microsecond(micros).ok();
        let received = whole.and_then(|(first, last)| Some((time(first)?, time(last)?)));
        Ok(Facets { category: next(), territory: next(), organization: next(), status: next(), received })
    }
}

/// The first and the last instant, in microseconds.
type Span = (i64, i64);

fn wider(span: Option<Span>, first: i64, last: i64) -> Span {
    span.map_or((first, last), |(from, to)| (from.min(first), to.max(last)))
}

/// The columns of a segment, each with a count per ordinal.
pub(crate) struct SegmentFacets {
    columns: Vec<(Names, Vec<u64>)>,
    received: Values<i64>,
    span: Option<Span>,
}

impl Blocks for SegmentFacets {
    type Fruit = tantivy::Result<(Vec<Counts>, Option<Span>)>;

    fn count(&mut self, docs: &[DocId]) {
        for at in self.received.read(docs).iter().flatten() {
            self.span = Some(wider(self.span, *at, *at));
        }
        for (names, counts) in &mut self.columns {
            for ordinal in names.ordinals.read(docs).iter().flatten() {
                counts[index(*ordinal)] += 1;
            }
        }
    }

    fn finish(self) -> Self::Fruit {
        let mut found = Vec::with_capacity(self.columns.len());
        for (names, counts) in self.columns {
            let (ordinals, counts): (Vec<u64>, Vec<u64>) =
                (0..).zip(counts).filter(|(_, count)| *count > 0).unzip();
            found.push(names.names(&ordinals)?.into_iter().zip(counts).collect());
        }
        Ok((found, self.span))
    }
}

fn index(ordinal: u64) -> usize {
    usize::try_from(ordinal).expect("an ordinal is below the number of documents of a segment, a u32")
}

fn sorted(counts: Counts) -> Vec<(String, u64)> {
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_unstable_by(|(left, left_count), (right, right_count)| {
        right_count.cmp(left_count).then_with(|| left.cmp(right))
    });
    counts
}
