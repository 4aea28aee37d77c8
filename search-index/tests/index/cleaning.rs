//! What is removed from the store, and that nobody misses it.

use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;

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
    assert_eq!(objects(&store, "manifests").await.len(), 3);
    let files = objects(&store, "files").await.len();
    assert!(files < 29 * 6, "{files} files are left");

    assert_eq!(old.search(&typed("яма"), PAGE, true).expect("the old files are still there").total, 50);
    // The next generations are gone: the reader must skip them.
    let new = latest(&slow).await;
    assert_eq!((new.generation(), find(&new, &typed("яма")).total), (29, 49));
    assert_eq!(find(&*latest(&reader(&store, caches[1].path()).await).await, &typed("фонарь двор")).total, 0);
    assert_eq!(find(&new, &typed("фонарь")).total, 1);
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
        let path = remote.path().join("files").join(name);
        let file = std::fs::File::create(path).expect("a file");
        let age = std::time::Duration::from_secs(hours * 3600);
        file.set_modified(std::time::SystemTime::now() - age).expect("a time");
    };
    set_age("lost-1.idx", 1);
    set_age("lost-2.idx", 30);
    drop(open(&store, works[1].path()).await);
    let mut expected = published;
    expected.push("files/lost-1.idx".to_owned());
    expected.sort_unstable();
    assert_eq!(objects(&store, "files").await, expected);
}
