//! What the tests of this crate share: documents made short, and an index published into memory.

use std::path::Path;
use std::sync::Arc;

use domain::{Status, SubmissionId, SubmissionKind};
use futures::TryStreamExt;
use jiff::Timestamp;
use object_store::ObjectStore;
use object_store::memory::InMemory;
use search_index::{Document, Filter, Hits, IndexWriter, Page, Query, Searcher, SnapshotReader, Words};
use tempfile::TempDir;

/// The first hits.
pub(crate) const PAGE: Page = Page { offset: 0, limit: 20 };

pub(crate) fn memory() -> Arc<dyn ObjectStore> {
    Arc::new(InMemory::new())
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().expect("a time in a test")
}

/// A document with little in it; `number` gives the id, and later ones were received later.
pub(crate) fn document(number: u32, text: &str) -> Document {
    Document {
        id: id(number),
        version: 1,
        kind: SubmissionKind::Report,
        status: Status::Received,
        text: text.to_owned(),
        place: None,
        category: None,
        territory: "tver".parse().expect("a territory"),
        organization: None,
        received: time("2025-03-01T00:00:00Z") + jiff::SignedDuration::from_mins(number.into()),
        due: None,
        reopened: false,
        mark: None,
        answered: None,
        answer_due: None,
        answered_by: None,
        assignee: None,
    }
}

/// The id with this number: ids are ordered as their numbers.
pub(crate) fn id(number: u32) -> SubmissionId {
    // Different in both halves, which the index keeps apart.
    format!("{:016x}{:016x}", number / 5, number % 5).parse().expect("an id")
}

/// An index of these documents, through a writer, the store and a reader. The folder lives as long as the index.
pub(crate) async fn published(documents: Vec<Document>) -> (TempDir, Arc<Searcher>) {
    let (store, folder) = (memory(), TempDir::new().expect("a folder"));
    let mut writer = open(&store, &folder.path().join("work")).await;
    writer.apply(documents).await.expect("applied");
    writer.publish().await.expect("published");
    let searcher = latest(&reader(&store, &folder.path().join("cache")).await).await;
    (folder, searcher)
}

pub(crate) async fn open(store: &Arc<dyn ObjectStore>, work: &Path) -> IndexWriter {
    IndexWriter::open(Arc::clone(store), work).await.expect("a writer")
}

pub(crate) async fn reader(store: &Arc<dyn ObjectStore>, cache: &Path) -> SnapshotReader {
    SnapshotReader::open(Arc::clone(store), cache).await.expect("a reader")
}

pub(crate) async fn latest(reader: &SnapshotReader) -> Arc<Searcher> {
    reader.latest().await.expect("the latest snapshot")
}

pub(crate) fn find(searcher: &Searcher, query: &Query) -> Hits {
    searcher.search(query, PAGE).expect("hits")
}

/// The numbers of the documents that a typed line finds, in ascending order.
pub(crate) fn numbers(searcher: &Searcher, line: &str) -> Vec<u128> {
    let mut numbers = ordered(searcher, &typed(line));
    numbers.sort_unstable();
    numbers
}

/// The numbers of the documents found, in their order.
pub(crate) fn ordered(searcher: &Searcher, query: &Query) -> Vec<u128> {
    let number = |id: SubmissionId| {
        let (high, low) = id.uuid().as_u64_pair();
        u128::from(high * 5 + low)
    };
    find(searcher, query).items.into_iter().map(number).collect()
}

pub(crate) fn typed(line: &str) -> Query {
    let line = search_index::Line::read(line).expect("a line without mistakes");
    Query { words: line.words, filter: Filter::default() }
}

pub(crate) fn filtered(filter: Filter) -> Query {
    Query { words: Words::default(), filter }
}

pub(crate) fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

pub(crate) fn version(number: u32, version: u64, text: &str) -> Document {
    Document { version, ..document(number, text) }
}

pub(crate) async fn objects(store: &Arc<dyn ObjectStore>, prefix: &str) -> Vec<String> {
    let listed: Vec<_> = store.list(Some(&prefix.into())).try_collect().await.expect("a listing");
    let mut names: Vec<String> = listed.into_iter().map(|meta| meta.location.to_string()).collect();
    names.sort_unstable();
    names
}
