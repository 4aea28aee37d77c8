//! `/tracking`: a submission found by its tracking number alone.
//!
//! A number has 130 random bits and its fingerprint is one key of the table, so trying numbers out finds nothing: a billion
//! tries a second for the age of the universe would not be enough. So there is no counting of tries here.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::SubmissionId;
use domain::secret::Tracking;
use entrypoint::App;
use entrypoint::http::cookies::NewCookie;
use entrypoint::http::{Failure, FieldError, Posted, Problem};
use pages::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A tracking number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrackingRequest {
    /// As it was given with the submission; hyphens, spaces and capitals do not matter.
    #[serde(default)]
    #[schema(required = true)]
    tracking: String,
}

/// The submission that it is of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tracked {
    #[schema(value_type = String, format = Uuid)]
    id: SubmissionId,
}

#[derive(Template)]
#[template(path = "tracking.html")]
struct TrackingPage {
    l: Layout,
    form: Form,
}

/// The form for a tracking number.
#[utoipa::path(get, path = "/tracking", tag = "intake",
    responses((status = 200, body = String, content_type = "text/html")))]
pub(crate) async fn show(visit: Visit) -> Result<Response, Failure> {
    html(&TrackingPage { l: visit.layout, form: Form::default() })
}

/// Find a submission by its tracking number.
#[utoipa::path(post, path = "/tracking", tag = "intake", request_body = TrackingRequest,
    responses((status = 200, body = Tracked), (status = 303, description = "To the submission, for forms"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn find(
    State(app): State<App>,
    visit: Visit,
    posted: Posted<TrackingRequest>,
) -> Result<Response, Failure> {
    let Posted { form, command } = posted;
    let found = match command {
        Ok(command) => tracked(&app, &command.body.tracking).await,
        Err(failure) => Err(failure),
    };
    match found {
        Ok(id) if form.is_some() => {
            let remember = [(header::SET_COOKIE, NewCookie::tracking(&app, id)?.header())];
            Ok((remember, see_other(&format!("/submissions/{id}"))).into_response())
        }
        Ok(id) => Ok(Json(Tracked { id }).into_response()),
        Err(failure) => {
            let status = failure.refusal().status;
            let mut l = visit.layout;
            let form = Form::refused(&l, form, failure)?;
            "/tracking".clone_into(&mut l.here);
            html_with(status, &TrackingPage { l, form })
        }
    }
}

async fn tracked(app: &App, typed: &str) -> Result<SubmissionId, Failure> {
    let found = app.store.tracked(&Tracking::fingerprint(typed)).await?;
    let own = |id: &SubmissionId| app.secret().map(|secret| secret.tracking(*id).matches(typed));
    match found {
        Some(id) if own(&id)? => Ok(id),
        _ => {
            let message = "there is no submission with this tracking number";
            Err(Failure::Invalid(vec![FieldError::coded("tracking", "no-such-code", message)]))
        }
    }
}
