//! Pages as responses.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use entrypoint::http::Failure;

/// A page.
///
/// # Errors
/// If the template fails, which is our mistake.
pub fn html(page: &impl Template) -> Result<Response, Failure> {
    html_with(StatusCode::OK, page)
}

/// A page with another status: a form that came back has the one that a program would get.
///
/// # Errors
/// As [`html`].
pub fn html_with(status: StatusCode, page: &impl Template) -> Result<Response, Failure> {
    Ok((status, Html(page.render().map_err(Failure::internal)?)).into_response())
}

/// Where the browser goes after a form.
pub fn see_other(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}
