//! Finds submissions and counts them: full-text search, similar submissions, the matrix of systemic problems, an
//! organization's figures.

mod dashboard;
mod find;
mod matrix;
mod missing;
mod question;
mod reader;
mod similar;
mod timeline;

use axum::{Extension, Router};
use entrypoint::App;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::reader::Reader;

#[derive(OpenApi)]
struct Api;

/// The routes with their description.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(find::search))
        .routes(routes!(similar::similar))
        .routes(routes!(matrix::matrix))
        .routes(routes!(dashboard::dashboard))
}

/// The function.
pub fn router(app: App) -> Router {
    pages::serve(routes(), app).layer(Extension(Reader::default()))
}
