//! Polls: auditable consultative polls that anybody can count again. People vote, get a receipt, and read how the result came
//! about; organizers prepare polls and say what became of what was chosen.

mod access;
mod archive;
mod ballot;
mod list;
mod poll;
mod refusal;
mod result;
#[cfg(test)]
mod tests;
mod wizard;

use axum::extract::DefaultBodyLimit;
use axum::{Extension, Router};
use entrypoint::App;
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::archive::Archives;
pub use crate::result::protocol;

/// The largest poll, in bytes: 200 options with long descriptions, six bytes a letter in a form, or a whole Pabulib file. Lambda takes
/// 6 MB.
const POLL_LIMIT: usize = 5 * 1024 * 1024;

#[derive(OpenApi)]
struct Api;

/// The routes with their description.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(list::list, poll::create).layer(DefaultBodyLimit::max(POLL_LIMIT)))
        .routes(routes!(wizard::show, wizard::advance).layer(DefaultBodyLimit::max(POLL_LIMIT)))
        .routes(routes!(poll::show, poll::change).layer(DefaultBodyLimit::max(POLL_LIMIT)))
        .routes(routes!(poll::publish))
        .routes(routes!(ballot::cast))
        .routes(routes!(ballot::receipt))
        .routes(routes!(result::show))
        .routes(routes!(archive::log))
        .routes(routes!(archive::archive))
        .routes(routes!(archive::votes))
        .routes(routes!(poll::progress::report))
}

/// The function.
pub fn router(app: App) -> Router {
    pages::serve(routes(), app).layer(Extension(Archives::default()))
}
