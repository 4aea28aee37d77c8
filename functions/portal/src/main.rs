//! The Lambda function `portal`.

#[tokio::main]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::http(portal::router).await
}
