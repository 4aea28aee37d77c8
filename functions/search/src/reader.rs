//! The open snapshot of the index, shared by all requests of this function.

use std::sync::Arc;

use entrypoint::App;
use entrypoint::http::Failure;
use search_index::{Error, OpenLevel, Searcher, SnapshotReader};
use tokio::sync::OnceCell;

/// Opens the index with the first request and keeps it.
#[derive(Clone, Default)]
pub(crate) struct Reader(Arc<OnceCell<SnapshotReader>>);

impl Reader {
    /// Answers a question with the newest snapshot, off the threads that serve requests. The parts of the index that the
    /// question needs are opened first.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        app: &App,
        needs: OpenLevel,
        question: impl FnOnce(&Searcher) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Failure> {
        let location = app.index()?;
        let open = async || {
            let store = objects::open(&location.store).map_err(unavailable)?;
            SnapshotReader::open(store, &location.work).await.map_err(unavailable)
        };
        let reader = self.0.get_or_try_init(open).await?;
        let searcher = match reader.latest_for(needs).await {
            Ok(newest) => newest,
            // The open snapshot can still answer when the store cannot be reached.
            Err(error) => {
                let open = reader.current();
                if open.generation() == 0 || open.needs() < needs {
                    return Err(unavailable(error));
                }
                tracing::warn!(%error, "the newest index could not be read; the open snapshot answers");
                open
            }
        };
        let searcher = match searcher.generation() {
            // An answered submission was indexed before: an empty index has lost it.
            0 if app.store.totals().await?.answered > 0 => Arc::new(Searcher::lost()),
            _ => searcher,
        };
        let answer = tokio::task::spawn_blocking(move || question(&searcher)).await;
        answer.map_err(Failure::internal)?.map_err(unavailable)
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::Unavailable(Box::new(error))
}
