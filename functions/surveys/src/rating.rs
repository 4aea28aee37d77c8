//! `/submissions/{id}/rating`: what the author thinks of the latest answer.

use axum::http::StatusCode;
use axum::response::Response;
use domain::SubmissionId;
use domain::satisfaction::{Mark, SatisfactionRating};
use domain::submission::{Outcome, Status, Step, Submission};
use domain::text::Note;
use entrypoint::http::{Attempt, Caller, Command, Failure, FieldErrors, Path, Posted, Reply};
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
        Failure))]
pub(crate) async fn rate(
    app: App,
    Path(id): Path<SubmissionId>,
    visit: Visit,
    caller: Caller,
    posted: Posted<RatingRequest>,
) -> Result<Response, Failure> {
    let act = async |command: Command<RatingRequest>| {
        let reply = command.run_idempotent(&app, || attempt(&app, id, &command)).await?;
        let done = if command.body.is_low() { "reopened" } else { "rated" };
        Ok(Done::new(reply, &format!("/submissions/{id}?done={done}")))
    };
    visit.answer(posted, act, async |l, form| form::page(&app, l, id, &caller, form).await).await
}

async fn attempt(app: &App, id: SubmissionId, command: &Command<RatingRequest>) -> Result<Reply, Attempt> {
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

async fn own(app: &App, id: SubmissionId, caller: &Caller) -> Result<Submission, Failure> {
    let submission = app.store.submission(id).await?.ok_or(Failure::NotFound)?;
    if caller.is_author(app, &submission)? { Ok(submission) } else { Err(Failure::NotFound) }
}

impl RatingRequest {
    /// Parses every field, and reports every field that is wrong.
    fn parse(&self, now: jiff::Timestamp) -> Result<(SatisfactionRating, Option<String>), Failure> {
        let mut errors = FieldErrors::default();
        let unsaid = "say whether the problem is solved";
        let solved = self.solved.or_else(|| errors.refuse("solved", "not-said", unsaid));
        // 0 is no mark, as none is.
        let mark = errors.check("mark", Mark::try_from(self.mark.unwrap_or_default()));
        let given = self.text.as_deref().filter(|text| !text.trim().is_empty());
        let text = given.and_then(|text| errors.check("text", Note::parse(text)));
        let rating = mark.zip(solved).map(|(mark, solved)| SatisfactionRating { mark, solved, at: now });
        errors.finish(rating.map(|rating| (rating, text.map(String::from))))
    }

    /// Whether it sends the submission back to work.
    fn is_low(&self) -> bool {
        self.parse(jiff::Timestamp::UNIX_EPOCH).is_ok_and(|(rating, _)| rating.is_low())
    }
}
