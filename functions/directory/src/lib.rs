//! The directory over HTTP: what a form needs to offer (categories, territories, organizations), and the pages of
//! administrators: look through it, change it, see who changed what.

mod address;
mod change;
mod difference;
mod entries;
mod entry;
mod fields;
mod file;
mod history;
mod load;
mod look;
mod names;
mod overview;
mod request;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use entrypoint::App;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::router::UtoipaMethodRouterExt;
use utoipa_axum::routes;

#[derive(OpenApi)]
struct Api;

/// The largest change, in bytes: Lambda takes 6 MB. Larger ones go in by `vmeste directory load`.
const CHANGE_LIMIT: usize = 5 * 1024 * 1024;

/// The routes with their description.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(overview::info))
        .routes(routes!(look::categories))
        .routes(routes!(look::territories))
        .routes(routes!(look::organizations))
        .routes(routes!(look::organization))
        .routes(routes!(history::versions))
        .routes(routes!(history::version))
        .routes(routes!(load::form))
        .routes(routes!(load::preview).layer(DefaultBodyLimit::max(CHANGE_LIMIT)))
        .routes(routes!(entries::list, change::merge).layer(DefaultBodyLimit::max(CHANGE_LIMIT)))
        .routes(routes!(entry::show, entry::save))
        .routes(routes!(entry::remove))
}

/// The function.
pub fn router(app: App) -> Router {
    pages::serve(routes(), app)
}

#[cfg(test)]
mod tests;
