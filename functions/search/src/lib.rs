//! Full-text search, similar submissions, the matrix of systemic problems, and the dashboard of an organization.
//!
//! One folder a page: `mod` has the route, `view` makes JSON, `page` makes HTML, `table` makes files. Only `mod` imports the
//! others. What search and matrix share is the `question`.

mod dashboard;
mod find;
#[cfg(test)]
mod fixture;
mod intervals;
mod matrix;
mod missing;
mod names;
mod question;
mod reader;
mod similar;
mod texts;

use axum::{Extension, Router};
use entrypoint::App;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::reader::Reader;
pub use crate::texts::text_ids;

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

#[cfg(test)]
mod tests;
