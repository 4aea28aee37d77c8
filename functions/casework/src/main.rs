//! The Lambda function `casework`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::http(casework::router).await
}
