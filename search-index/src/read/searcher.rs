//! The questions that one snapshot of the index answers.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::SubmissionId;
use jiff::Timestamp;
use tantivy::query::Query as Tantivy;
use uuid::Uuid;

use crate::count::answer_time::AnswerTimeCount;
use crate::count::facets::FacetCount;
use crate::count::matrix::{self, MatrixCounter};
use crate::count::newest::Newest;
use crate::count::report::ReportCount;
use crate::count::selection::{Count, Selection};
use crate::count::timeline::Timeline;
use crate::facts::at::index;
use crate::facts::columns::Counted;
use crate::facts::ids::{IdDictionary, IdKind};
use crate::facts::quarter::Quarter;
use crate::facts::row::{Rest, seconds};
use crate::open_level::Opening;
use crate::publish::manifest::Loss;
use crate::read::shard::Shard;
use crate::words::reader::{Best, ShardWords, Statistics, fields};
use crate::words::similar;
use crate::{AnswerTimes, Error, Facets, Filter, IndexPart, MatrixCounts, OpenLevel, Query, Report};

/// Hits beyond this number are counted but not listed: people do not read that far, and sorting so many costs memory.
pub const DEPTH_LIMIT: usize = 10_000;

/// Which of the hits are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Hits to skip.
    pub offset: usize,
    /// Most hits to return; 0 only counts.
    pub limit: usize,
}

/// A page of hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits {
    /// All matching submissions, not only those of the page.
    pub total: usize,
    /// The page: the best first if the query has words, otherwise the newest first; equal ones by id.
    pub items: Vec<SubmissionId>,
}

/// One snapshot of the index, whole and unchanging.
///
/// All methods compute in the calling thread and read mapped files: call them inside
/// `tokio::task::spawn_blocking`.
pub struct Searcher {
    generation: u64,
    opening: Opening,
    names: Arc<IdDictionary>,
    /// The oldest first.
    shards: Vec<Arc<Shard>>,
    missing: BTreeSet<Quarter>,
}

/// All of a snapshot.
const EVERYTHING: Opening = Opening { level: OpenLevel::Words, lacks: None };

/// What a searcher is made of.
pub(crate) type Parts = (Arc<IdDictionary>, Vec<Arc<Shard>>);

/// A query in the numbers of a snapshot.
struct ResolvedQuestion<'a> {
    selection: Selection,
    /// Where something can be found, the oldest first.
    parts: Vec<ShardQuestion<'a>>,
}

/// A shard, and what is asked of its words.
struct ShardQuestion<'a> {
    shard: &'a Shard,
    words: Option<(&'a ShardWords, Box<dyn Tantivy>)>,
}

impl ShardQuestion<'_> {
    /// The rows that have the words; none if none are asked for.
    fn among(&self) -> Result<Option<Vec<u32>>, Error> {
        self.words.as_ref().map(|(words, query)| words.rows(query.as_ref())).transpose()
    }
}

impl Searcher {
    /// Nothing, open for everything.
    pub(crate) fn empty() -> Self {
        Self::new(0, EVERYTHING, Parts::default(), BTreeSet::new())
    }

    /// An empty snapshot that says it is incomplete: for a caller that knows of submissions where no index is published.
    #[must_use]
    pub fn lost() -> Self {
        Self::new(0, EVERYTHING, Parts::default(), Loss::of_anything(&[]).quarters)
    }

    pub(crate) fn new(
        generation: u64,
        opening: Opening,
        (names, shards): Parts,
        missing: BTreeSet<Quarter>,
    ) -> Self {
        Self { generation, opening, names, shards, missing }
    }

    pub(crate) fn parts(&self) -> (&Arc<IdDictionary>, &[Arc<Shard>]) {
        (&self.names, &self.shards)
    }

    /// How much of this snapshot is open.
    pub fn needs(&self) -> OpenLevel {
        self.opening.level
    }

    /// The part that is being made anew, since its format has changed: questions that need it are refused with
    /// [`Error::Remaking`], all others are answered.
    pub fn lacks(&self) -> Option<IndexPart> {
        self.opening.lacks
    }

    /// Quarters, such as `2026q2`, that may miss submissions because files are damaged, the earliest first; empty as long as nothing
    /// is wrong. A page that shows results says so.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        self.missing.iter().map(ToString::to_string).collect()
    }

    /// The published generation; 0 if nothing has ever been published.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// All submissions of the snapshot.
    #[must_use]
    pub fn document_count(&self) -> u64 {
        self.shards.iter().map(|shard| shard.rows.len() as u64).sum()
    }

    /// Finds submissions.
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read, or were opened for [less](OpenLevel). No query is an error.
    pub fn search(&self, query: &Query, page: Page) -> Result<Hits, Error> {
        self.offers(OpenLevel::Rows)?;
        let asked = self.asked(query)?;
        if !query.words.are_scored() || !asked.selection.is_open() {
            self.has(IndexPart::Facts)?; // filters, and what is newest
        }
        let total = index(total(&asked)?);
        let offset = page.offset.min(DEPTH_LIMIT);
        let limit = page.limit.min(DEPTH_LIMIT - offset);
        if limit == 0 || offset >= total {
            return Ok(Hits { total, items: Vec::new() });
        }
        let wanted = offset + limit;
        let found =
            if query.words.are_scored() { self.best(&asked, wanted, None)? } else { newest(&asked, wanted)? };
        let items = found.into_iter().skip(offset).map(submission).collect();
        Ok(Hits { total, items })
    }

    /// Counts the matching submissions by category, territory, organization and status.
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read, or were opened for [less](OpenLevel).
    pub fn facets(&self, query: &Query) -> Result<Facets, Error> {
        self.has(IndexPart::Facts)?;
        let mut count = FacetCount::new(&self.names);
        count_all(&self.asked(query)?, &mut count)?;
        Ok(count.finish(&self.names))
    }

    /// Counts the matching submissions by groups of categories and groups of territories. `rows` says to which group a
    /// leaf category belongs, and what has none; `columns` the same of leaf territories. Both are asked once for each id,
    /// and what they give no group is not counted. `now` decides what is overdue.
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read, or were opened for [less](OpenLevel).
    pub fn matrix(
        &self,
        query: &Query,
        rows: impl Fn(Option<&str>) -> Option<String>,
        columns: impl Fn(&str) -> Option<String>,
        now: Timestamp,
    ) -> Result<MatrixCounts, Error> {
        self.has(IndexPart::Facts)?;
        let (row_places, rows) = matrix::groups(&self.names, IdKind::Category, rows);
        let (column_places, columns) =
            matrix::groups(&self.names, IdKind::Territory, |territory| territory.and_then(&columns));
        let mut count =
            MatrixCounter::new((row_places, rows.len()), (column_places, columns.len()), seconds(now));
        count_all(&self.asked(query)?, &mut count)?;
        Ok(MatrixCounts { rows, columns, cells: count.cells().collect() })
    }

    /// How long the answers to the matching submissions took, by the same groups as [`matrix`](Self::matrix).
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read, or were opened for [less](OpenLevel).
    pub fn answer_times(
        &self,
        query: &Query,
        rows: impl Fn(Option<&str>) -> Option<String>,
        columns: impl Fn(&str) -> Option<String>,
    ) -> Result<AnswerTimes, Error> {
        self.has(IndexPart::Facts)?;
        let (row_places, rows) = matrix::groups(&self.names, IdKind::Category, rows);
        let (column_places, columns) =
            matrix::groups(&self.names, IdKind::Territory, |territory| territory.and_then(&columns));
        let mut count = AnswerTimeCount::new(row_places, (column_places, columns.len()));
        count_all(&self.asked(query)?, &mut count)?;
        Ok(count.finish(rows.len()))
    }

    /// Counts the matching submissions by when they were received: one count for each two neighbours of `edges`, which
    /// ascend.
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read, or were opened for [less](OpenLevel).
    pub fn timeline(&self, query: &Query, edges: &[Timestamp]) -> Result<Vec<u64>, Error> {
        self.has(IndexPart::Facts)?;
        let mut count = Timeline::new(edges);
        count_all(&self.asked(query)?, &mut count)?;
        Ok(count.counts)
    }

    /// What was received and answered between the first and the last of `edges`, which ascend, and what is open `now`.
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read, or were opened for [less](OpenLevel).
    pub fn report(&self, query: &Query, edges: &[Timestamp], now: Timestamp) -> Result<Report, Error> {
        self.has(IndexPart::Facts)?;
        self.offers(OpenLevel::Rows)?;
        let mut asked = self.asked(query)?;
        // Without details everything would seem to be in time.
        asked.parts.retain(|part| part.shard.offers(OpenLevel::Rows));
        let mut count = ReportCount::new(edges, now, &self.names);
        count_all(&asked, &mut count)?;
        Ok(count.finish(&self.names))
    }

    /// Submissions whose words are like this text, the most similar first; `except` is not among them.
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read, or were opened for [less](OpenLevel).
    pub fn similar(
        &self,
        text: &str,
        except: SubmissionId,
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<SubmissionId>, Error> {
        self.offers(OpenLevel::Words)?;
        self.has(IndexPart::Words)?;
        let query = similar::query(text, fields(), &self.statistics()).map_err(Error::index("searching"))?;
        let Some(query) = query else { return Ok(Vec::new()) };
        let selection = Selection::new(filter, &self.names);
        if !selection.is_open() {
            self.has(IndexPart::Facts)?;
        }
        let mut parts = Vec::with_capacity(self.shards.len());
        for shard in self.shards(&selection) {
            let words =
                shard.words.as_deref().map(|words| (words, Box::new(query.clone()) as Box<dyn Tantivy>));
            parts.push(ShardQuestion { shard, words });
        }
        let found =
            self.best(&ResolvedQuestion { selection, parts }, limit.max(1), Some(except.uuid().as_u128()))?;
        Ok(found.into_iter().map(submission).collect())
    }

    fn asked(&self, query: &Query) -> Result<ResolvedQuestion<'_>, Error> {
        let needs = OpenLevel::of(&query.words);
        self.offers(needs)?;
        if needs == OpenLevel::Words {
            self.has(IndexPart::Words)?;
        }
        let selection = Selection::new(&query.filter, &self.names);
        let mut parts = Vec::with_capacity(self.shards.len());
        for shard in self.shards(&selection) {
            if query.words.clauses.is_empty() {
                parts.push(ShardQuestion { shard, words: None });
            } else if let Some(words) = shard.words.as_deref()
                && let Some(query) = words.query(&query.words)?
            {
                parts.push(ShardQuestion { shard, words: Some((words, query)) });
            }
        }
        Ok(ResolvedQuestion { selection, parts })
    }

    /// The shards in which something can be that was received in this period.
    fn shards(&self, selection: &Selection) -> impl DoubleEndedIterator<Item = &Shard> {
        let (from, before) = selection.period();
        let shards = self.shards.iter().map(Arc::as_ref);
        shards.filter(move |shard| shard.quarter.begins() < before && from < shard.quarter.ends())
    }

    fn statistics(&self) -> Statistics<'_> {
        Statistics::of(self.shards.iter().filter_map(|shard| shard.words.as_deref()).collect())
    }

    /// Checks that enough is open.
    fn offers(&self, needs: OpenLevel) -> Result<(), Error> {
        if self.opening.level >= needs { Ok(()) } else { Err(Error::NotOpened) }
    }

    /// Checks that a part is not being made anew.
    fn has(&self, part: IndexPart) -> Result<(), Error> {
        if self.opening.lacks == Some(part) { Err(Error::Remaking { part }) } else { Ok(()) }
    }

    /// The best ones; what has no words is not scored.
    fn best(
        &self,
        asked: &ResolvedQuestion<'_>,
        wanted: usize,
        except: Option<u128>,
    ) -> Result<Vec<u128>, Error> {
        let statistics = self.statistics();
        let mut best = Best::new(wanted);
        for ShardQuestion { shard, words } in &asked.parts {
            let Some((words, query)) = words else { continue };
            let id = |row| shard.rows.id(row);
            let takes = |row| {
                asked.selection.takes(&shard.rows, row) && except.is_none_or(|except| id(row) != except)
            };
            words.best(query.as_ref(), &statistics, &mut best, (&takes, &id))?;
        }
        Ok(best.ranks())
    }
}

fn count_all(asked: &ResolvedQuestion<'_>, count: &mut impl Count) -> Result<(), Error> {
    for part in &asked.parts {
        asked.selection.count(&part.shard.rows, part.among()?.as_deref(), count);
    }
    Ok(())
}

/// How many there are.
fn total(asked: &ResolvedQuestion<'_>) -> Result<u32, Error> {
    if !asked.selection.is_open() {
        let mut count = Total::default();
        count_all(asked, &mut count)?;
        return Ok(count.0);
    }
    // Nothing but words: no row need be looked at.
    let mut total = 0;
    for ShardQuestion { shard, words } in &asked.parts {
        total += match words {
            Some((words, query)) => words.count(query.as_ref())?,
            None => shard.rows.len() as u64,
        };
    }
    Ok(u32::try_from(total).unwrap_or(u32::MAX))
}

/// The newest ones.
fn newest(asked: &ResolvedQuestion<'_>, wanted: usize) -> Result<Vec<u128>, Error> {
    let mut found = Vec::new();
    for part in asked.parts.iter().rev().filter(|part| part.shard.offers(OpenLevel::Rows)) {
        // What is in an older shard was received earlier.
        if found.len() >= wanted {
            break;
        }
        let mut newest = Newest::new(wanted - found.len());
        asked.selection.count(&part.shard.rows, part.among()?.as_deref(), &mut newest);
        found.extend(newest.ids());
    }
    Ok(found)
}

fn submission(id: u128) -> SubmissionId {
    SubmissionId::new(Uuid::from_u128(id))
}

/// How many there are.
#[derive(Default)]
struct Total(u32);

impl Count for Total {
    fn rows(&mut self, _: &crate::facts::block::Block, rows: &[u32]) {
        self.0 += u32::try_from(rows.len()).unwrap_or(u32::MAX);
    }

    fn fact(&mut self, _: &Counted, _: &Rest) {
        self.0 += 1;
    }
}
