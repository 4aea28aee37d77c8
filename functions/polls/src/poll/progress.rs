//! `POST /polls/{id}/progress`: what became of what was chosen.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use entrypoint::App;
use entrypoint::http::{Attempt, Caller, Command, Failure, FieldError, Path, Posted, Problem, Reply};
use events::Event;
use jiff::civil::Date;
use pages::prelude::*;
use poll::{Progress, ProgressNote, ProgressStage};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::poll::{PollWritten, answer, changing, own, save};
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
    responses((status = 200, body = PollWritten),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn report(
    State(app): State<App>,
    Path(id): Path<String>,
    visit: Visit,
    caller: Caller,
    posted: Posted<ProgressRequest>,
) -> Result<Response, Failure> {
    let Posted { form, command } = posted;
    let written = match command {
        Ok(command) => command.once(&app, || add(&app, &id, &command)).await,
        Err(failure) => Err(failure),
    };
    answer(&app, &id, "progress-told", visit, &caller, form, written).await
}

async fn add(app: &App, id: &str, command: &Command<ProgressRequest>) -> Result<Reply, Attempt> {
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
        let note = ProgressNote::parse(&self.note)
            .map_err(|error| Failure::Invalid(vec![FieldError::because("note", &error)]));
        let option = self.option.parse();
        let option = option.map_err(|_| Failure::field("option", "give the id of an option that won"));
        Ok(Progress { option: option?, stage: self.stage, date: self.date, note: note? })
    }
}
