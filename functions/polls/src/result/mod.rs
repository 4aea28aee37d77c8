//! `GET /polls/{id}/result`: what came out, once it is certified.

mod page;
pub mod protocol;
pub(crate) mod view;

use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::PollId;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FieldError, Path, Query};
use pages::prelude::*;
use poll::Poll;
use serde::Deserialize;
use store::PollResult;
use utoipa::IntoParams;

use crate::access::seen;
use crate::poll::view::local;
use crate::result::view::ResultView;

/// How it is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResultQuery {
    /// `csv` for a file.
    format: Option<String>,
}

/// What came out. Nothing of it is to be had before the poll is certified.
#[utoipa::path(get, path = "/polls/{id}/result", tag = "polls", params(ResultQuery, ("id" = String, Path)),
    responses((status = 200, body = ResultView), Failure))]
pub(crate) async fn show(
    app: App,
    Path(id): Path<PollId>,
    Query(query): Query<ResultQuery>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    let poll = seen(&app, id, &caller).await?;
    let result = certified(&app, &poll).await?;
    let view = ResultView::of(&poll, &result.outcome, result.certified);
    match query.format.as_deref() {
        None if visit.page => page::show(&app, &poll, view, local(&app, &poll, visit.layout).await?).await,
        None | Some("json") => Ok(Json(view).into_response()),
        Some("csv") => view.csv(),
        Some(_) => Err(Failure::field("format", "give `csv` or `json`")),
    }
}

/// The result of a poll.
///
/// # Errors
/// 409 before it is certified.
pub(crate) async fn certified(app: &App, poll: &Poll) -> Result<PollResult, Failure> {
    let message = "the result is published once the poll is closed and counted";
    let early = || Failure::Conflict(FieldError::coded("", "poll-not-certified", message));
    app.store.poll_result(poll.id).await?.ok_or_else(early)
}
