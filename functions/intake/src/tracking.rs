//! `/tracking`: a submission found by its tracking number alone.
//!
//! A number has 130 random bits and its fingerprint is one key of the table, so trying numbers out finds nothing: a billion
//! tries a second for the age of the universe would not be enough. So there is no counting of tries here.

use askama::Template;
use axum::Json;
use axum::response::Response;
use domain::SubmissionId;
use domain::secret::Tracking;
use entrypoint::App;
use entrypoint::http::cookies::NewCookie;
use entrypoint::http::{Failure, FieldError, HttpCommand, Posted};
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
        Failure))]
pub(crate) async fn find(
    app: App,
    visit: Visit,
    posted: Posted<TrackingRequest>,
) -> Result<Response, Failure> {
    let act = async |command: HttpCommand<TrackingRequest>| {
        let id = tracked(&app, &command.body.tracking).await?;
        let done = Done::new(Json(Tracked { id }), &format!("/submissions/{id}"));
        Ok(done.with_cookie(&NewCookie::tracking(&app, id)?))
    };
    visit.answer(posted, act, async |l, form| html(&TrackingPage { l, form })).await
}

async fn tracked(app: &App, typed: &str) -> Result<SubmissionId, Failure> {
    let found = app.store.tracked(&Tracking::fingerprint(typed)).await?;
    let own = |id: &SubmissionId| app.secret().map(|secret| secret.tracking(*id).matches(typed));
    match found {
        Some(id) if own(&id)? => Ok(id),
        _ => {
            let message = "there is no submission with this tracking number";
            Err(FieldError::coded("tracking", "no-such-code", message).into())
        }
    }
}
