//! What surrounds the router of a function with pages.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::from_fn_with_state;
use entrypoint::App;
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::problem;

/// Files of this site alone, no inline scripts or styles, and no other site may frame a page.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Finishes the router of a function with pages: problems become pages where pages are wanted, and every reply says what browsers
/// may do with it.
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
