//! The Lambda function `intake`.

#[tokio::main]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::http(intake::router).await
}
