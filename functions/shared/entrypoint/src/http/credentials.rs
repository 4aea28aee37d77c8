//! The credentials that a request carries: a bearer token, or the cookie of a session.

use std::sync::Arc;

use axum::http::{HeaderMap, header};

use super::cookies::{SESSION, cookie};
use super::failure::Failure;
use crate::app::App;
use crate::identity::{TokenError, Verified};

/// Verifies the token that the headers carry. A bearer token that is not valid is an error; a session that is over is no
/// session.
///
/// # Errors
/// The outer error is no verdict on a token: the headers carry none, or this function cannot verify.
pub(super) async fn verify(
    headers: &HeaderMap,
    app: &App,
) -> Result<Result<Option<Verified>, Arc<TokenError>>, Failure> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(value) = header {
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Failure::Unauthenticated("use the scheme Bearer".into()));
        }
        return Ok(app.identity()?.verify(token.trim()).await.map(Some).map_err(Arc::new));
    }
    let Some(token) = cookie(headers, SESSION) else { return Ok(Ok(None)) };
    Ok(match app.identity()?.verify(&token).await {
        Ok(verified) => Ok(Some(verified)),
        Err(TokenError::Invalid(_)) => Ok(None),
        Err(error) => Err(Arc::new(error)),
    })
}
