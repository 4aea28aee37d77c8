//! `POST /submissions/{id}/rating`.

use axum::extract::State;
use axum::http::StatusCode;
use domain::submission::{Outcome, Status, Step, Submission};
use domain::survey::{Mark, SatisfactionRating};
use domain::text::Note;
use entrypoint::http::{Attempt, Caller, Command, Failure, FieldError, Path, Problem, Reply};
use entrypoint::{App, Change, Extras};
use events::Actor;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the author thinks of the latest answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RatingRequest {
    /// 1 (bad) to 5 (good).
    mark: u8,
    /// Is the problem solved?
    solved: bool,
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
    responses((status = 201, body = Rated), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn rate(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<RatingRequest>,
) -> Result<Reply, Failure> {
    command.once(&app, || attempt(&app, &id, &command)).await
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
    fn parse(&self, now: jiff::Timestamp) -> Result<(SatisfactionRating, Option<String>), Failure> {
        let mut wrong = Vec::new();
        let mark =
            Mark::try_from(self.mark).map_err(|e| wrong.push(FieldError::new("mark", e.to_string()))).ok();
        let given = self.text.as_deref().filter(|text| !text.trim().is_empty());
        let text = given
            .map(|text| Note::parse(text).map_err(|e| wrong.push(FieldError::new("text", e.to_string()))));
        match mark {
            Some(mark) if wrong.is_empty() => {
                let rating = SatisfactionRating { mark, solved: self.solved, at: now };
                Ok((rating, text.and_then(Result::ok).map(String::from)))
            }
            _ => Err(Failure::Invalid(wrong)),
        }
    }
}
