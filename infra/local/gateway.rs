//! What API Gateway does on AWS: sends each route of the template to its function, and nothing else to anybody.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum::routing::{MethodFilter, get, on_service};
use entrypoint::http::Failure;
use tower::{ServiceExt, service_fn};

/// A route of the template and the function behind it.
pub struct Route {
    /// `GET` and so on.
    pub method: String,
    /// With parameters in braces.
    pub path: String,
    /// The function.
    pub function: Router,
}

/// A route that the gateway cannot serve.
#[derive(Debug, thiserror::Error)]
#[error("the route `{0}` has a method that the local host does not know")]
pub struct UnknownMethod(String);

/// The platform's router; `/health` answers 200 once it is there.
///
/// # Errors
/// [`UnknownMethod`] for a method that is none of HTTP.
pub fn router(routes: Vec<Route>) -> Result<Router, UnknownMethod> {
    let mut router = Router::new().route("/health", get(async || StatusCode::OK));
    for Route { method, path, function } in routes {
        let unknown = |_| UnknownMethod(format!("{method} {path}"));
        let parsed =
            axum::http::Method::from_bytes(method.as_bytes()).map_err(|_| UnknownMethod(method.clone()))?;
        let filter = MethodFilter::try_from(parsed).map_err(unknown)?;
        let service = service_fn(move |request: Request<Body>| {
            let function = function.clone();
            async move { Ok::<Response, Infallible>(invoke(function, request).await) }
        });
        router = router.route(&path, on_service(filter, service));
    }
    Ok(router
        .fallback(async || Failure::NotFound)
        .method_not_allowed_fallback(async || Failure::MethodNotAllowed))
}

/// A function gets the bare request, without what the gateway's own routing has put into it.
async fn invoke(function: Router, mut request: Request<Body>) -> Response {
    request.extensions_mut().clear();
    match function.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
