//! The words of one shard, opened for reading: rows that match a question, and the best of them.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

use tantivy::directory::MmapDirectory;
use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Query, Weight};
use tantivy::schema::Field;
use tantivy::{Index, ReloadPolicy, Score, Searcher, SegmentReader, Term};

use crate::Error;
use crate::facts::at::index;
use crate::query::words::Words;
use crate::words::analyzer;
use crate::words::conjunction::Conjunction;
use crate::words::dense::DensePostingsCache;
use crate::words::schema::{self, Fields, ROW};
use crate::words::translate::translate;

/// The words of one shard.
pub(crate) struct ShardWords {
    searcher: Searcher,
    /// By segment: the row of each document, read when first asked for.
    rows: Vec<OnceLock<Vec<u32>>>,
    dense: Arc<DensePostingsCache>,
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
        let searcher = reader.searcher();
        let rows = searcher.segment_readers().iter().map(|_| OnceLock::new()).collect();
        Ok(Self { searcher, rows, dense: Arc::default() })
    }

    /// Words as a query of this shard.
    pub(crate) fn query(&self, asked: &Words) -> Result<Option<Box<dyn Query>>, Error> {
        translate(asked, (&self.searcher, fields()), &self.dense).map_err(Error::index("searching"))
    }

    /// How many documents match.
    pub(crate) fn count(&self, query: &dyn Query) -> Result<u64, Error> {
        let mut count = 0;
        self.each_segment(
            query,
            EnableScoring::disabled_from_searcher(&self.searcher),
            |weight, segment, _| {
                count += u64::from(weight.count(segment)?);
                Ok(())
            },
        )?;
        Ok(count)
    }

    /// The rows that match, in no particular order.
    pub(crate) fn rows(&self, query: &dyn Query) -> Result<Vec<u32>, Error> {
        let mut found = Vec::new();
        let without_deleted = query.is::<Conjunction>();
        self.each_segment(
            query,
            EnableScoring::disabled_from_searcher(&self.searcher),
            |weight, segment, rows| {
                let alive = segment.alive_bitset().filter(|_| !without_deleted);
                weight.for_each_no_score(segment, &mut |docs| match alive {
                    None => found.extend(docs.iter().map(|doc| rows[index(*doc)])),
                    Some(alive) => {
                        let docs = docs.iter().filter(|doc| alive.is_alive(**doc));
                        found.extend(docs.map(|doc| rows[index(*doc)]));
                    }
                })
            },
        )?;
        Ok(found)
    }

    /// The best of the rows that match and are wanted. Equal scores come by what `rank` says, smaller ones first.
    pub(crate) fn best<R: Ord + Copy>(
        &self,
        query: &dyn Query,
        statistics: &Statistics<'_>,
        best: &mut Best<R>,
        (wanted, rank): (&dyn Fn(u32) -> bool, &dyn Fn(u32) -> R),
    ) -> Result<(), Error> {
        let scoring = EnableScoring::enabled_from_statistics_provider(statistics, &self.searcher);
        self.each_segment(query, scoring, |weight, segment, rows| {
            let alive = segment.alive_bitset();
            weight.for_each_pruning(best.threshold(), segment, &mut |doc, score| {
                let row = rows[index(doc)];
                if alive.is_none_or(|alive| alive.is_alive(doc)) && wanted(row) {
                    best.offer(score, rank(row));
                }
                best.threshold()
            })
        })
    }

    fn each_segment(
        &self,
        query: &dyn Query,
        scoring: EnableScoring<'_>,
        mut look: impl FnMut(&dyn Weight, &SegmentReader, &[u32]) -> tantivy::Result<()>,
    ) -> Result<(), Error> {
        let mut look_into_all = || -> tantivy::Result<()> {
            let weight = query.weight(scoring)?;
            for (segment, rows) in self.searcher.segment_readers().iter().zip(&self.rows) {
                if rows.get().is_none() {
                    let read = read_rows(segment)?;
                    rows.get_or_init(|| read);
                }
                let rows = rows.get().map(Vec::as_slice).unwrap_or_default();
                look(weight.as_ref(), segment, rows)?;
            }
            Ok(())
        };
        look_into_all().map_err(Error::index("searching"))
    }
}

/// The rows of the documents of a segment.
fn read_rows(segment: &SegmentReader) -> tantivy::Result<Vec<u32>> {
    let column = segment.fast_fields().u64(ROW)?;
    let mut rows = vec![0; index(segment.max_doc())];
    column.values.get_range(0, &mut rows);
    Ok(rows.into_iter().map(|row| u32::try_from(row).unwrap_or(u32::MAX)).collect())
}

/// The best so far.
pub(crate) struct Best<R> {
    wanted: usize,
    /// The worst on top.
    heap: BinaryHeap<Reverse<Ranked<R>>>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
struct Ranked<R> {
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
        let place = Ranked { score: score.max(0.0).to_bits(), rank: Reverse(rank) };
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

/// How frequent words are in all shards: scores of different shards can be compared then.
pub(crate) struct Statistics<'a> {
    shards: Vec<&'a ShardWords>,
    /// Every shard asks the same.
    frequencies: RefCell<HashMap<Term, u64>>,
    tokens: RefCell<HashMap<Field, u64>>,
}

impl<'a> Statistics<'a> {
    pub(crate) fn of(shards: Vec<&'a ShardWords>) -> Self {
        Self { shards, frequencies: RefCell::default(), tokens: RefCell::default() }
    }

    fn sum(&self, of: impl Fn(&Searcher) -> tantivy::Result<u64>) -> tantivy::Result<u64> {
        self.shards.iter().map(|words| of(&words.searcher)).sum()
    }
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        if let Some(known) = self.tokens.borrow().get(&field) {
            return Ok(*known);
        }
        let tokens = self.sum(|searcher| searcher.total_num_tokens(field))?;
        self.tokens.borrow_mut().insert(field, tokens);
        Ok(tokens)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.sum(tantivy::query::Bm25StatisticsProvider::total_num_docs)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        if let Some(known) = self.frequencies.borrow().get(term) {
            return Ok(*known);
        }
        let of = |words: &&ShardWords| words.dense.frequency(&words.searcher, term);
        let count = self.shards.iter().map(of).sum::<tantivy::Result<u64>>()?;
        self.frequencies.borrow_mut().insert(term.clone(), count);
        Ok(count)
    }
}

/// The fields, which are the same in every shard.
pub(crate) fn fields() -> Fields {
    static FIELDS: LazyLock<Fields> = LazyLock::new(|| schema::build().1);
    *FIELDS
}
