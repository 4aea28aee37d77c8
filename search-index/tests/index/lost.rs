//! Manifests that are gone: that is damage too, if anybody knows that they were there.

use std::sync::Arc;

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use search_index::{IndexWriter, PublishError, Query};

use crate::common::*;

/// Three generations, each with one document more.
async fn published(store: &Arc<dyn ObjectStore>, work: &std::path::Path) -> IndexWriter {
    let mut writer = open(store, work).await;
    for round in 1..=3 {
        add(&mut writer, round).await;
        assert_eq!(writer.publish().await.expect("published"), u64::from(round));
    }
    writer
}

async fn add(writer: &mut IndexWriter, number: u32) {
    writer.apply(vec![document(number, "яма")]).await.expect("applied");
}

async fn lose(store: &Arc<dyn ObjectStore>, prefix: &str, but: u64) {
    for object in objects(store, prefix).await {
        if !object.ends_with(&format!("{but}.json")) {
            store.delete(&Path::from(object)).await.expect("deleted");
        }
    }
}

async fn total(store: &Arc<dyn ObjectStore>) -> (u64, usize, usize) {
    let cache = folder();
    let seen = latest(&reader(store, cache.path()).await).await;
    (seen.generation(), seen.missing().len(), find(&seen, &Query::default()).total)
}

/// Adds everything again, as its caller does.
async fn refill(store: &Arc<dyn ObjectStore>, last: u32) {
    let work = folder();
    let mut writer = open(store, work.path()).await;
    assert!(writer.is_incomplete());
    writer.publish().await.expect("published");
    assert!(total(store).await.1 > 0, "not all is there yet");
    for number in 1..=last {
        add(&mut writer, number).await;
    }
    writer.refilled_to(None);
    writer.publish().await.expect("published");
}

#[tokio::test]
async fn lost_manifests_are_told_and_their_numbers_are_not_used_again() {
    let (store, work, cache) = (memory(), folder(), folder());
    drop(published(&store, work.path()).await);
    let open_before = reader(&store, cache.path()).await;
    latest(&open_before).await;
    lose(&store, "manifests", 1).await;
    // This quarter as well: what is new came now.
    assert_eq!(total(&store).await, (3, 2, 1));
    // A reader that has the whole index open stays there.
    let seen = latest(&open_before).await;
    assert_eq!((seen.generation(), seen.missing().len(), seen.document_count()), (3, 0, 3));
    assert!(Arc::ptr_eq(&seen, &latest(&open_before).await));

    refill(&store, 3).await;
    assert_eq!(total(&store).await, (5, 0, 3));
    assert_eq!(latest(&open_before).await.generation(), 5);
}

#[tokio::test]
async fn without_any_manifest_the_hint_tells_that_there_were_some() {
    let (store, work) = (memory(), folder());
    drop(published(&store, work.path()).await);
    lose(&store, "manifests", 0).await;
    assert_eq!(total(&store).await, (3, 1, 0));
    refill(&store, 3).await;
    assert_eq!(total(&store).await, (5, 0, 3));
}

/// Its next manifest is not there any more, but it was.
#[tokio::test]
async fn a_writer_that_was_overtaken_by_lost_manifests_loses() {
    let (store, works) = (memory(), [folder(), folder()]);
    let mut first = open(&store, works[0].path()).await;
    add(&mut first, 1).await;
    first.publish().await.expect("published");
    let mut other = open(&store, works[1].path()).await;
    for round in 2..=3 {
        add(&mut other, round).await;
        other.publish().await.expect("published");
    }
    lose(&store, "manifests", 1).await;
    add(&mut first, 4).await;
    let lost = first.publish().await.expect_err("lost");
    assert!(matches!(lost, PublishError::Lost { generation: 2 }), "{lost}");
    // The writer that published the lost manifests knows everything that was in them.
    add(&mut other, 5).await;
    assert_eq!(other.publish().await.expect("published"), 4);
    assert_eq!(total(&store).await, (4, 0, 4));
}

/// Nobody but its caller knows that there was something.
#[tokio::test]
async fn an_emptied_store_is_filled_again_if_its_writer_says_so() {
    let (store, works, cache) = (memory(), [folder(), folder()], folder());
    drop(published(&store, works[0].path()).await);
    let open_before = reader(&store, cache.path()).await;
    latest(&open_before).await;
    lose(&store, "", 0).await;
    assert_eq!(latest(&open_before).await.document_count(), 3);

    let mut writer = open(&store, works[1].path()).await;
    assert!(!writer.is_incomplete());
    writer.set_incomplete();
    add(&mut writer, 4).await;
    writer.publish().await.expect("published");
    // This quarter, and the quarters that have something again.
    assert_eq!(total(&store).await, (1, 2, 1));
    let (missing, count) = {
        let seen = latest(&open_before).await;
        (seen.missing().len(), seen.document_count())
    };
    assert_eq!((missing, count), (2, 1));
    add(&mut writer, 1).await;
    writer.publish().await.expect("published");
    drop(writer);
    refill(&store, 4).await;
    assert_eq!(total(&store).await, (3, 0, 4));
}

#[tokio::test]
async fn a_reader_knows_its_generation_from_another_with_the_same_number() {
    let (store, works, cache) = (memory(), [folder(), folder()], folder());
    drop(published(&store, works[0].path()).await);
    let open_before = reader(&store, cache.path()).await;
    latest(&open_before).await;
    lose(&store, "", 0).await;
    let mut writer = open(&store, works[1].path()).await;
    for round in 1..=3 {
        add(&mut writer, 10 * round).await;
        add(&mut writer, 11 * round).await;
        writer.publish().await.expect("published");
    }
    let seen = latest(&open_before).await;
    assert_eq!((seen.generation(), seen.document_count()), (3, 6));
}
