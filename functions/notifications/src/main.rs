//! The Lambda function `notifications`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::queue(notifications::Notifier::new, async |notifier, batch| notifier.handle(batch).await)
        .await
}
