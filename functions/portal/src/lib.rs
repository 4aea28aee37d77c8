//! What belongs to no other function: home, sign-in, language, notices, settings, help, static files.

mod help;
mod home;
mod language;
mod notices;
mod own_path;
mod settings;
mod sign_in;
mod static_files;

use axum::{Extension, Router};
use entrypoint::App;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::sign_in::Provider;

#[derive(OpenApi)]
struct Api;

/// The routes with their description.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(home::show))
        .routes(routes!(help::show))
        .routes(routes!(language::choose))
        .routes(routes!(notices::list))
        .routes(routes!(notices::read))
        .routes(routes!(settings::show, settings::change))
        .routes(routes!(sign_in::begin))
        .routes(routes!(sign_in::finish))
        .routes(routes!(sign_in::sign_out))
        .routes(routes!(static_files::file))
}

/// The function.
pub fn router(app: App) -> Router {
    pages::serve(routes(), app).layer(Extension(Provider::default()))
}

#[cfg(test)]
mod tests;
