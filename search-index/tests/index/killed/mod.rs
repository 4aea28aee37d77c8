//! `kill -9` while the index is written: the next writer finds the last published state, whole, and goes on by
//! itself.
//!
//! A writer in a process of its own is killed in every part of a commit, [`RUNS`] times each, always on the same store
//! and in the same work folder, so that what one leaves behind lies in the way of the next.

mod child;
mod merge;
mod stopping_store;
mod table;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use search_index::SnapshotReader;
use tempfile::TempDir;

use crate::common::*;
use child::Child;
use stopping_store::Stop;
use table::{Table, batch};

const RUNS: u32 = 20;

/// The store, the work folder, and somebody who reads all the time.
struct Setup {
    remote: TempDir,
    work: TempDir,
    /// Of the reader.
    _cache: TempDir,
    store: Arc<dyn ObjectStore>,
    reader: SnapshotReader,
    /// Batches that are published.
    published: u32,
}

impl Setup {
    async fn new() -> Self {
        let (remote, cache) = (folder(), folder());
        let store: Arc<dyn ObjectStore> =
            Arc::new(LocalFileSystem::new_with_prefix(remote.path()).expect("a store"));
        let reader = reader(&store, cache.path()).await;
        Self { remote, work: folder(), _cache: cache, store, reader, published: 0 }
    }

    fn start(&self, stop: Stop) -> Child {
        Child::start(self.remote.path(), self.work.path(), self.published, stop)
    }

    /// Kills a writer that stops in the middle of the batch after the first: nothing of that batch may be seen.
    async fn kill_at(&mut self, stop: Stop) {
        let mut child = self.start(stop);
        child.until("stopped");
        let acknowledged = child.kill();
        assert_eq!(acknowledged, [self.published], "one batch is published, the next is not");
        self.published += 1;
        self.check().await;
        self.go_on().await;
    }

    /// What a reader sees that has been here all the time, and now and then one that has nothing yet.
    async fn check(&self) {
        let table = Table::of(self.published);
        table.check(&*latest(&self.reader).await);
        if self.published.is_multiple_of(5) {
            let cache = folder(); // many files: every time would be most of the test's time
            table.check(&*latest(&reader(&self.store, cache.path()).await).await);
        }
    }

    /// Another writer, in the work folder of the dead one, gets what the queue delivers again: what was not
    /// acknowledged, and some that was.
    async fn go_on(&mut self) {
        let before = latest(&self.reader).await.generation();
        let mut writer = open(&self.store, self.work.path()).await;
        assert_eq!(writer.generation(), before);
        assert_eq!(places(self.work.path()), 1, "the lock of the dead is nobody's");
        let again = [self.published - 1, self.published].map(batch);
        writer.apply(again.concat()).await.expect("applied");
        assert_eq!(writer.publish().await.expect("published"), before + 1);
        self.published += 1;
        self.check().await;
    }
}

/// Places that writers have taken in a work folder.
fn places(work: &Path) -> usize {
    std::fs::read_dir(work).expect("a folder").count()
}

#[tokio::test]
async fn before_the_commit() {
    let mut place = Setup::new().await;
    for _ in 0..RUNS {
        place.kill_at(Stop::Applied).await;
    }
}

#[tokio::test]
async fn after_the_commit_before_the_first_file() {
    let mut place = Setup::new().await;
    for _ in 0..RUNS {
        place.kill_at(Stop::Files(0)).await;
    }
}

#[tokio::test]
async fn after_some_files() {
    let mut place = Setup::new().await;
    for run in 0..RUNS {
        place.kill_at(Stop::Files(1 + run % 12)).await;
    }
}

#[tokio::test]
async fn after_all_files_before_the_manifest() {
    let mut place = Setup::new().await;
    for _ in 0..RUNS {
        place.kill_at(Stop::Manifest).await;
    }
}

/// Published but not acknowledged: what comes again is there already.
#[tokio::test]
async fn after_the_manifest() {
    let mut place = Setup::new().await;
    for _ in 0..RUNS {
        let mut child = place.start(Stop::Hint);
        child.until("stopped");
        assert_eq!(child.kill(), [place.published]);
        place.published += 2;
        place.check().await;
        place.go_on().await;
    }
}

/// Many small commits: tantivy merges their segments into larger ones in the background.
#[tokio::test]
async fn during_a_merge() {
    let mut place = Setup::new().await;
    let mut merging = 0;
    for run in 0..RUNS {
        let mut child = place.start(Stop::Never);
        child.until(&format!("acknowledged {}", place.published + run % 4));
        // Every second time anywhere; a merge alone would always be the same moment.
        if run.is_multiple_of(2) {
            merge::wait(place.work.path());
        }
        std::thread::sleep(Duration::from_micros(u64::from(run * 7 % 20) * 100));
        let acknowledged = child.kill();
        merging += u32::from(merge::under_way(place.work.path()));
        let expected: Vec<u32> = (place.published..).take(acknowledged.len()).collect();
        assert_eq!(acknowledged, expected);
        place.published += u32::try_from(acknowledged.len()).expect("few");
        // Killed before it could say so: the whole batch is there.
        let count = latest(&place.reader).await.document_count();
        place.published += u32::from(count == Table::of(place.published + 1).len());
        place.check().await;
        place.go_on().await;
    }
    assert!(merging >= RUNS / 4, "killed in {merging} merges");
}
