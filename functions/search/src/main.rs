//! The Lambda function `search`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::http(search::router).await
}
