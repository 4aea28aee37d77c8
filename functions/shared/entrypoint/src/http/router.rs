//! What surrounds every router: request ids, logs, limits, panics.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::response::{IntoResponse, Response};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;
use utoipa_axum::router::OpenApiRouter;

use super::failure::Failure;
use crate::app::App;

/// The largest body, in bytes, where a route does not say otherwise. A text of 20,000 characters takes 80 KB at most.
const BODY_LIMIT: usize = 256 * 1024;

/// Finishes a function's router.
pub fn serve(routes: OpenApiRouter<App>, app: App) -> Router {
    let (router, _) = routes.split_for_parts();
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_response(log))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CsrfLayer::new().with_rejection_response(from_elsewhere))
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    router
        .fallback(async || Failure::NotFound)
        .method_not_allowed_fallback(async || Failure::MethodNotAllowed)
        .layer(layers)
        .with_state(app)
}

/// A browser says that the request comes from another site (Fetch Metadata; else `Origin` against `Host`).
fn from_elsewhere(_: ProtectionError) -> Response {
    Failure::Forbidden("A form of another site cannot change anything here.".into()).into_response()
}

/// The path is logged without its query, which may hold what somebody searched for.
fn span(request: &Request) -> tracing::Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    let (method, path) = (request.method(), request.uri().path());
    tracing::info_span!("request", request.id = id, http.method = %method, http.path = path)
}

fn log<B>(response: &axum::http::Response<B>, took: std::time::Duration, _: &tracing::Span) {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(http.status = response.status().as_u16(), took.micros = micros, "answered");
}

fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
    Failure::internal(format!("a handler panicked: {message}")).into_response()
}
