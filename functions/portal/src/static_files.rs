//! `GET /static/{file}`: style sheet, script, icon.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use entrypoint::http::{Failure, Path};

/// Addresses change with the content, so browsers need not ask again for a year.
const FOR_A_YEAR: &str = "public, max-age=31536000, immutable";

/// A static file of the pages.
#[utoipa::path(get, path = "/static/{file}", tag = "portal", params(("file" = String, Path)),
    responses((status = 200, body = String, content_type = "text/css"), (status = 404)))]
pub(crate) async fn file(Path(file): Path<String>) -> Result<Response, Failure> {
    let asset = pages::asset(&file).ok_or(Failure::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, FOR_A_YEAR),
        (header::VARY, "Accept-Encoding"),
    ];
    Ok((headers, asset.content).into_response())
}
