//! `/submissions/{id}/rating`: what the author thinks of the latest answer.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::satisfaction::{Mark, SatisfactionRating};
use domain::submission::{Outcome, Status, Step, Submission};
use domain::text::Note;
use entrypoint::http::{Attempt, Caller, Command, Failure, FieldError, Path, Posted, Problem, Reply};
use entrypoint::{App, Change, Extras};
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
#[derive(Debug, Serialize, ToSchema)]
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
    let low = command.as_ref().is_ok_and(|command| command.body.is_low());
    let rated = match command {
        Ok(command) => command.once(&app, || attempt(&app, &id, &command)).await,
        Err(failure) => Err(failure),
    };
    match rated {
        Ok(_) if form.is_some() && low => Ok(see_other(&format!("/submissions/{id}?done=reopened"))),
        Ok(_) if form.is_some() => Ok(see_other(&format!("/submissions/{id}?done=rated"))),
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

    // A promise is not kept or broken before its day; praise for it does not end the matter.
    let latest = submission.answers.last();
    let promised = latest.is_some_and(|answer| matches!(answer.outcome, Outcome::Planned { .. }));
    let mut change = Change::of(submission, Actor::Author, now);
    change.take(&Step::Rate(rating), text, &rulebook)?;
    if rating.is_low() {
        change.take(&Step::Reopen, None, &rulebook)?;
    } else if !promised {
        change.take(&Step::Close, None, &rulebook)?;
    }

    let body = Rated { status: change.submission.status };
    let reply = Reply::json(StatusCode::CREATED, change.submission.version, &body)?;
    let stored = command.stored(&reply, Some(change.submission.id), now);
    app.save(&change, Extras { reply: stored.as_ref(), ..Extras::default() })
        .await
        .map_err(Attempt::Commit)?;
    Ok(reply)
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

    /// Does it send the submission back to work?
    fn is_low(&self) -> bool {
        self.parse(jiff::Timestamp::UNIX_EPOCH).is_ok_and(|(rating, _)| rating.is_low())
    }
}
