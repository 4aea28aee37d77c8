//! Files of the index that are not what was written: results are never silently fewer, and all of it is made anew.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use search_index::{Document, OpenLevel, Query, Searcher};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::common::*;

/// Quarters with texts of their own.
const QUARTERS: [(&str, &str); 3] = [("2025q1", "яма"), ("2025q2", "двор"), ("2025q3", "снег")];

/// A published index in a folder, with blocks and deltas in every quarter.
struct Published {
    remote: TempDir,
    store: Arc<dyn ObjectStore>,
    documents: Vec<Document>,
}

/// Made once: most of the time goes into it.
static ORIGINAL: OnceCell<Original> = OnceCell::const_new();

struct Original {
    /// Every object by its name.
    objects: Vec<(String, Vec<u8>)>,
    documents: Vec<Document>,
}

async fn original() -> Original {
    let (remote, work) = (folder(), folder());
    let store: Arc<dyn ObjectStore> =
        Arc::new(LocalFileSystem::new_with_prefix(remote.path()).expect("a store"));
    let mut writer = open(&store, work.path()).await;
    let quarter = 24 * 60 * 91;
    let documents = |from: u32, to: u32| {
        let texts = (0..).zip(QUARTERS.map(|(_, text)| text));
        let received = move |place: u32, n: u32| n + quarter * place;
        texts.flat_map(move |(place, text)| (from..to).map(move |n| document(received(place, n), text)))
    };
    for (from, to) in [(0, 4_200), (4_200, 4_300)] {
        writer.apply(documents(from, to).collect()).await.expect("applied");
        writer.publish().await.expect("published");
    }
    let names =
        [objects(&store, "files").await, objects(&store, "manifests").await, vec!["newest".to_owned()]];
    let read = |name: String| {
        let content = std::fs::read(remote.path().join(&name)).expect("an object");
        (name, content)
    };
    Original {
        objects: names.concat().into_iter().map(read).collect(),
        documents: documents(0, 4_300).collect(),
    }
}

impl Published {
    async fn new() -> Self {
        let Original { objects, documents } = ORIGINAL.get_or_init(original).await;
        let remote = folder();
        for (name, content) in objects {
            let path = remote.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, content).expect("written");
        }
        let store = Arc::new(LocalFileSystem::new_with_prefix(remote.path()).expect("a store"));
        Self { remote, store, documents: documents.clone() }
    }

    /// The newest file of a quarter whose name ends so.
    fn file(&self, quarter: &str, end: &str) -> PathBuf {
        let folder = self.remote.path().join("files");
        let files = std::fs::read_dir(folder).expect("files").map(|entry| entry.expect("a file").path());
        let fits = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            name.contains(quarter) && name.ends_with(end)
        };
        files.filter(fits).max().expect("a file")
    }

    async fn seen(&self) -> Arc<Searcher> {
        let cache = folder();
        latest(&reader(&self.store, cache.path()).await).await
    }

    /// A writer finds the damage, adds everything again as its caller does, and all is there.
    async fn repair(&self) {
        let work = folder();
        let mut writer = open(&self.store, work.path()).await;
        assert!(writer.is_incomplete());
        writer.publish().await.expect("published");
        for (number, page) in self.documents.chunks(5_000).enumerate() {
            writer.apply(page.to_vec()).await.expect("applied");
            writer.refilled_to(Some(number.to_string()));
            writer.publish().await.expect("published");
            assert!(!self.seen().await.missing().is_empty(), "not all is there yet");
        }
        drop(writer);
        // Another one goes on where it was.
        let mut writer = open(&self.store, work.path()).await;
        assert_eq!((writer.is_incomplete(), writer.refilled()), (true, Some("2")));
        writer.refilled_to(None);
        writer.publish().await.expect("published");
        assert_whole(&*self.seen().await);
        assert_eq!(objects(&self.store, "damaged").await, Vec::<String>::new());
    }
}

fn assert_whole(searcher: &Searcher) {
    assert_eq!(searcher.missing(), Vec::<String>::new());
    let territories = searcher.facets(&Query::default()).expect("facets").territory;
    assert_eq!(territories, [("tver".to_owned(), 12_900)]);
    for (_, word) in QUARTERS {
        assert_eq!(find(searcher, &typed(word)).total, 4_300, "{word}");
    }
}

/// Changes one bit in the middle.
fn damage(file: &Path) {
    let mut bytes = std::fs::read(file).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::remove_file(file).expect("removed"); // caches may have the same file under another name
    std::fs::write(file, bytes).expect("written");
}

#[tokio::test]
async fn damaged_files_of_a_quarter_take_nothing_of_the_others() {
    // What is found of the damaged quarter: all its submissions, and its word.
    for (end, rows, words) in [
        (".facts", 0, 0),
        (".details", 4_300, 0),
        (".delta", 0, 0),
        (".pos", 4_300, 0),
        (".idx", 4_300, 0),
        (".term", 4_300, 0),
    ] {
        let published = Published::new().await;
        let file = published.file("2025q2", end);
        damage(&file);
        let seen = published.seen().await;
        assert_eq!(seen.missing(), ["2025q2"], "{end}");
        assert_eq!(seen.document_count(), 8_600 + rows, "{end}");
        let totals = QUARTERS.map(|(_, word)| find(&seen, &typed(word)).total);
        assert_eq!(totals, [4_300, words, 4_300], "{end}");
        let newest = find(&seen, &Query::default());
        assert!(newest.items.iter().all(|id| published.documents.iter().any(|it| it.id == *id)), "{end}");

        // A writer leaves out as little: facts are counted while words are added again.
        let work = folder();
        let mut writer = open(&published.store, work.path()).await;
        writer.publish().await.expect("published");
        drop(writer);
        let seen = published.seen().await;
        let rows = if [".pos", ".idx", ".term"].contains(&end) { 4_300 } else { 0 };
        assert_eq!(
            (seen.missing(), seen.document_count()),
            (vec!["2025q2".to_owned()], 8_600 + rows),
            "{end}"
        );

        published.repair().await;
        let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
        assert_eq!(objects(&published.store, "quarantine").await, [format!("quarantine/{name}")], "{end}");
    }
}

#[tokio::test]
async fn a_missing_file_is_damage_too() {
    let published = Published::new().await;
    std::fs::remove_file(published.file("2025q3", ".facts")).expect("removed");
    assert_eq!(published.seen().await.missing(), ["2025q3"]);
    published.repair().await;
}

#[tokio::test]
async fn without_the_ids_nothing_can_be_counted() {
    let published = Published::new().await;
    damage(&published.file("", ".names"));
    let cache = folder();
    let reader = reader(&published.store, cache.path()).await;
    for needs in [OpenLevel::Counts, OpenLevel::Rows, OpenLevel::Words] {
        let seen = reader.latest_for(needs).await.expect("a snapshot");
        let all = QUARTERS.map(|(name, _)| name.to_owned()).to_vec();
        assert_eq!((seen.missing(), seen.document_count()), (all, 0), "{needs:?}");
    }
    published.repair().await;
    assert_whole(&*latest(&reader).await);
}

/// Nothing is lost then: it writes them anew.
#[tokio::test]
async fn a_writer_with_a_good_copy_of_the_ids_needs_no_submissions() {
    let (published, work) = (Published::new().await, folder());
    drop(open(&published.store, work.path()).await);
    damage(&published.file("", ".names"));
    assert_eq!(published.seen().await.document_count(), 0);
    let mut writer = open(&published.store, work.path()).await;
    assert!(!writer.is_incomplete());
    writer.publish().await.expect("published");
    assert_whole(&*published.seen().await);
    assert_eq!(objects(&published.store, "damaged").await, Vec::<String>::new());
    drop(writer);
    assert!(!open(&published.store, work.path()).await.is_incomplete());
}

/// As after a power failure.
#[tokio::test]
async fn a_file_that_ends_too_early_is_damage() {
    for (end, rest) in [(".facts", 0), (".pos", 100), (".delta", 0), (".names", 3)] {
        let published = Published::new().await;
        let file = published.file(if end == ".names" { "" } else { "2025q2" }, end);
        let bytes = std::fs::read(&file).expect("a file");
        std::fs::write(&file, &bytes[..rest]).expect("written");
        assert!(published.seen().await.missing().contains(&"2025q2".to_owned()), "{end}");
        published.repair().await;
    }
}

/// Only writers read them.
#[tokio::test]
async fn damaged_keys_are_found_by_the_next_writer() {
    let published = Published::new().await;
    damage(&published.file("2025q2", ".keys"));
    assert_whole(&*published.seen().await);
    published.repair().await;
}

#[tokio::test]
async fn a_damaged_manifest_leaves_what_was_before_it() {
    let published = Published::new().await;
    let (before, cache) = (published.seen().await, folder());
    let reader = reader(&published.store, cache.path()).await;
    let manifest = published.remote.path().join("manifests/00000000000000000002.json");
    for damaged in [damage as fn(&Path), |path| std::fs::write(path, "{").expect("written")] {
        damaged(&manifest);
        let seen = latest(&reader).await;
        // And this quarter: what is new came now.
        assert_eq!((seen.missing().len(), seen.document_count()), (4, 12_600));
        assert_eq!(seen.generation(), 2, "it is not looked for again");
    }
    assert_whole(&before);
    published.repair().await;
    assert_whole(&*latest(&reader).await);
}

/// A writer that is never opened anew learns of damage from the readers.
#[tokio::test]
async fn a_writer_gives_up_when_a_reader_has_found_damage() {
    let published = Published::new().await;
    let work = folder();
    let mut writer = open(&published.store, work.path()).await;
    assert!(!writer.is_incomplete());
    damage(&published.file("2025q1", ".pos"));
    assert_eq!(published.seen().await.missing(), ["2025q1"]);
    let changed = Document { status: domain::Status::Closed, ..document(1, "яма") };
    writer.apply(vec![changed]).await.expect("applied");
    assert!(matches!(writer.publish().await, Err(search_index::PublishError::Lost { .. })));
    drop(writer);
    published.repair().await;
}

/// Words are not looked at before there are some to add.
#[tokio::test]
async fn a_writer_that_meets_damage_reports_it() {
    let published = Published::new().await;
    let work = folder();
    let mut writer = open(&published.store, work.path()).await;
    damage(&published.file("2025q1", ".pos"));
    let failed = writer.apply(vec![document(5_000, "лифт")]).await.expect_err("damaged");
    assert!(matches!(failed, search_index::Error::Damaged { .. }), "{failed}");
    drop(writer);
    published.repair().await;
}

#[tokio::test]
async fn a_false_report_is_forgotten() {
    let published = Published::new().await;
    let name = published.file("2025q1", ".pos").file_name().and_then(|name| name.to_str().map(str::to_owned));
    let report = format!("damaged/{}", name.expect("a name"));
    published
        .store
        .put_opts(&report.into(), "".into(), object_store::PutOptions::default())
        .await
        .expect("put");
    let work = folder();
    assert!(!open(&published.store, work.path()).await.is_incomplete());
    assert_eq!(objects(&published.store, "damaged").await, Vec::<String>::new());
}

/// The first matrix waits for no words, and nobody is told that nothing was found where nothing was looked for.
#[tokio::test]
async fn a_question_gets_what_it_needs() {
    let (published, cache) = (Published::new().await, folder());
    let reader = reader(&published.store, cache.path()).await;
    let counts = reader.latest_for(OpenLevel::Counts).await.expect("a snapshot");
    assert_eq!(counts.facets(&Query::default()).expect("facets").territory.len(), 1);
    assert!(counts.facets(&typed("яма")).is_err() && counts.search(&Query::default(), PAGE).is_err());
    let rows = reader.latest_for(OpenLevel::Rows).await.expect("a snapshot");
    assert_eq!(find(&rows, &Query::default()).items.len(), 20);
    assert!(rows.search(&typed("яма"), PAGE).is_err());
    assert_whole(&*latest(&reader).await);
    // What is open stays open.
    assert!(Arc::ptr_eq(
        &latest(&reader).await,
        &reader.latest_for(OpenLevel::Counts).await.expect("a snapshot")
    ));
}

/// Where submissions are and what they are about lies in files that a matrix does not wait for.
#[tokio::test]
async fn a_matrix_fetches_facts_and_nothing_else() {
    let (published, cache) = (Published::new().await, folder());
    let reader = reader(&published.store, cache.path()).await;
    let fetched = async |needs| {
        reader.latest_for(needs).await.expect("a snapshot");
        let folder = std::fs::read_dir(cache.path().join("0/files")).expect("the cache");
        let end = |name: String| name.rsplit('.').next().unwrap_or_default().to_owned();
        let mut ends: Vec<String> = folder
            .map(|entry| end(entry.expect("a file").file_name().to_string_lossy().into_owned()))
            .collect();
        ends.retain(|end| {
            ["facts", "details", "keys", "points", "matters", "delta", "names", "term"]
                .contains(&end.as_str())
        });
        ends.sort_unstable();
        ends.dedup_by(|a, b| a == b);
        ends
    };
    let all = objects(&published.store, "files").await;
    for end in [".facts", ".details", ".keys", ".points", ".matters"] {
        assert_eq!(
            all.iter().filter(|name| name.ends_with(end)).count(),
            3,
            "a block of each quarter: {end}"
        );
    }
    assert_eq!(fetched(OpenLevel::Counts).await, ["delta", "facts", "names"]);
    assert_eq!(fetched(OpenLevel::Rows).await, ["delta", "details", "facts", "names"]);
    assert_eq!(fetched(OpenLevel::Words).await, ["delta", "details", "facts", "names", "term"]);
}
