//! Satisfaction: authors rate the answers they got, and everybody sees how the answers of an organization were rated.

mod form;
mod rating;
mod satisfaction;

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
        .routes(routes!(rating::rate, form::show))
        .routes(routes!(satisfaction::show))
}

/// The function.
pub fn router(app: App) -> Router {
    pages::serve(routes(), app)
}

#[cfg(test)]
mod tests;
