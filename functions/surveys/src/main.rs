//! The Lambda function `surveys`.

#[tokio::main]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::http(surveys::router).await
}
