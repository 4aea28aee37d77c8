//! The Lambda function `portal`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::http(portal::router).await
}
