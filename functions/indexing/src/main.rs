//! The Lambda function `indexing`.
#![recursion_limit = "256"] // the SDK's futures nest deeply

#[tokio::main(flavor = "current_thread")]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::queue(indexing::Indexer::new, async |indexer, batch| indexer.handle(batch).await).await
}
