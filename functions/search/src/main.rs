//! The Lambda function `search`.

#[tokio::main]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::http(search::router).await
}
