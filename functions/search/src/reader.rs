//! The snapshot of the index that this function has open.

use std::sync::Arc;

use entrypoint::App;
use entrypoint::http::Failure;
use search_index::{Error, Needs, Searcher, SnapshotReader};
use tokio::sync::OnceCell;

/// Opened with the first request, then kept.
#[derive(Clone, Default)]
pub(crate) struct Reader(Arc<OnceCell<SnapshotReader>>);

impl Reader {
    /// Asks the newest snapshot something, off the threads that serve requests. What is needed to answer is opened first.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        app: &App,
        needs: Needs,
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
            // A request to the store that fails takes nothing from what is open.
            Err(error) => {
                let open = reader.current();
                if open.generation() == 0 || open.needs() < needs {
                    return Err(unavailable(error));
                }
                tracing::warn!(%error, "the index could not be looked at; what is open answers");
                open
            }
        };
        let searcher = match searcher.generation() {
            // Whoever was answered was indexed before.
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
