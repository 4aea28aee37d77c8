//! `/submissions/{id}/rating`: what the author thinks of the latest answer.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::satisfaction::{Mark, SatisfactionRating};
use domain::submission::{Status, Submission};
use domain::text::Note;
use entrypoint::http::{Attempt, Caller, Command, Failure, FieldError, Path, Posted, Problem, Reply};
use entrypoint::{App, Change, TransactionParts};
use events::Actor;
use pages::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::form;

/// What the author thinks of the latest answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RatingRequest {
    /// 1 (bad) to 5 (good).
    #[schema(required = true, value_type = u8)]
    mark: Option<u8>,
    /// Is the problem solved?
    #[schema(required = true, value_type = bool)]
    solved: Option<bool>,
    /// Why, if the author likes to say: at most 2,000 characters.
    text: Option<String>,
}

/// What became of it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Rated {
    /// `reopened` after a low mark or "not solved", `closed` or `answered` otherwise.
    #[schema(value_type = String)]
    status: Status,
}

/// Rate the latest answer; once an answer. Marks 1 and 2, and "not solved", send the submission back to work.
#[utoipa::path(post, path = "/submissions/{id}/rating", tag = "surveys", request_body = RatingRequest,
    params(("id" = String, Path), ("Tracking" = Option<String>, Header),
        ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Rated), (status = 303, description = "To the submission, for forms"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn rate(
    State(app): State<App>,
    Path(id): Path<String>,
    visit: Visit,
    caller: Caller,
    posted: Posted<RatingRequest>,
) -> Result<Response, Failure> {
    let Posted { form, command } = posted;
    let rated = match command {
        Ok(command) => command.once(&app, || attempt(&app, &id, &command)).await,
        Err(failure) => Err(failure),
    };
    match rated {
        Ok(reply) if form.is_some() => Ok(see_other(&format!("/submissions/{id}?done={}", done(&reply)?))),
        Ok(reply) => Ok(reply.into_response()),
        Err(failure) => {
            let status = failure.refusal().status;
            let form = Form::refused(&visit.layout, form, failure)?;
            form::page(&app, status, visit.layout, &id, &caller, form).await
        }
    }
}

async fn attempt(app: &App, id: &str, command: &Command<RatingRequest>) -> Result<Reply, Attempt> {
    let submission = own(app, id, &command.caller).await?;
    command.if_match.check(submission.version)?;
    let now = app.clock.now();
    let (rating, text) = command.body.parse(now)?;
    let rulebook = app.store.rulebook().await?;

    let steps = submission.rate(rating);
    let mut change = Change::of(submission, Actor::Author, now);
    for (step, text) in steps.with_text(text) {
        change.apply(&step, text, &rulebook)?;
    }

    let body = Rated { status: change.state.status };
    let reply = Reply::json(StatusCode::CREATED, change.state.version, &body)?;
    let stored = command.stored(&reply, Some(change.state.id.into()), now);
    app.save(&change, TransactionParts { reply: stored.as_ref(), ..TransactionParts::default() })
        .await
        .map_err(Attempt::Commit)?;
    Ok(reply)
}

/// What the page says after a rating: `done-` and this.
fn done(reply: &Reply) -> Result<&'static str, Failure> {
    let rated: Rated = serde_json::from_str(reply.body().unwrap_or_default()).map_err(Failure::internal)?;
    Ok(if rated.status == Status::Reopened { "reopened" } else { "rated" })
}

async fn own(app: &App, id: &str, caller: &Caller) -> Result<Submission, Failure> {
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    let submission = app.store.submission(id).await?.ok_or(Failure::NotFound)?;
    if caller.is_author(app, &submission)? { Ok(submission) } else { Err(Failure::NotFound) }
}

impl RatingRequest {
    /// Parses every field, and reports every field that is wrong.
    fn parse(&self, now: jiff::Timestamp) -> Result<(SatisfactionRating, Option<String>), Failure> {
        let mut wrong = Vec::new();
        if self.solved.is_none() {
            wrong.push(FieldError::coded("solved", "not-said", "say whether the problem is solved"));
        }
        // 0 is no mark, as none is.
        let mark = Mark::try_from(self.mark.unwrap_or_default());
        let mark = mark.map_err(|e| wrong.push(FieldError::because("mark", &e))).ok();
        let given = self.text.as_deref().filter(|text| !text.trim().is_empty());
        let text = given.map(Note::parse).transpose();
        let text = text.map_err(|e| wrong.push(FieldError::because("text", &e))).ok().flatten();
        match (mark, self.solved) {
            (Some(mark), Some(solved)) if wrong.is_empty() => {
                Ok((SatisfactionRating { mark, solved, at: now }, text.map(String::from)))
            }
            _ => Err(Failure::Invalid(wrong)),
        }
    }
}
