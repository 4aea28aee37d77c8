//! What is removed from the store, and that nobody misses it.

use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::common::*;

#[tokio::test]
async fn cleaning_breaks_no_reader() {
    let (store, work, caches) = (memory(), folder(), [folder(), folder()]);
    let mut writer = open(&store, work.path()).await;
    writer.apply((0..50).map(|n| document(n, "яма")).collect()).await.expect("applied");
    writer.publish().await.expect("published");
    let slow = reader(&store, caches[0].path()).await;
    let old = latest(&slow).await;

    // Every round replaces a document, so segments get deletions and are merged.
    for round in 2..30 {
        writer.apply(vec![version(1, round, "фонарь"), document(100, "двор")]).await.expect("applied");
        assert_eq!(writer.publish().await.expect("published"), round);
    }
    assert_eq!(objects(&store, "manifests").await.len(), 29, "they stay for a week");
    let files = objects(&store, "files").await.len();
    assert!(files < 29 * 6, "{files} files are left");

    assert_eq!(old.search(&typed("яма"), PAGE).expect("the old files are still there").total, 50);
    // The files of the next generations are gone: the reader must skip them.
    let new = latest(&slow).await;
    assert_eq!((new.generation(), find(&new, &typed("яма")).total), (29, 49));
    assert_eq!(find(&*latest(&reader(&store, caches[1].path()).await).await, &typed("фонарь двор")).total, 0);
    assert_eq!(find(&new, &typed("фонарь")).total, 1);
}

/// Its next generation was published by others and cleaned away long ago: it must lose, or what it publishes is seen by
/// nobody.
#[tokio::test]
async fn a_writer_that_was_stalled_past_the_cleaning_loses() {
    let (store, works, cache) = (memory(), [folder(), folder()], folder());
    let mut stalled = open(&store, works[0].path()).await;
    stalled.apply(vec![document(1, "яма")]).await.expect("applied");
    stalled.publish().await.expect("published");
    let mut other = open(&store, works[1].path()).await;
    for round in 2..12 {
        other.apply(vec![version(2, round, "двор")]).await.expect("applied");
        assert_eq!(other.publish().await.expect("published"), round);
    }
    stalled.apply(vec![document(3, "снег")]).await.expect("applied");
    let lost = stalled.publish().await.expect_err("lost");
    assert!(matches!(lost, search_index::PublishError::Lost { generation: 2 }), "{lost}");
    drop(stalled);
    let mut again = open(&store, works[0].path()).await;
    again.apply(vec![document(3, "снег")]).await.expect("applied");
    assert_eq!(again.publish().await.expect("published"), 12);
    let seen = latest(&reader(&store, cache.path()).await).await;
    assert_eq!(find(&seen, &typed("снег")).total, 1);
}

/// It has opened no words yet, and those that it knows have been cleaned away.
#[tokio::test]
async fn a_writer_that_was_overtaken_loses_before_it_reads_words() {
    let (store, works) = (memory(), [folder(), folder()]);
    let mut other = open(&store, works[1].path()).await;
    other.apply((0..50).map(|n| document(n, "яма")).collect()).await.expect("applied");
    other.publish().await.expect("published");
    let mut overtaken = open(&store, works[0].path()).await;
    for round in 2..30 {
        other
            .apply((0..50).map(|n| version(n, round, &format!("двор {round}"))).collect())
            .await
            .expect("applied");
        other.publish().await.expect("published");
    }
    assert_eq!(overtaken.apply(vec![document(100, "снег")]).await.expect("not applied"), 0);
    let lost = overtaken.publish().await.expect_err("lost");
    assert!(matches!(lost, search_index::PublishError::Lost { .. }), "{lost}");
    assert_eq!(objects(&store, "damaged").await, Vec::<String>::new());
}

/// The hint is only where to begin.
#[tokio::test]
async fn the_newest_generation_is_found_with_an_old_hint_an_unreadable_one_and_none() {
    let (store, work, cache) = (memory(), folder(), folder());
    let mut writer = open(&store, work.path()).await;
    for round in 1..6 {
        writer.apply(vec![document(u32::try_from(round).expect("small"), "яма")]).await.expect("applied");
        assert_eq!(writer.publish().await.expect("published"), round);
    }
    for hint in ["2", "18446744073709551615", "?", ""] {
        store.put(&"newest".into(), hint.to_owned().into()).await.expect("put");
        assert_eq!(latest(&reader(&store, cache.path()).await).await.generation(), 5, "{hint}");
    }
    store.delete(&"newest".into()).await.expect("deleted");
    assert_eq!(latest(&reader(&store, cache.path()).await).await.generation(), 5);
}

#[tokio::test]
async fn files_of_a_lost_publication_stay_for_a_day_only() {
    let (remote, works) = (folder(), [folder(), folder()]);
    let store: Arc<dyn ObjectStore> =
        Arc::new(LocalFileSystem::new_with_prefix(remote.path()).expect("a store"));
    let mut writer = open(&store, works[0].path()).await;
    writer.apply(vec![document(1, "яма")]).await.expect("applied");
    writer.publish().await.expect("published");
    let published = objects(&store, "files").await;

    let set_age = |name: &str, hours: u64| {
        let path = remote.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let file = std::fs::File::create(path).expect("a file");
        let age = std::time::Duration::from_secs(hours * 3600);
        file.set_modified(std::time::SystemTime::now() - age).expect("a time");
    };
    set_age("files/lost-1.idx", 1);
    set_age("files/lost-2.idx", 30);
    set_age("probes/old", 30);
    set_age("probes/new", 1);
    drop(open(&store, works[1].path()).await);
    let mut expected = published;
    expected.push("files/lost-1.idx".to_owned());
    expected.sort_unstable();
    assert_eq!(objects(&store, "files").await, expected);
    assert_eq!(objects(&store, "probes").await, ["probes/new"]);
}
