//! `POST /polls/{id}/progress`: what became of what was chosen.

use axum::http::StatusCode;
use axum::response::Response;
use domain::PollId;
use entrypoint::App;
use entrypoint::http::{Attempt, Caller, Failure, FieldError, FieldErrors, HttpCommand, Path, Posted, Reply};
use events::Event;
use jiff::civil::Date;
use pages::prelude::*;
use poll::{Progress, ProgressNote, ProgressStage};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::own;
use crate::poll::{PollWritten, changing, page, save};
use crate::result::certified;

/// News of a project that was chosen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgressRequest {
    /// Id of an option that won.
    option: String,
    /// `planned`, `in_work`, `built` or `dropped`.
    #[schema(value_type = String)]
    stage: ProgressStage,
    /// Since when, or for when it is planned.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// What is to be said of it; why, if it is dropped. At most 500 characters.
    #[serde(default)]
    note: String,
}

/// Say what became of a chosen project.
#[utoipa::path(post, path = "/polls/{id}/progress", tag = "polls", request_body = ProgressRequest,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PollWritten), Failure))]
pub(crate) async fn report(
    app: App,
    Path(id): Path<PollId>,
    visit: Visit,
    caller: Caller,
    posted: Posted<ProgressRequest>,
) -> Result<Response, Failure> {
    let act = async |command: HttpCommand<ProgressRequest>| {
        let reply = command.run_idempotent(&app, || add(&app, id, &command)).await?;
        Ok(Done::new(reply, &format!("/polls/{id}?done=progress-told")))
    };
    visit.answer(posted, act, async |l, form| page::again(&app, id, l, &caller, form).await).await
}

async fn add(app: &App, id: PollId, command: &HttpCommand<ProgressRequest>) -> Result<Reply, Attempt> {
    let poll = own(app, id, command).await?;
    let result = certified(app, &poll).await?;
    let news = command.body.parse()?;
    let change = changing(app, &poll, command);
    let after = poll
        .with_progress(news, &result.outcome.winners)
        .map_err(|refusal| Failure::Invalid(vec![FieldError::because("option", &refusal)]))?;
    let news = u16::try_from(after.progress.len()).map_err(Failure::internal)?;
    save(app, &change.with(Event::PollProgressed { news }, after), command, StatusCode::OK).await
}

impl ProgressRequest {
    fn parse(&self) -> Result<Progress, Failure> {
        let mut errors = FieldErrors::default();
        let winner = self.option.parse().ok();
        let option =
            winner.or_else(|| errors.refuse("option", "invalid", "give the id of an option that won"));
        let note = errors.check("note", ProgressNote::parse(&self.note));
        let news = option.zip(note);
        errors.finish(news.map(|(option, note)| Progress {
            option,
            stage: self.stage,
            date: self.date,
            note,
        }))
    }
}
