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
    /// Method and path, with parameters in braces; none for what has no route.
    pub place: Option<(String, String)>,
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
    let mut otherwise = None;
    let mut router = Router::new().route("/health", get(async || StatusCode::OK));
    for Route { place, function } in routes {
        let service = service_fn(move |request: Request<Body>| {
            let function = function.clone();
            async move { Ok::<Response, Infallible>(invoke(function, request).await) }
        });
        let Some((method, path)) = place else {
            otherwise = Some(service);
            continue;
        };
        let unknown = |_| UnknownMethod(format!("{method} {path}"));
        let parsed =
            axum::http::Method::from_bytes(method.as_bytes()).map_err(|_| UnknownMethod(method.clone()))?;
        let filter = MethodFilter::try_from(parsed).map_err(unknown)?;
        router = router.route(&path, on_service(filter, service));
    }
    Ok(match otherwise {
        Some(service) => router
            .method_not_allowed_fallback({
                let service = service.clone();
                async move |request: Request<Body>| service.oneshot(request).await
            })
            .fallback_service(service),
        None => router.fallback(async || Failure::NotFound),
    })
}

/// A function gets the bare request, without what the gateway's own routing has put into it.
async fn invoke(function: Router, mut request: Request<Body>) -> Response {
    request.extensions_mut().clear();
    match function.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
