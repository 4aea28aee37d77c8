//! Links that were sent by mail and carry the tracking number of a submission.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::SubmissionId;
use entrypoint::App;
use entrypoint::http::Failure;
use entrypoint::http::cookies::NewCookie;

use crate::respond::see_other;

/// Accepts a link with the tracking number of a submission: the number goes out of the address and into a cookie, and the
/// browser on to `to`. None if it is another number.
///
/// # Errors
/// If the function was not given the master secret.
pub fn accept_tracking_link(
    app: &App,
    id: SubmissionId,
    typed: &str,
    to: &str,
) -> Result<Option<Response>, Failure> {
    if !app.secret()?.tracking(id).matches(typed) {
        return Ok(None);
    }
    let remember = [(header::SET_COOKIE, NewCookie::tracking(app, id)?.header())];
    Ok(Some((remember, see_other(to)).into_response()))
}
