//! The JSON of similar submissions.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::find::view::Found;

/// A submission that is similar to another one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Similar {
    #[serde(flatten)]
    pub(crate) submission: Found,
    /// Its latest published answer, if answers are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) answer: Option<PublishedAnswer>,
}

/// A published answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublishedAnswer {
    /// `solved`, `planned`, `explained` or `refused`.
    pub(crate) outcome: String,
    pub(crate) text: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
}

/// Submissions that are similar to another one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SimilarList {
    /// The most similar first, at most 5.
    pub(crate) items: Vec<Similar>,
    /// Quarters, such as `2026q2`, of which submissions may be missing because the index is damaged and being restored;
    /// normally none.
    pub(crate) missing_quarters: Vec<String>,
}
