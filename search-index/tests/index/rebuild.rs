//! Throwing the index away: on purpose, or because it was written by another version of the program.

use std::sync::Arc;

use object_store::{ObjectStore, PutOptions};
use search_index::{Error, IndexWriter};

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
