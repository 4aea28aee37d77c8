//! The Lambda function `tallying`.
#![recursion_limit = "256"] // the SDK's futures nest deeply

#[tokio::main(flavor = "current_thread")]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::queue(|app| app, async |app, batch| tallying::handle(&app, batch).await).await
}
