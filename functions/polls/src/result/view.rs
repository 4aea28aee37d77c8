//! A result as JSON and as a table.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use entrypoint::http::Failure;
use jiff::Timestamp;
use poll::Poll;
use poll::count::Finding;
use poll::proof::{Bytes32, PollOutcome};
use serde::Serialize;
use utoipa::ToSchema;

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

impl ResultView {
    pub(crate) fn of(poll: &Poll, outcome: &PollOutcome, certified: Timestamp) -> Self {
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
            certified,
        }
    }

    pub(crate) fn csv(&self) -> Result<Response, Failure> {
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
pub(crate) fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
