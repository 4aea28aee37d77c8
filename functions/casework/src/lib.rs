//! An organization's workspace: the inbox, one submission with everything, and every step that staff can take.

mod decision;
mod inbox;
mod submission;

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
        .routes(routes!(submission::show))
        .routes(routes!(submission::take))
}

/// The function.
pub fn router(app: App) -> Router {
    pages::serve(routes(), app)
}
