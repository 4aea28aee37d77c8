//! An organization's workspace: the inbox, one case with everything, every step that staff can take, answer templates.

mod apply;
mod case;
mod colleagues;
mod decision;
mod executors;
mod inbox;
mod offer;
mod templates;

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
        .routes(routes!(inbox::show))
        .routes(routes!(inbox::bulk::prepare, inbox::bulk::apply))
        .routes(routes!(case::show))
        .routes(routes!(apply::apply))
        .routes(routes!(templates::list, templates::create))
        .routes(routes!(templates::show, templates::change))
        .routes(routes!(templates::remove))
}

/// The function.
pub fn router(app: App) -> Router {
    pages::serve(routes(), app)
}

#[cfg(test)]
mod tests;
