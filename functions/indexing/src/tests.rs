use engines::{Workbench, batch};
use events::Consumer;
use search_index::{OpenLevel, Page, Query, Searcher, SnapshotReader};

use super::*;

/// What a reader finds in the index that the function publishes.
async fn published(app: &App) -> std::sync::Arc<Searcher> {
    let location = app.index().unwrap();
    let cache = tempfile::tempdir().unwrap();
    let reader = SnapshotReader::open(objects::open(&location.store).unwrap(), cache.path()).await.unwrap();
    reader.latest_for(OpenLevel::Words).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_found_and_its_deliveries_are_done_with() {
    let bench = Workbench::start().await.unwrap();
    let app = bench.app("Indexing").unwrap();
    bench.report(Some("pothole")).await.unwrap();
    bench.routed().await.unwrap();
    let deliveries = bench.pending(Consumer::Indexing).await.unwrap();
    let indexer = Indexer::new(app.clone());
    for _ in 0..2 {
        let reply = indexer.handle(batch(&deliveries).unwrap()).await;
        assert_eq!(reply.batch_item_failures.len(), 0);
        assert_eq!(bench.pending(Consumer::Indexing).await.unwrap(), []);
        let found = published(&app).await.search(&Query::default(), Page { offset: 0, limit: 10 }).unwrap();
        assert_eq!(found.total, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_submission_that_cannot_be_read_is_found_by_halving_and_fails_alone() {
    let bench = Workbench::start().await.unwrap();
    let app = bench.app("Indexing").unwrap();
    let mut reports = Vec::new();
    for _ in 0..5 {
        reports.push(bench.report(Some("pothole")).await.unwrap());
    }
    bench.spoil(&store::keys::state(reports[2].id)).await.unwrap();
    let deliveries = bench.pending(Consumer::Indexing).await.unwrap();
    let reply = Indexer::new(app.clone()).handle(batch(&deliveries).unwrap()).await;
    let failed: Vec<usize> =
        reply.batch_item_failures.iter().map(|one| one.item_identifier.parse().unwrap()).collect();
    assert_eq!(failed.iter().map(|at| deliveries[*at].subject).collect::<Vec<_>>(), [reports[2].id.into()]);
    let left = bench.pending(Consumer::Indexing).await.unwrap();
    assert_eq!(left.iter().map(|delivery| delivery.subject).collect::<Vec<_>>(), [reports[2].id.into()]);
    let found = published(&app).await.search(&Query::default(), Page { offset: 0, limit: 10 }).unwrap();
    assert_eq!(found.total, 4);
}

#[tokio::test]
async fn whoever_comes_after_a_writer_that_lost_has_its_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, work) = (folder.path().join("store"), folder.path().join("work"));
    let location = IndexLocation { store: format!("file://{}", store.display()), work };
    let lost = open(&location).await.expect("a writer");
    let again = reopen(&location, lost).await.expect("a writer");
    assert!(again.is_incomplete(), "nobody knows whether there was anything");
    let places = || std::fs::read_dir(&location.work).expect("places").count();
    assert_eq!(places(), 1);
    drop((again, open(&location).await.expect("a writer")));
    assert_eq!(places(), 2, "two at once need two");
}
