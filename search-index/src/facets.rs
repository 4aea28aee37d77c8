//! How many of the matching documents each category, territory, organization and status has.

use std::collections::HashMap;

use tantivy::collector::Collector;
use tantivy::{DocId, SegmentOrdinal, SegmentReader};

use crate::columns::{Blocks, Gathered, Names};
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
        Ok(Gathered::new(SegmentFacets(columns)))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Vec<Counts>>>) -> tantivy::Result<Facets> {
        let mut total: Vec<Counts> = vec![Counts::new(); COLUMNS.len()];
        for segment in segments {
            for (total, counts) in total.iter_mut().zip(segment?) {
                for (name, count) in counts {
                    *total.entry(name).or_default() += count;
                }
            }
        }
        // In the order of COLUMNS.
        let mut total = total.into_iter().map(sorted);
        let mut next = || total.next().unwrap_or_default();
        Ok(Facets { category: next(), territory: next(), organization: next(), status: next() })
    }
}

/// The columns of a segment, each with a count per ordinal.
pub(crate) struct SegmentFacets(Vec<(Names, Vec<u64>)>);

impl Blocks for SegmentFacets {
    type Fruit = tantivy::Result<Vec<Counts>>;

    fn count(&mut self, docs: &[DocId]) {
        for (names, counts) in &mut self.0 {
            for ordinal in names.ordinals.read(docs).iter().flatten() {
                counts[index(*ordinal)] += 1;
            }
        }
    }

    fn finish(self) -> Self::Fruit {
        let mut found = Vec::with_capacity(self.0.len());
        for (names, counts) in self.0 {
            let (ordinals, counts): (Vec<u64>, Vec<u64>) =
                (0..).zip(counts).filter(|(_, count)| *count > 0).unzip();
            found.push(names.names(&ordinals)?.into_iter().zip(counts).collect());
        }
        Ok(found)
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
