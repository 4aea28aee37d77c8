//! The Lambda function `intake`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::http(intake::router).await
}
