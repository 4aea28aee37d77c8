//! The Lambda function `polls`.
#![recursion_limit = "256"] // the SDK's futures nest deeply

#[tokio::main(flavor = "current_thread")]
async fn main() -> entrypoint::run::Result {
    entrypoint::run::http(polls::router).await
}
