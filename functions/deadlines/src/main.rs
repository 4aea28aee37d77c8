//! The Lambda function `deadlines`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::schedule(async |app| deadlines::handle(&app).await).await
}
