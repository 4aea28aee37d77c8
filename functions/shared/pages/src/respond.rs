//! Pages as responses, and what surrounds the router of a function with pages.

use askama::Template;
use axum::Router;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{Html, IntoResponse, Response};
use domain::SubmissionId;
use entrypoint::App;
use entrypoint::http::Failure;
use entrypoint::http::cookies::NewCookie;
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::problem;

/// Nothing but our own files, no inline scripts or styles, and nobody may frame us.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

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

/// Lets in whoever came by a link with the tracking number of a submission: the number goes out of the address and into a
/// cookie, and the browser on to `to`. None if it is another number.
///
/// # Errors
/// If the function was not given the master secret.
pub fn let_in(app: &App, id: &str, typed: &str, to: &str) -> Result<Option<Response>, Failure> {
    let Ok(id) = id.parse::<SubmissionId>() else { return Ok(None) };
    if !app.secret()?.tracking(id).matches(typed) {
        return Ok(None);
    }
    let remember = [(header::SET_COOKIE, NewCookie::tracking(app, id)?.header())];
    Ok(Some((remember, see_other(to)).into_response()))
}

/// Finishes the router of a function with pages: problems become pages for whoever wants pages, and every reply says what
/// browsers may do with it.
pub fn serve(routes: OpenApiRouter<App>, app: App) -> Router {
    let always = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    let layers = ServiceBuilder::new()
        .layer(CompressionLayer::new())
        .layer(always(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "same-origin"))
        .layer(always(header::CACHE_CONTROL, "no-store"))
        .layer(always(header::VARY, "Accept, Accept-Language, Cookie"))
        .layer(from_fn_with_state(app.clone(), problem::as_page));
    entrypoint::http::serve(routes, app).layer(layers)
}
