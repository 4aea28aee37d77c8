//! Finds submissions and counts them: full-text search, facets, the matrix of systemic problems.

mod filter;
mod find;
mod matrix;
mod reader;

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
    OpenApiRouter::with_openapi(Api::openapi()).routes(routes!(find::search)).routes(routes!(matrix::matrix))
}

/// The function.
pub fn router(app: App) -> Router {
    pages::serve(routes(), app).layer(Extension(Reader::default()))
}
