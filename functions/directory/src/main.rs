//! The Lambda function `directory`.

#[tokio::main]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::http(directory::router).await
}
