//! Running a function on Lambda. The same handlers run in the local host.

use std::future::Future;
use std::sync::Arc;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use axum::middleware::map_response;
use lambda_runtime::{LambdaEvent, service_fn};

use crate::app::App;
use crate::http::sendable;

/// What `main` returns.
pub type Result = std::result::Result<(), lambda_runtime::Error>;

/// Runs an HTTP function.
///
/// # Errors
/// If the environment is incomplete or the runtime cannot be reached.
pub async fn http(router: impl FnOnce(App) -> axum::Router) -> Result {
    let app = App::from_env().await?;
    lambda_http::run(router(app).layer(map_response(sendable))).await
}

/// Runs a queue function. `start` makes what it keeps between batches; for most that is the context itself.
///
/// # Errors
/// If the environment is incomplete or the runtime cannot be reached.
pub async fn queue<C, F>(start: impl FnOnce(App) -> C, handle: impl Fn(Arc<C>, SqsEvent) -> F) -> Result
where
    F: Future<Output = SqsBatchResponse>,
{
    let kept = Arc::new(start(App::from_env().await?));
    let handle = &handle;
    lambda_runtime::run(service_fn(|event: LambdaEvent<SqsEvent>| {
        let kept = Arc::clone(&kept);
        async move { Ok::<_, lambda_runtime::Error>(handle(kept, event.payload).await) }
    }))
    .await
}

/// Runs a function of the schedule.
///
/// # Errors
/// If the environment is incomplete or the runtime cannot be reached.
pub async fn schedule<F, E>(handle: impl Fn(App) -> F) -> Result
where
    F: Future<Output = std::result::Result<(), E>>,
    E: Into<lambda_runtime::Error>,
{
    let app = App::from_env().await?;
    let handle = &handle;
    lambda_runtime::run(service_fn(|_: LambdaEvent<serde_json::Value>| {
        let app = app.clone();
        async move { handle(app).await.map_err(Into::into) }
    }))
    .await
}
