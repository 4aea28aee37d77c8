//! Questions to one whole snapshot of the index.

use domain::SubmissionId;
use jiff::Timestamp;
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue};
use tantivy::collector::{Collector, Count, TopDocs};
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Index, Order, ReloadPolicy, TantivyDocument};

use crate::facets::FacetCollector;
use crate::files::Folder;
use crate::matrix::MatrixCollector;
use crate::report::ReportCollector;
use crate::schema::{Fields, column};
use crate::timeline::{Spans, TimelineCollector};
use crate::words::Words;
use crate::{
    Document, Error, Facets, Filter, Fragment, MatrixCell, Query, Report, analyzer, query, schema, similar,
    snippet,
};

/// Hits beyond this number are counted but not listed: nobody reads that far, and sorting so many costs memory.
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
    /// All matching documents, not only those of the page.
    pub total: usize,
    /// The page: the best first if the query has words, otherwise the newest first; equal ones by id.
    pub items: Vec<Hit>,
}

/// A document that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// As it was indexed.
    pub document: Document,
    /// About 200 characters around the words searched for, or the beginning of the text when none occurs in it.
    /// Only present if highlighting was asked for.
    pub snippet: Option<Vec<Fragment>>,
}

/// One snapshot of the index, whole and unchanging.
///
/// All methods compute in the calling thread and read mapped files: call them inside
/// `tokio::task::spawn_blocking`.
pub struct Searcher {
    // Before the folder: mapped files are let go before they are removed.
    inner: tantivy::Searcher,
    fields: Fields,
    generation: u64,
    _folder: Option<Folder>,
}

impl Searcher {
    /// A searcher that finds nothing, for before the first publication.
    pub(crate) fn empty() -> Result<Self, Error> {
        let (schema, _) = schema::build();
        Self::new(&Index::create_in_ram(schema), 0, None)
    }

    pub(crate) fn open(folder: Folder, generation: u64) -> Result<Self, Error> {
        let index = Index::open_in_dir(folder.path()).map_err(Error::index("opening a snapshot"))?;
        Self::new(&index, generation, Some(folder))
    }

    fn new(index: &Index, generation: u64, folder: Option<Folder>) -> Result<Self, Error> {
        analyzer::register(index);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let reader: tantivy::IndexReader = reader.map_err(Error::index("opening a snapshot"))?;
        let (_, fields) = schema::build();
        Ok(Self { inner: reader.searcher(), fields, generation, _folder: folder })
    }

    /// The published generation; 0 if nothing has ever been published.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// All documents of the snapshot.
    #[must_use]
    pub fn document_count(&self) -> u64 {
        self.inner.num_docs()
    }

    /// Finds documents.
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read.
    pub fn search(&self, query: &Query, page: Page, highlight: bool) -> Result<Hits, Error> {
        let asked = self.translate(query)?;
        let offset = page.offset.min(DEPTH_LIMIT);
        let limit = page.limit.min(DEPTH_LIMIT - offset);
        if limit == 0 {
            let total = self.collect(asked.as_ref(), &Count)?;
            return Ok(Hits { total, items: Vec::new() });
        }

        let id_high = (SortByStaticFastValue::<u64>::for_field(column::ID_HIGH), Order::Asc);
        let id_low = (SortByStaticFastValue::<u64>::for_field(column::ID_LOW), Order::Asc);
        let newest = (SortByStaticFastValue::<i64>::for_field(column::RECEIVED), Order::Desc);
        let top = TopDocs::with_limit(limit).and_offset(offset);
        let (total, addresses) = if query.words.are_scored() {
            let top = top.order_by((SortBySimilarityScore, id_high, id_low));
            let (total, found) = self.collect(asked.as_ref(), &(Count, top))?;
            (total, addresses(found))
        } else {
            let top = top.order_by((newest, id_high, id_low));
            let (total, found) = self.collect(asked.as_ref(), &(Count, top))?;
            (total, addresses(found))
        };
        let items = self.hits(addresses, highlight.then_some(&query.words))?;
        Ok(Hits { total, items })
    }

    /// Counts the matching documents by category, territory, organization and status.
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read.
    pub fn facets(&self, query: &Query) -> Result<Facets, Error> {
        let asked = self.translate(query)?;
        self.collect(asked.as_ref(), &FacetCollector)
    }

    /// Counts the matching documents by leaf category and leaf territory, in no particular order. `now` decides
    /// what is overdue.
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read.
    pub fn matrix(&self, query: &Query, now: Timestamp) -> Result<Vec<MatrixCell>, Error> {
        let asked = self.translate(query)?;
        self.collect(asked.as_ref(), &MatrixCollector::new(now))
    }

    /// Counts the matching documents by when they were received: one count for each two neighbours of `edges`, which
    /// ascend.
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read.
    pub fn timeline(&self, query: &Query, edges: &[Timestamp]) -> Result<Vec<u64>, Error> {
        let asked = self.translate(query)?;
        self.collect(asked.as_ref(), &TimelineCollector(Spans::new(edges)))
    }

    /// What was received and answered between the first and the last of `edges`, which ascend, and what is open `now`.
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read.
    pub fn report(&self, query: &Query, edges: &[Timestamp], now: Timestamp) -> Result<Report, Error> {
        let asked = self.translate(query)?;
        self.collect(asked.as_ref(), &ReportCollector { spans: Spans::new(edges), now: now.as_microsecond() })
    }

    /// Documents whose texts are like that of a submission, the most similar first; none if it is not indexed.
    ///
    /// # Errors
    /// If the files of the snapshot cannot be read.
    pub fn similar(&self, id: SubmissionId, filter: &Filter, limit: usize) -> Result<Vec<Hit>, Error> {
        let term = self.fields.id_term(id);
        let own = TermQuery::new(term.clone(), IndexRecordOption::Basic);
        let found = self.collect(&own, &TopDocs::with_limit(1).order_by_score())?;
        let Some(own) = self.hits(addresses(found), None)?.pop() else { return Ok(Vec::new()) };
        let index = (&self.inner, &self.fields);
        let asked = similar::query(&own.document.text, term, filter, index, &mut analyzer::analyzer());
        let Some(asked) = asked.map_err(Error::index("searching"))? else { return Ok(Vec::new()) };
        let id_high = (SortByStaticFastValue::<u64>::for_field(column::ID_HIGH), Order::Asc);
        let id_low = (SortByStaticFastValue::<u64>::for_field(column::ID_LOW), Order::Asc);
        let top = TopDocs::with_limit(limit.max(1)).order_by((SortBySimilarityScore, id_high, id_low));
        let found = self.collect(&asked, &top)?;
        self.hits(addresses(found), Some(&Words::default()))
    }

    fn translate(&self, query: &Query) -> Result<Box<dyn tantivy::query::Query>, Error> {
        query::translate(query, (&self.inner, &self.fields)).map_err(Error::index("searching"))
    }

    fn collect<C: Collector>(
        &self,
        query: &dyn tantivy::query::Query,
        collector: &C,
    ) -> Result<C::Fruit, Error> {
        self.inner.search(query, collector).map_err(Error::index("searching"))
    }

    fn hits(&self, addresses: Vec<DocAddress>, highlight: Option<&Words>) -> Result<Vec<Hit>, Error> {
        let mut analyzer = analyzer::analyzer();
        let mut hits = Vec::with_capacity(addresses.len());
        for address in addresses {
            let stored: TantivyDocument =
                self.inner.doc(address).map_err(Error::index("reading a document"))?;
            let document = self.fields.decode(&stored)?;
            let snippet = highlight.map(|words| snippet::cut(&document.text, words, &mut analyzer));
            hits.push(Hit { document, snippet });
        }
        Ok(hits)
    }
}

fn addresses<K>(found: Vec<(K, DocAddress)>) -> Vec<DocAddress> {
    found.into_iter().map(|(_, address)| address).collect()
}
