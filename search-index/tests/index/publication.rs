//! How the index travels: writers, generations, readers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use search_index::{Document, PublishError, Query, SnapshotReader};

use crate::common::*;

#[tokio::test]
async fn the_newest_version_of_a_submission_stays() {
    let (store, work, cache) = (memory(), folder(), folder());
    let mut writer = open(&store, work.path()).await;
    let reader = reader(&store, cache.path()).await;
    let batch = vec![version(1, 2, "второй"), version(1, 3, "третий"), version(1, 1, "первый")];
    assert_eq!(writer.apply(batch).await.expect("applied"), 1);
    // Older than what waits for the commit.
    assert_eq!(writer.apply(vec![version(1, 2, "второй")]).await.expect("applied"), 0);
    assert_eq!(writer.publish().await.expect("published"), 1);
    let found = async |word: &str| numbers(&*latest(&reader).await, word);
    assert_eq!((found("третий").await, found("второй").await), (vec![1], vec![]));

    // Older than what is committed: nothing to publish.
    assert_eq!(writer.apply(vec![version(1, 2, "второй")]).await.expect("applied"), 0);
    assert_eq!(writer.publish().await.expect("published"), 1);
    // The same version replaces, a newer one does.
    for (n, words) in [(3, "третий заново"), (4, "четвёртый")] {
        assert_eq!(writer.apply(vec![version(1, n, words)]).await.expect("applied"), 1);
        writer.publish().await.expect("published");
        assert_eq!((found(words).await, found("второй").await), (vec![1], vec![]));
    }
    drop(writer);

    // And a writer that has restored the index knows the versions too.
    let other = folder();
    let mut writer = open(&store, other.path()).await;
    assert_eq!(writer.apply(vec![version(1, 3, "третий")]).await.expect("applied"), 0);
}

#[tokio::test]
async fn a_restored_index_is_the_same() {
    let (store, caches) = (memory(), [folder(), folder()]);
    let works = [folder(), folder()];
    let mut first = open(&store, works[0].path()).await;
    first.apply((0..300).map(|n| document(n, "яма во дворе")).collect()).await.expect("applied");
    first.publish().await.expect("published");
    first.apply((100..200).map(|n| version(n, 2, "фонарь у дома")).collect()).await.expect("applied");
    assert_eq!(first.publish().await.expect("published"), 2);
    let before = latest(&reader(&store, caches[0].path()).await).await;
    drop(first);

    let mut second = open(&store, works[1].path()).await;
    assert_eq!(second.generation(), 2);
    second.apply(vec![document(1000, "снег на крыше")]).await.expect("applied");
    assert_eq!(second.publish().await.expect("published"), 3);
    let after = latest(&reader(&store, caches[1].path()).await).await;
    assert_eq!((before.document_count(), after.document_count()), (300, 301));
    for line in ["яма", "фонарь", "яма -фонарь", "двор дом"] {
        assert_eq!(find(&before, &typed(line)).total, find(&after, &typed(line)).total, "{line}");
        assert_eq!(ordered(&before, &typed(line)), ordered(&after, &typed(line)), "{line}");
    }
    assert_eq!(find(&before, &typed("фонарь")).total, 100);
}

#[tokio::test]
async fn of_two_writers_one_loses_and_tries_again() {
    let (store, works, cache) = (memory(), [folder(), folder()], folder());
    let mut first = open(&store, works[0].path()).await;
    let both = vec![document(1, "яма"), document(2, "двор")];
    first.apply(both).await.expect("applied");
    first.publish().await.expect("published");
    drop(first);

    // Both start from the same snapshot and replace a document of the same segment, so that their lists of
    // deletions have equal names and sizes.
    let mut writer = open(&store, works[0].path()).await;
    let mut other = open(&store, works[1].path()).await;
    writer.apply(vec![version(1, 2, "снег")]).await.expect("applied");
    other.apply(vec![version(2, 2, "мусор")]).await.expect("applied");
    assert_eq!(other.publish().await.expect("the faster one wins"), 2);
    for _ in 0..2 {
        let lost = writer.publish().await.expect_err("the slower one loses");
        assert!(matches!(lost, PublishError::Lost { generation: 2 }), "{lost}");
    }
    drop(writer);

    let reader = reader(&store, cache.path()).await;
    let seen = latest(&reader).await;
    assert_eq!(
        (numbers(&seen, "яма"), numbers(&seen, "мусор"), numbers(&seen, "двор")),
        (vec![1], vec![2], vec![])
    );

    let mut writer = open(&store, works[0].path()).await;
    writer.apply(vec![version(1, 2, "снег")]).await.expect("applied");
    assert_eq!(writer.publish().await.expect("published"), 3);
    let seen = latest(&reader).await;
    assert_eq!(
        (numbers(&seen, "яма"), numbers(&seen, "мусор"), numbers(&seen, "снег")),
        (vec![], vec![2], vec![1])
    );
}

/// The store is out of order for a while: the same writer publishes later what it could not publish now.
#[tokio::test]
async fn what_could_not_be_published_is_published_with_the_next_try() {
    let (remote, work, cache) = (folder(), folder(), folder());
    let store: Arc<dyn ObjectStore> =
        Arc::new(LocalFileSystem::new_with_prefix(remote.path()).expect("a store"));
    let mut writer = open(&store, work.path()).await;
    writer.apply(vec![document(1, "яма")]).await.expect("applied");
    writer.publish().await.expect("published");

    let (files, aside) = (remote.path().join("files"), remote.path().join("aside"));
    writer.apply(vec![document(2, "двор"), version(1, 2, "снег")]).await.expect("applied");
    std::fs::rename(&files, &aside).expect("renamed");
    std::fs::write(&files, "no folder").expect("written");
    for _ in 0..2 {
        let failed = writer.publish().await.expect_err("nothing can be written");
        assert!(matches!(failed, PublishError::Failed(_)), "{failed}");
    }
    std::fs::remove_file(&files).expect("removed");
    std::fs::rename(&aside, &files).expect("renamed");
    assert_eq!(writer.publish().await.expect("published"), 2);

    let reader = reader(&store, cache.path()).await;
    let seen = latest(&reader).await;
    assert_eq!(find(&seen, &Query::default()).total, 2);
    let found = ["яма", "снег", "двор"].map(|word| numbers(&seen, word));
    assert_eq!(found, [vec![], vec![1], vec![2]]);
    writer.apply(vec![document(4, "крыша")]).await.expect("applied");
    writer.publish().await.expect("published");
    assert_eq!(numbers(&*latest(&reader).await, "крыша"), [4]);
}

#[tokio::test]
async fn readers_see_whole_generations() {
    let (store, work, cache) = (memory(), folder(), folder());
    let reader = reader(&store, cache.path()).await;
    let empty = latest(&reader).await;
    assert_eq!((empty.generation(), find(&empty, &Query::default()).total), (0, 0));
    assert!(empty.facets(&typed("яма")).expect("facets").territory.is_empty());
    assert_eq!(empty.facets(&Query::default()).expect("facets").territory, []);

    let mut writer = open(&store, work.path()).await;
    writer.apply(vec![document(1, "яма")]).await.expect("applied");
    assert_eq!(latest(&reader).await.generation(), 0);
    writer.publish().await.expect("published");
    assert_eq!(reader.current().generation(), 0);
    let first = latest(&reader).await;
    assert!(Arc::ptr_eq(&first, &latest(&reader).await), "nothing new, nothing fetched");

    writer.apply(vec![document(2, "двор")]).await.expect("applied");
    writer.publish().await.expect("published");
    let second = latest(&reader).await;
    assert_eq!((first.generation(), first.document_count()), (1, 1));
    assert_eq!((second.generation(), second.document_count()), (2, 2));
    let folders = || std::fs::read_dir(cache.path().join("0/indexes")).expect("a folder").count();
    assert_eq!(folders(), 2);
    drop(first);
    assert_eq!(folders(), 1);
}

#[tokio::test]
async fn a_local_folder_is_a_store_and_files_travel_once() {
    let (remote, work, cache) = (folder(), folder(), folder());
    let store: Arc<dyn ObjectStore> =
        Arc::new(LocalFileSystem::new_with_prefix(remote.path()).expect("a store"));
    let mut writer = open(&store, work.path()).await;
    writer.apply((0..20).map(|n| document(n, "яма")).collect()).await.expect("applied");
    writer.publish().await.expect("published");
    let reader = reader(&store, cache.path()).await;
    latest(&reader).await;
    let first = objects(&store, "files").await;
    // Take the first generation's files away: the second shares them, and reader and writer have them already.
    for object in &first {
        std::fs::remove_file(remote.path().join(object)).expect("removed");
    }
    writer.apply(vec![document(100, "двор")]).await.expect("applied");
    writer.publish().await.expect("published");
    let second = objects(&store, "files").await;
    assert!(first.iter().all(|object| !second.contains(object)), "uploaded twice");
    assert_eq!(latest(&reader).await.document_count(), 21);
    drop(writer);
    assert_eq!(open(&store, work.path()).await.generation(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_and_writers_at_once() {
    let (store, work, cache) = (memory(), folder(), folder());
    let mut writer = {
        let (store, work) = (Arc::clone(&store), work.path().to_owned());
        tokio::spawn(async move { open(&store, &work).await }).await.expect("a writer")
    };
    let reader = Arc::new(reader(&store, cache.path()).await);
    let mut readers = Vec::new();
    for _ in 0..4 {
        let reader = Arc::clone(&reader);
        readers.push(tokio::spawn(async move {
            let mut seen = 0;
            while seen < 15 {
                let searcher = latest(&reader).await;
                assert!(searcher.generation() >= seen, "generations only grow");
                seen = searcher.generation();
                // Every generation adds ten documents in one piece.
                assert_eq!(searcher.document_count(), seen * 10);
                tokio::task::yield_now().await;
            }
        }));
    }
    // In a task of its own, as in a handler.
    let writing = tokio::spawn(async move {
        for round in 0..15 {
            let documents = (round * 10..round * 10 + 10).map(|n| document(n, "яма")).collect();
            writer.apply(documents).await.expect("applied");
            writer.publish().await.expect("published");
        }
    });
    writing.await.expect("a writer");
    for reader in readers {
        reader.await.expect("a reader");
    }
}

/// Every generation gives all documents other words and another territory, so a mixture of two would be seen.
#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_of_one_generation() {
    const GENERATIONS: u64 = 100;
    let (store, work, caches) = (memory(), folder(), [folder(), folder()]);
    let mut asking = Vec::new();
    for cache in &caches {
        let reader = Arc::new(reader(&store, cache.path()).await);
        for _ in 0..2 {
            asking.push(tokio::spawn(ask_until(Arc::clone(&reader), GENERATIONS)));
        }
    }
    let mut writer = open(&store, work.path()).await;
    let writing = tokio::spawn(async move {
        for generation in 1..=GENERATIONS {
            writer.apply(all_in(generation)).await.expect("applied");
            assert_eq!(writer.publish().await.expect("published"), generation);
        }
    });
    writing.await.expect("a writer");
    for asking in asking {
        let seen = asking.await.expect("a reader");
        assert!(seen >= 5, "it has asked while generations were published: {seen} seen");
    }
}

/// Twenty documents in two quarters.
fn all_in(generation: u64) -> Vec<Document> {
    let in_quarter = |number: u32| Document {
        received: time(if number < 10 { "2025-03-01T00:00:00Z" } else { "2025-05-01T00:00:00Z" }),
        territory: format!("t{generation}").parse().expect("an id"),
        ..version(number, generation, &format!("яма gen{generation}"))
    };
    (0..20).map(in_quarter).collect()
}

/// Asks until the last generation answers; gives how many different ones have.
async fn ask_until(reader: Arc<SnapshotReader>, last: u64) -> usize {
    let mut seen = BTreeSet::new();
    while !seen.contains(&last) {
        // A store in memory never waits, and the writer needs time as well.
        tokio::time::sleep(Duration::from_millis(5)).await;
        let searcher = latest(&reader).await;
        let generation = searcher.generation();
        assert!(seen.last().is_none_or(|before| *before <= generation), "generations only grow");
        if generation == 0 {
            continue;
        }
        let total = |line: &str| find(&searcher, &typed(line)).total;
        let [before, now, after] = [generation - 1, generation, generation + 1].map(|n| format!("gen{n}"));
        assert_eq!([total(&before), total(&now), total(&after), total("яма")], [0, 20, 0, 20], "{now}");
        assert_eq!(find(&searcher, &Query::default()).total, 20);
        let territories = searcher.facets(&Query::default()).expect("facets").territory;
        assert_eq!(territories, [(format!("t{generation}"), 20)]);
        seen.insert(generation);
    }
    seen.len()
}
