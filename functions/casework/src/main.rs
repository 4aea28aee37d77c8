//! The Lambda function `casework`.

#[tokio::main]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::http(casework::router).await
}
