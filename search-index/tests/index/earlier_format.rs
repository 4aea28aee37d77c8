//! An index whose facts or words are of another format: that part alone is made anew, and the other one answers meanwhile.
//!
//! `tests/fixtures/format4` was written by the program before facts and words had formats of their own, from [`documents`] in three
//! generations, some of them with another text first.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use domain::{Status, SubmissionKind};
use jiff::SignedDuration;
use object_store::{ObjectStore, ObjectStoreExt};
use search_index::{Document, Error, Filter, IndexPart, IndexWriter, OpenLevel, Query, Searcher};

use crate::common::*;

/// What the index of the fixture was made from: enough submissions of one quarter for a block of facts, and a few of another
/// one, all of whose facts are in deltas.
fn documents() -> Vec<Document> {
    let statuses = [
        Status::Received,
        Status::Rejected,
        Status::Assigned,
        Status::Answered,
        Status::Closed,
        Status::Withdrawn,
    ];
    let words = ["яма", "фонарь", "снег", "вода", "лифт", "двор"];
    let mut documents = Vec::new();
    for number in 0..2_110_u32 {
        let at = |of: usize| usize::try_from(number).expect("a small number") % of;
        let begins = if number < 2_100 { "2025-04-01T00:00:00Z" } else { "2025-07-01T00:00:00Z" };
        let received = time(begins) + SignedDuration::from_mins(number.into());
        let answered =
            (number % 3 == 0).then(|| received + SignedDuration::from_hours(24 + i64::from(number % 90)));
        documents.push(Document {
            kind: if number % 5 == 0 { SubmissionKind::Appeal } else { SubmissionKind::Report },
            status: statuses[at(6)],
            place: (number % 4 == 0).then(|| format!("улица {}", words[at(5)])),
            category: (number % 7 > 0).then(|| format!("topic-{}", number % 7).parse().expect("an id")),
            territory: format!("region-{}", number % 11).parse().expect("an id"),
            organization: (number % 2 == 0)
                .then(|| format!("office-{}", number % 13).parse().expect("an id")),
            received,
            due: Some(received + SignedDuration::from_hours(720)),
            reopened: number % 17 == 0,
            mark: answered.map(|_| u8::try_from(1 + number % 5).expect("a mark")),
            answered,
            answer_due: answered.map(|_| received + SignedDuration::from_hours(72)),
            answered_by: answered.map(|_| format!("clerk-{}", number % 3).parse().expect("an id")),
            assignee: (number % 6 == 2).then(|| "clerk-1".parse().expect("an id")),
            ..version(number, 3, &format!("{} {}", words[at(6)], words[at(7) % 6]))
        });
    }
    documents
}

/// The fixture in memory, where it can be written to.
async fn of_format_4() -> Arc<dyn ObjectStore> {
    let store = memory();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/format4");
    for folder in ["files", "manifests", ""] {
        for entry in std::fs::read_dir(fixture.join(folder)).expect("a folder of the fixture") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let name = path.strip_prefix(&fixture).expect("inside").to_string_lossy().into_owned();
                let bytes = std::fs::read(&path).expect("a file");
                store.put(&name.into(), bytes.into()).await.expect("put");
            }
        }
    }
    store
}

/// What can be asked, and what the answers are.
fn answers(searcher: &Searcher) -> String {
    let now = time("2025-06-01T00:00:00Z");
    let (all, words) = (Query::default(), typed("яма"));
    let topic = |category: Option<&str>| Some(category.unwrap_or("-").to_owned());
    let region = |territory: &str| Some(territory.to_owned());
    let appeals = Filter { kind: Some(SubmissionKind::Appeal), ..Filter::default() };
    let edges = [time("2025-04-01T00:00:00Z"), time("2025-05-01T00:00:00Z"), time("2025-08-01T00:00:00Z")];
    let mut grid = searcher.matrix(&words, topic, region, now).expect("a matrix");
    // Its rows and columns are in the order of numbers, which is that of writing.
    let mut cells: Vec<_> = grid
        .cells
        .chunks(grid.columns.len())
        .zip(&grid.rows)
        .flat_map(|(cells, row)| {
            cells.iter().zip(&grid.columns).map(move |(cell, column)| (row.clone(), column.clone(), *cell))
        })
        .collect();
    cells.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    grid.rows.sort_unstable();
    let mut report = searcher.report(&all, &edges, now).expect("a report");
    report.minutes.sort_unstable();
    report.categories.sort_by(|a, b| a.0.cmp(&b.0));
    report.caseworkers.sort_by(|a, b| a.0.cmp(&b.0));
    let hits = [
        all.clone(),
        words,
        filtered(appeals),
        typed("фонарь -снег"),
        typed("\"яма яма\""),
        typed("прежний"),
    ];
    let answers = (
        searcher.document_count(),
        hits.map(|query| find(searcher, &query)),
        searcher.facets(&all).expect("facets"),
        (cells, report),
        searcher.missing(),
    );
    format!("{answers:#?}")
}

/// The same documents in an index of today.
async fn of_today() -> String {
    let (_folder, searcher) = published(documents()).await;
    answers(&searcher)
}

async fn words_of(store: &Arc<dyn ObjectStore>) -> BTreeSet<String> {
    let files = objects(store, "files").await.into_iter();
    files.filter(|name| [".term", ".idx", ".pos"].iter().any(|end| name.ends_with(end))).collect()
}

fn is_remaking<T>(answer: Result<T, Error>, expected: IndexPart) -> bool {
    matches!(answer.map(drop), Err(Error::Remaking { part }) if part == expected)
}

#[tokio::test]
async fn of_an_index_of_format_4_the_facts_are_made_anew_and_the_words_are_searched_meanwhile() {
    let (store, work, cache) = (of_format_4().await, folder(), folder());
    let reader = reader(&store, cache.path()).await;
    let words = words_of(&store).await;
    let searched_meanwhile = |searcher: &Searcher, total: usize| {
        assert_eq!((searcher.lacks(), searcher.missing()), (Some(IndexPart::Facts), vec![]));
        assert_eq!(find(searcher, &typed("яма двор")).total, total);
        assert_eq!(searcher.similar("яма двор", id(5), &Filter::default(), 3).expect("similar").len(), 3);
        let appeals = Filter { kind: Some(SubmissionKind::Appeal), ..Filter::default() };
        let filtered = Query { filter: appeals.clone(), ..typed("яма") };
        for refused in [
            searcher.search(&Query::default(), PAGE).map(drop),
            searcher.search(&filtered, PAGE).map(drop),
            searcher.similar("яма", id(5), &appeals, 3).map(drop),
            searcher.facets(&typed("яма")).map(drop),
            searcher.matrix(&Query::default(), |_| None, |_| None, time("2025-06-01T00:00:00Z")).map(drop),
            searcher.answer_times(&Query::default(), |_| None, |_| None).map(drop),
            searcher.timeline(&Query::default(), &[]).map(drop),
            searcher.report(&Query::default(), &[], time("2025-06-01T00:00:00Z")).map(drop),
        ] {
            assert!(is_remaking(refused, IndexPart::Facts));
        }
    };
    let before = find(&*latest(&reader).await, &typed("яма двор")).total;
    assert!(before > 50, "{before}");
    searched_meanwhile(&*latest(&reader).await, before);
    assert_eq!(
        IndexWriter::part_to_remake(Arc::clone(&store)).await.expect("a part"),
        Some(IndexPart::Facts)
    );

    // A writer begins, publishes, and another one goes on where it was.
    let mut writer = open(&store, work.path()).await;
    assert_eq!(
        (writer.remade(), writer.is_incomplete(), writer.refilled()),
        (Some(IndexPart::Facts), true, None)
    );
    let mut documents = documents();
    let last = documents.split_off(1_000);
    assert_eq!(writer.apply(documents).await.expect("applied"), 1_000);
    writer.refilled_to(Some("1000".into()));
    writer.publish().await.expect("published");
    drop(writer);
    searched_meanwhile(&*latest(&reader).await, before);

    let other = folder();
    let mut writer = open(&store, other.path()).await;
    assert_eq!((writer.remade(), writer.refilled()), (Some(IndexPart::Facts), Some("1000")));
    assert_eq!(writer.apply(last).await.expect("applied"), 1_110);
    writer.refilled_to(None);
    writer.publish().await.expect("published");
    let searcher = latest(&reader).await;
    assert_eq!(searcher.lacks(), None);
    assert_eq!(answers(&searcher), of_today().await);
    assert!(words_of(&store).await.is_subset(&words), "no word was written");
    assert_eq!(IndexWriter::part_to_remake(Arc::clone(&store)).await.expect("no part"), None);
}

/// The index of today with another number of the format of its words.
async fn of_other_words() -> Arc<dyn ObjectStore> {
    let (store, work) = (memory(), folder());
    let mut writer = open(&store, work.path()).await;
    writer.apply(documents()).await.expect("applied");
    writer.publish().await.expect("published");
    replace_in_manifest(&store, "\"words_format\":4", "\"words_format\":3").await;
    store
}

async fn replace_in_manifest(store: &Arc<dyn ObjectStore>, what: &str, with: &str) {
    let path = "manifests/00000000000000000001.json".into();
    let sealed = store.get(&path).await.expect("a manifest").bytes().await.expect("its bytes");
    let sealed = std::str::from_utf8(&sealed).expect("text");
    let (_, manifest) = sealed.split_once("\"manifest\":").expect("a sealed manifest");
    let manifest = manifest.strip_suffix('}').expect("the end of it").replacen(what, with, 1);
    assert!(manifest.contains(with), "{manifest}");
    let crc = crc32fast::hash(manifest.as_bytes());
    store.put(&path, format!("{{\"crc\":{crc},\"manifest\":{manifest}}}").into()).await.expect("put");
}

#[tokio::test]
async fn facts_are_counted_while_words_are_made_anew() {
    let (store, work, cache) = (of_other_words().await, folder(), folder());
    let reader = reader(&store, cache.path()).await;
    let counted_meanwhile = |searcher: &Searcher| {
        assert_eq!((searcher.lacks(), searcher.missing()), (Some(IndexPart::Words), vec![]));
        let facets = searcher.facets(&Query::default()).expect("facets");
        assert_eq!(facets.status.iter().map(|(_, count)| count).sum::<u64>(), 2_110);
        assert_eq!(find(searcher, &Query::default()).total, 2_110);
        assert!(is_remaking(searcher.search(&typed("яма"), PAGE), IndexPart::Words));
        assert!(is_remaking(searcher.facets(&typed("яма")), IndexPart::Words));
        assert!(is_remaking(searcher.similar("яма", id(5), &Filter::default(), 3), IndexPart::Words));
    };
    counted_meanwhile(&*latest(&reader).await);
    let mut writer = open(&store, work.path()).await;
    assert_eq!(writer.remade(), Some(IndexPart::Words));
    let mut documents = documents();
    let last = documents.split_off(500);
    assert_eq!(writer.apply(documents).await.expect("applied"), 500);
    writer.publish().await.expect("published");
    counted_meanwhile(&*latest(&reader).await);
    assert_eq!(writer.apply(last).await.expect("applied"), 1_610);
    writer.refilled_to(None);
    writer.publish().await.expect("published");
    let searcher = latest(&reader).await;
    assert_eq!(searcher.lacks(), None);
    assert_eq!(answers(&searcher), of_today().await);
}

/// Nothing of it could be kept, so nobody may take it for damage.
#[tokio::test]
async fn an_index_of_which_both_parts_are_of_other_formats_is_refused() {
    let store = of_other_words().await;
    replace_in_manifest(&store, "\"facts_format\":5", "\"facts_format\":6").await;
    let (work, cache) = (folder(), folder());
    let refused = IndexWriter::open(Arc::clone(&store), work.path()).await.err();
    assert!(matches!(refused, Some(Error::Format { generation: 1, .. })), "{refused:?}");
    let reader = reader(&store, cache.path()).await;
    assert!(matches!(reader.latest_for(OpenLevel::Counts).await.err(), Some(Error::Format { .. })));
    assert_eq!(IndexWriter::part_to_remake(store).await.expect("no part"), None);
}

/// A later program has facts that this one cannot read. Their words can be searched.
#[tokio::test]
async fn words_are_searched_beside_facts_of_a_later_format() {
    let (store, work, cache) = (memory(), folder(), folder());
    let mut writer = open(&store, work.path()).await;
    writer.apply(documents()).await.expect("applied");
    writer.publish().await.expect("published");
    replace_in_manifest(&store, "\"facts_format\":5", "\"facts_format\":6").await;
    let searcher = latest(&reader(&store, cache.path()).await).await;
    assert_eq!(searcher.lacks(), Some(IndexPart::Facts));
    assert!(find(&searcher, &typed("яма двор")).total > 50);
}
