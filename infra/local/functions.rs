//! Logical id -> handler: the only place that knows all functions.

use std::sync::Arc;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use entrypoint::App;
use futures::future::BoxFuture;
use utoipa_axum::router::OpenApiRouter;

/// What a schedule's run may end with.
pub type RunError = Box<dyn std::error::Error + Send + Sync>;

/// A function that can be run here.
#[derive(Clone)]
pub enum Handler {
    /// Answers requests.
    Http(axum::Router),
    /// Takes batches.
    Queue(Arc<dyn Fn(SqsEvent) -> BoxFuture<'static, SqsBatchResponse> + Send + Sync>),
    /// Runs by the clock.
    Schedule(Arc<dyn Fn() -> BoxFuture<'static, Result<(), RunError>> + Send + Sync>),
}

/// The handler of a function of the template; none if this program does not have it.
pub fn handler(id: &str, app: App) -> Option<Handler> {
    Some(match id {
        "Portal" => Handler::Http(portal::router(app)),
        "Intake" => Handler::Http(intake::router(app)),
        "Casework" => Handler::Http(casework::router(app)),
        "Surveys" => Handler::Http(surveys::router(app)),
        "Polls" => Handler::Http(polls::router(app)),
        "Search" => Handler::Http(search::router(app)),
        "Directory" => Handler::Http(directory::router(app)),
        "Routing" => queue(app, |app, batch| Box::pin(async move { routing::handle(&app, batch).await })),
        "Indexing" => {
            let indexer = Arc::new(indexing::Indexer::new(app));
            queue(indexer, |indexer, batch| Box::pin(async move { indexer.handle(batch).await }))
        }
        "Notifications" => {
            let notifier = Arc::new(notifications::Notifier::new(app));
            queue(notifier, |notifier, batch| Box::pin(async move { notifier.handle(batch).await }))
        }
        "Tallying" => queue(app, |app, batch| Box::pin(async move { tallying::handle(&app, batch).await })),
        "Relay" => schedule(app, |app| Box::pin(async move { Ok(relay::handle(&app).await?) })),
        "Deadlines" => schedule(app, |app| Box::pin(async move { Ok(deadlines::handle(&app).await?) })),
        _ => return None,
    })
}

/// The routes of every HTTP function with their description, by logical id.
pub fn routes() -> Vec<(&'static str, OpenApiRouter<App>)> {
    vec![
        ("Portal", portal::routes()),
        ("Intake", intake::routes()),
        ("Casework", casework::routes()),
        ("Surveys", surveys::routes()),
        ("Polls", polls::routes()),
        ("Search", search::routes()),
        ("Directory", directory::routes()),
    ]
}

fn queue<C: Clone + Send + Sync + 'static>(
    kept: C,
    run: impl Fn(C, SqsEvent) -> BoxFuture<'static, SqsBatchResponse> + Send + Sync + 'static,
) -> Handler {
    Handler::Queue(Arc::new(move |batch| run(kept.clone(), batch)))
}

fn schedule(
    app: App,
    run: impl Fn(App) -> BoxFuture<'static, Result<(), RunError>> + Send + Sync + 'static,
) -> Handler {
    Handler::Schedule(Arc::new(move || run(app.clone())))
}

#[derive(utoipa::OpenApi)]
#[openapi(
    components(schemas(entrypoint::http::ProblemDetails, entrypoint::http::FieldError)),
    info(
        title = "vmeste",
        description = "A public feedback platform. Every error is application/problem+json (RFC 9457).",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    )
)]
struct Whole;

/// One description (OpenAPI 3.1, JSON) of the routes of every function.
///
/// # Errors
/// If it cannot be written as JSON.
pub fn openapi() -> Result<String, serde_json::Error> {
    use utoipa::OpenApi;
    let mut whole = Whole::openapi();
    for (_, routes) in routes() {
        whole.merge(routes.into_openapi());
    }
    whole.to_pretty_json()
}
