//! Accepts reports and appeals, and tells authors how they stand.
//!
//! It decides whether a submission is well-formed, and nothing about who answers it or when: that is routing.

mod author;
mod new;
mod own;
mod page;
mod request;
mod submit;
mod suggestion;
mod tracking;

use axum::Router;
use entrypoint::App;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
struct Api;

/// The routes with their description.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(submit::submit, own::own))
        .routes(routes!(new::show))
        .routes(routes!(suggestion::suggest))
        .routes(routes!(tracking::show, tracking::find))
        .routes(routes!(author::show))
        .routes(routes!(author::withdraw))
}

/// The function.
pub fn router(app: App) -> Router {
    pages::serve(routes(), app)
}

#[cfg(test)]
mod tests;
