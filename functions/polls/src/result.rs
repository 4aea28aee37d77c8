//! `GET /polls/{id}/result`: what came out, once it is certified.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FieldError, Path, Problem, Query};
use jiff::Timestamp;
use pages::prelude::*;
use poll::Poll;
use poll::count::Finding;
use poll::proof::Bytes32;
use serde::{Deserialize, Serialize};
use store::PollResult;
use utoipa::{IntoParams, ToSchema};

use crate::result_page;
use crate::view::seen;

/// How it is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResultQuery {
    /// `csv` for a file.
    format: Option<String>,
}

/// A result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultView {
    /// So many people voted.
    pub(crate) ballots: u64,
    /// In the order of the poll.
    pub(crate) options: Vec<OptionResult>,
    /// Ids of those who won, in the order in which they did.
    pub(crate) winners: Vec<String>,
    /// What the lot was drawn with, if ties are broken by lot: the log's root at the close.
    #[schema(value_type = Option<String>)]
    pub(crate) lot: Option<Bytes32>,
    /// Why, step by step; options are their places in the poll's list, fractions are written as `7/2`.
    #[schema(value_type = Vec<Object>)]
    pub(crate) protocol: Vec<Finding>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) certified: Timestamp,
}

/// What an option got.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OptionResult {
    pub(crate) id: String,
    pub(crate) name: String,
    /// What it means depends on the rule.
    pub(crate) total: u64,
    pub(crate) won: bool,
    pub(crate) cost: u64,
}

/// What came out. Nothing of it is to be had before the poll is certified.
#[utoipa::path(get, path = "/polls/{id}/result", tag = "polls", params(ResultQuery, ("id" = String, Path)),
    responses((status = 200, body = ResultView),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<ResultQuery>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    let poll = seen(&app, &id, &caller).await?;
    let result = certified(&app, &poll).await?;
    let view = ResultView::of(&poll, &result);
    match query.format.as_deref() {
        None if visit.page => result_page::show(&app, &poll, &result, visit.layout).await,
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

impl ResultView {
    pub(crate) fn of(poll: &Poll, result: &PollResult) -> Self {
        let outcome = &result.outcome;
        let options =
            poll.question.options.iter().zip(&outcome.totals).map(|(option, (id, total))| OptionResult {
                id: id.to_string(),
                name: option.name.as_str().to_owned(),
                total: *total,
                won: outcome.winners.contains(id),
                cost: option.cost,
            });
        Self {
            ballots: outcome.ballots,
            options: options.collect(),
            winners: outcome.winners.iter().map(ToString::to_string).collect(),
            lot: outcome.lot,
            protocol: outcome.protocol.clone(),
            certified: result.certified,
        }
    }

    fn csv(&self) -> Result<Response, Failure> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["id", "name", "total", "won", "cost"]).map_err(Failure::internal)?;
        for option in &self.options {
            let (total, won, cost) =
                (option.total.to_string(), option.won.to_string(), option.cost.to_string());
            let cells = [plain(&option.id), plain(&option.name), total, won, cost];
            writer.write_record(cells).map_err(Failure::internal)?;
        }
        let bytes = writer.into_inner().map_err(|error| Failure::internal(error.to_string()))?;
        let headers = [
            (CONTENT_TYPE, "text/csv; charset=utf-8"),
            (CONTENT_DISPOSITION, "attachment; filename=\"result.csv\""),
        ];
        Ok((headers, bytes).into_response())
    }
}

/// No spreadsheet takes it for a formula.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
