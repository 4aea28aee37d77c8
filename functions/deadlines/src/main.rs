//! The Lambda function `deadlines`.

#[tokio::main]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::schedule(async |app| deadlines::handle(&app).await).await
}
