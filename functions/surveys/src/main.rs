//! The Lambda function `surveys`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::http(surveys::router).await
}
