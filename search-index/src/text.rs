//! Which rows of a shard have the words that are searched for, and which of them best.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::Path;

use tantivy::collector::Collector;
use tantivy::columnar::Column;
use tantivy::directory::MmapDirectory;
use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Query};
use tantivy::schema::Field;
use tantivy::{Index, ReloadPolicy, Score, Searcher, SegmentReader, Term};

use crate::analyzer;
use crate::query::translate;
use crate::schema::{self, Fields, ROW};
use crate::words::Words;
use crate::{Error, hits::Gathered};

/// The words of one shard.
pub(crate) struct ShardWords {
    searcher: Searcher,
}

impl ShardWords {
    /// Opens a tantivy index. The pages of its files are read at random places: the operating system is told, or it would
    /// read ten times as much as the first question needs.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let directory = MmapDirectory::open_with_madvice(folder, tantivy::directory::Advice::Random);
        let directory = directory.map_err(|error| Error::index("opening a shard")(error.into()))?;
        Self::new(&Index::open(directory).map_err(Error::index("opening a shard"))?)
    }

    fn new(index: &Index) -> Result<Self, Error> {
        analyzer::register(index);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let reader: tantivy::IndexReader = reader.map_err(Error::index("opening a shard"))?;
        Ok(Self { searcher: reader.searcher() })
    }

    /// Words as a query of this shard.
    pub(crate) fn query(&self, asked: &Words) -> Result<Option<Box<dyn Query>>, Error> {
        translate(asked, (&self.searcher, fields())).map_err(Error::index("searching"))
    }

    /// The rows that match, in no particular order.
    pub(crate) fn rows(&self, query: &dyn Query) -> Result<Vec<u32>, Error> {
        let found = self.searcher.search(query, &RowCollector);
        found.map_err(Error::index("searching"))
    }

    /// The best of the rows that match and are wanted: score and row. Equal scores come by what `rank` says, smaller ones first.
    pub(crate) fn best<R: Ord + Copy>(
        &self,
        query: &dyn Query,
        statistics: &Statistics<'_>,
        best: &mut Best<R>,
        wanted: &dyn Fn(u32) -> Option<R>,
    ) -> Result<(), Error> {
        let scoring = EnableScoring::enabled_from_statistics_provider(statistics, &self.searcher);
        let mut search = || -> tantivy::Result<()> {
            let weight = query.weight(scoring)?;
            for segment in self.searcher.segment_readers() {
                let rows = row_column(segment)?;
                let alive = segment.alive_bitset();
                weight.for_each_pruning(best.threshold(), segment, &mut |doc, score| {
                    if alive.is_none_or(|alive| alive.is_alive(doc))
                        && let Some(row) = rows.first(doc).and_then(|row| u32::try_from(row).ok())
                        && let Some(rank) = wanted(row)
                    {
                        best.offer(score, rank);
                    }
                    best.threshold()
                })?;
            }
            Ok(())
        };
        search().map_err(Error::index("searching"))
    }
}

fn row_column(segment: &SegmentReader) -> tantivy::Result<Column<u64>> {
    segment.fast_fields().u64(ROW)
}

/// The best so far.
pub(crate) struct Best<R> {
    wanted: usize,
    /// The worst on top.
    heap: BinaryHeap<Reverse<Place<R>>>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
struct Place<R> {
    /// Of positive floats the bits are ordered as the numbers.
    score: u32,
    rank: Reverse<R>,
}

impl<R: Ord + Copy> Best<R> {
    pub(crate) fn new(wanted: usize) -> Self {
        Self { wanted, heap: BinaryHeap::with_capacity(wanted.min(1_000) + 1) }
    }

    /// Only what scores more can still be among the best. A little less than the worst: equal ones may have a better rank.
    fn threshold(&self) -> Score {
        match self.heap.peek() {
            Some(Reverse(worst)) if self.heap.len() == self.wanted => {
                Score::from_bits(worst.score).next_down()
            }
            _ => Score::MIN,
        }
    }

    fn offer(&mut self, score: Score, rank: R) {
        let place = Place { score: score.max(0.0).to_bits(), rank: Reverse(rank) };
        if self.heap.len() < self.wanted {
            self.heap.push(Reverse(place));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && place > worst.0
        {
            *worst = Reverse(place);
        }
    }

    /// The best first.
    pub(crate) fn ranks(self) -> Vec<R> {
        // Reversed places ascend from the best to the worst.
        self.heap.into_sorted_vec().into_iter().map(|Reverse(place)| place.rank.0).collect()
    }
}

/// Collects the rows of all documents that match.
struct RowCollector;

impl Collector for RowCollector {
    type Fruit = Vec<u32>;
    type Child = Gathered;

    fn for_segment(&self, _: u32, segment: &SegmentReader) -> tantivy::Result<Gathered> {
        Ok(Gathered::new(row_column(segment)?))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Vec<u32>>) -> tantivy::Result<Vec<u32>> {
        Ok(segments.concat())
    }
}

/// How frequent words are in all shards: scores of different shards can be compared then.
pub(crate) struct Statistics<'a>(pub(crate) Vec<&'a ShardWords>);

impl Statistics<'_> {
    fn sum(&self, of: impl Fn(&Searcher) -> tantivy::Result<u64>) -> tantivy::Result<u64> {
        self.0.iter().map(|words| of(&words.searcher)).sum()
    }
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.sum(|searcher| searcher.total_num_tokens(field))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.sum(tantivy::query::Bm25StatisticsProvider::total_num_docs)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.sum(|searcher| Bm25StatisticsProvider::doc_freq(searcher, term))
    }
}

/// The fields, which are the same in every shard.
pub(crate) fn fields() -> Fields {
    schema::build().1
}
