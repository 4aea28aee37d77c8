//! `POST /submissions/{id}/rating`: the author's rating of the latest answer.

use axum::http::StatusCode;
use axum::response::Response;
use domain::SubmissionId;
use domain::satisfaction::{Mark, SatisfactionRating};
use domain::submission::{Status, Submission};
use domain::text::Note;
use entrypoint::http::{Attempt, Caller, Failure, FieldErrors, HttpCommand, Path, Posted, Reply};
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
    /// Whether the problem is solved.
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
        Failure))]
pub(crate) async fn rate(
    app: App,
    Path(id): Path<SubmissionId>,
    visit: Visit,
    caller: Caller,
    posted: Posted<RatingRequest>,
) -> Result<Response, Failure> {
    let act = async |command: HttpCommand<RatingRequest>| {
        let reply = command.run_idempotent(&app, || attempt(&app, id, &command)).await?;
        let to = format!("/submissions/{id}?done={}", done(&reply)?);
        Ok(Done::new(reply, &to))
    };
    visit.answer(posted, act, async |l, form| form::page(&app, l, id, &caller, form).await).await
}

async fn attempt(
    app: &App,
    id: SubmissionId,
    command: &HttpCommand<RatingRequest>,
) -> Result<Reply, Attempt> {
    let submission = own(app, id, &command.caller).await?;
    command.if_match.check(submission.version)?;
    let now = app.clock.now();
    let (rating, text) = command.body.parse(now)?;
    let rulebook = app.store.rulebook().await?;

    let steps = submission.rate(rating);
    let mut change = Change::of(submission, Actor::Author, now);
    change.apply_all(steps, text, &rulebook)?;

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
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Fields with their codes.
    type Faults = Vec<(String, String)>;

    fn parsed(request: Value) -> Result<(u8, bool, Option<String>), Faults> {
        let request: RatingRequest = serde_json::from_value(request).unwrap();
        let parsed = request.parse(jiff::Timestamp::UNIX_EPOCH);
        parsed.map(|(rating, text)| (rating.mark.into(), rating.solved, text)).map_err(|failure| {
            failure.refusal().reasons.into_iter().map(|reason| (reason.field, reason.code)).collect()
        })
    }

    #[test]
    fn a_rating_is_a_mark_a_yes_or_no_and_perhaps_a_text() {
        for (request, expected) in [
            (json!({ "mark": 5, "solved": true }), (5, true, None)),
            (json!({ "mark": 1, "solved": false, "text": " " }), (1, false, None)),
            (json!({ "mark": 3, "solved": true, "text": " Долго. " }), (3, true, Some("Долго.".to_owned()))),
        ] {
            assert_eq!(parsed(request.clone()), Ok(expected), "{request}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_named() {
        for (request, fields) in [
            (json!({}), vec![("solved", "not-said"), ("mark", "no-mark")]),
            (json!({ "mark": 0, "solved": true }), vec![("mark", "no-mark")]),
            (json!({ "mark": 6, "solved": true }), vec![("mark", "no-mark")]),
            (json!({ "mark": 4 }), vec![("solved", "not-said")]),
            (json!({ "mark": 4, "solved": true, "text": "я".repeat(2_001) }), vec![("text", "too-long")]),
        ] {
            let fields: Vec<_> =
                fields.into_iter().map(|(field, code)| (field.to_owned(), code.to_owned())).collect();
            assert_eq!(parsed(request.clone()), Err(fields), "{request}");
        }
    }

    #[test]
    fn the_page_says_what_became_of_the_submission() {
        for (status, said) in [
            (Status::Reopened, "reopened"),
            (Status::Closed, "rated"),
            // A promise that is praised before its day.
            (Status::Answered, "rated"),
        ] {
            let reply = Reply::json(StatusCode::CREATED, 9, &Rated { status }).unwrap();
            assert_eq!(done(&reply).unwrap(), said);
        }
    }
}
