//! The Lambda function `routing`.

#[tokio::main]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::queue(|app| app, async |app, batch| routing::handle(&app, batch).await).await
}
