//! The Lambda function `routing`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::queue(|app| app, async |app, batch| routing::handle(&app, batch).await).await
}
