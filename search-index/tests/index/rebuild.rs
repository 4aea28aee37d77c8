//! Throwing the index away: on purpose, or because it was written by another version of the program.

use std::sync::Arc;

use object_store::{ObjectStore, ObjectStoreExt, PutOptions};
use search_index::{Document, Error, IndexWriter, PublishError};

use crate::common::*;

#[tokio::test]
async fn a_rebuilt_index_replaces_what_is_published() {
    let (store, works, cache) = (memory(), [folder(), folder()], folder());
    let mut writer = open(&store, works[0].path()).await;
    writer.apply(vec![version(1, 5, "яма"), document(2, "двор")]).await.expect("applied");
    writer.publish().await.expect("published");
    let reader = reader(&store, cache.path()).await;
    latest(&reader).await;

    let mut rebuilt = IndexWriter::rebuild(Arc::clone(&store), works[1].path()).await.expect("a writer");
    rebuilt.apply(vec![version(1, 1, "снег")]).await.expect("applied");
    assert_eq!(rebuilt.publish().await.expect("published"), 2);
    let searcher = latest(&reader).await;
    assert_eq!((searcher.document_count(), numbers(&searcher, "снег")), (1, vec![1]));
}

#[tokio::test]
async fn another_format_is_refused_and_can_be_rebuilt() {
    let (store, work, cache) = (memory(), folder(), folder());
    let path = "manifests/00000000000000000004.json".into();
    store.put_opts(&path, "{\"format\": 0, \"files\": []}".into(), PutOptions::default()).await.expect("put");
    let refused = IndexWriter::open(Arc::clone(&store), work.path()).await.err();
    assert!(matches!(refused, Some(Error::Format { generation: 4, found: 0, .. })), "{refused:?}");
    let reader = reader(&store, cache.path()).await;
    assert!(matches!(reader.latest().await.err(), Some(Error::Format { .. })));

    let mut writer = IndexWriter::rebuild(Arc::clone(&store), work.path()).await.expect("a writer");
    assert_eq!(writer.publish().await.expect("published"), 5);
    assert_eq!(latest(&reader).await.generation(), 5);
}

#[tokio::test]
async fn a_rebuilt_index_has_what_others_have_published_meanwhile() {
    let (store, works, cache) = (memory(), [folder(), folder()], folder());
    let received = |number, when: &str| Document { received: time(when), ..document(number, "яма") };
    let mut live = open(&store, works[0].path()).await;
    live.apply(vec![document(1, "яма"), document(2, "двор"), received(3, "2025-08-01T00:00:00Z")])
        .await
        .expect("applied");
    live.publish().await.expect("published");

    let mut rebuilt = IndexWriter::rebuild(Arc::clone(&store), works[1].path()).await.expect("a writer");
    rebuilt
        .apply(vec![document(1, "яма"), version(2, 7, "двор"), received(3, "2025-08-01T00:00:00Z")])
        .await
        .expect("applied");
    rebuilt.stage().await.expect("staged");
    // Another text, an older version than was read for the new index, a new submission in a new quarter.
    live.apply(vec![version(1, 2, "снег"), version(2, 3, "двор"), received(4, "2025-11-01T00:00:00Z")])
        .await
        .expect("applied");
    live.publish().await.expect("published");
    assert!(matches!(rebuilt.publish().await, Err(PublishError::Lost { generation: 2 })));
    let reader = reader(&store, cache.path()).await;
    assert_eq!(numbers(&*latest(&reader).await, "снег"), vec![1], "the old index is shown");

    assert_eq!(rebuilt.catch_up().await.expect("caught up"), vec![id(1), id(4)]);
    rebuilt.apply(vec![version(1, 2, "снег"), received(4, "2025-11-01T00:00:00Z")]).await.expect("applied");
    // Once more, before the new one is published.
    let later = || Document { version: 2, text: "лёд".into(), ..received(4, "2025-11-01T00:00:00Z") };
    live.apply(vec![later()]).await.expect("applied");
    live.publish().await.expect("published");
    assert!(matches!(rebuilt.publish().await, Err(PublishError::Lost { generation: 3 })));
    assert_eq!(rebuilt.catch_up().await.expect("caught up"), vec![id(4)]);
    rebuilt.apply(vec![later()]).await.expect("applied");
    assert_eq!(rebuilt.publish().await.expect("published"), 4);

    let searcher = latest(&reader).await;
    let found = |line: &str| numbers(&searcher, line);
    assert_eq!((searcher.generation(), searcher.document_count()), (4, 4));
    assert_eq!(
        (found("яма"), found("снег"), found("двор"), found("лёд")),
        (vec![3], vec![1], vec![2], vec![4])
    );
    // A writer that wrote meanwhile comes too late, and goes on from the new index.
    live.apply(vec![version(1, 3, "снег")]).await.expect("applied");
    assert!(matches!(live.publish().await, Err(PublishError::Lost { generation: 4 })));
    drop(live);
    let mut live = open(&store, works[0].path()).await;
    live.apply(vec![version(1, 3, "лужа")]).await.expect("applied");
    assert_eq!(live.publish().await.expect("published"), 5);
    assert_eq!(numbers(&*latest(&reader).await, "лужа"), vec![1]);
}

#[tokio::test]
async fn what_a_rebuilt_index_cannot_compare_is_told_and_filled_again() {
    let (store, works, cache) = (memory(), [folder(), folder()], folder());
    let mut live = open(&store, works[0].path()).await;
    live.apply(vec![document(1, "яма")]).await.expect("applied");
    live.publish().await.expect("published");
    let mut rebuilt = IndexWriter::rebuild(Arc::clone(&store), works[1].path()).await.expect("a writer");
    rebuilt.apply(vec![document(1, "яма")]).await.expect("applied");
    rebuilt.stage().await.expect("staged");
    let staged = objects(&store, "files").await;
    live.apply(vec![document(2, "двор")]).await.expect("applied");
    live.publish().await.expect("published");
    let published = objects(&store, "files").await;
    for object in published.iter().filter(|object| object.contains("delta") && !staged.contains(object)) {
        store.delete(&object.as_str().into()).await.expect("deleted");
    }
    assert_eq!(rebuilt.catch_up().await.expect("caught up"), vec![]);
    assert!(rebuilt.is_incomplete());
    rebuilt.publish().await.expect("published");
    assert_eq!(latest(&reader(&store, cache.path()).await).await.missing(), vec!["2025q1"]);
}

#[tokio::test]
async fn what_was_missing_before_is_in_a_rebuilt_index() {
    let (store, works, cache) = (memory(), [folder(), folder()], folder());
    let mut live = open(&store, works[0].path()).await;
    live.set_incomplete();
    live.apply(vec![document(1, "яма")]).await.expect("applied");
    live.publish().await.expect("published");
    let reader = reader(&store, cache.path()).await;
    assert!(!latest(&reader).await.missing().is_empty());

    let mut rebuilt = IndexWriter::rebuild(Arc::clone(&store), works[1].path()).await.expect("a writer");
    rebuilt.apply(vec![document(1, "яма"), document(2, "двор")]).await.expect("applied");
    rebuilt.stage().await.expect("staged");
    live.apply(vec![document(3, "снег")]).await.expect("applied");
    live.publish().await.expect("published");
    assert!(matches!(rebuilt.publish().await, Err(PublishError::Lost { generation: 2 })));
    assert_eq!(rebuilt.catch_up().await.expect("caught up"), vec![id(3)]);
    rebuilt.apply(vec![document(3, "снег")]).await.expect("applied");
    rebuilt.publish().await.expect("published");
    let searcher = latest(&reader).await;
    assert_eq!((searcher.document_count(), searcher.missing()), (3, vec![]));
}

#[tokio::test]
async fn damaged_manifests_are_replaced_by_a_rebuilt_index() {
    let (store, works, cache) = (memory(), [folder(), folder()], folder());
    let mut live = open(&store, works[0].path()).await;
    for number in 1..=3 {
        live.apply(vec![document(number, "яма")]).await.expect("applied");
        live.publish().await.expect("published");
    }
    for manifest in objects(&store, "manifests").await {
        store.put(&manifest.as_str().into(), "{".into()).await.expect("damaged");
    }
    let mut rebuilt = IndexWriter::rebuild(Arc::clone(&store), works[1].path()).await.expect("a writer");
    rebuilt.apply((1..=3).map(|number| document(number, "яма")).collect()).await.expect("applied");
    rebuilt.stage().await.expect("staged");
    assert_eq!(rebuilt.publish().await.expect("published"), 4);
    let searcher = latest(&reader(&store, cache.path()).await).await;
    assert_eq!((searcher.document_count(), searcher.missing()), (3, vec![]));
}
