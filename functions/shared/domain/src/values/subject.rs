//! The thing that an event, a delivery, a notice or a stored reply is about.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ids::{PollId, SubmissionId};

/// A thing with a history. As a field of JSON it is written as its kind and id: `"poll": "…"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Submission(SubmissionId),
    Poll(PollId),
}

/// The thing is of another kind than the one that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no submission")]
pub struct NotASubmission(Subject);

impl Subject {
    /// The kind, as in JSON.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Submission(_) => "submission",
            Self::Poll(_) => "poll",
        }
    }

    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Submission(id) => id.uuid(),
            Self::Poll(id) => id.uuid(),
        }
    }

    /// The submission that it is.
    ///
    /// # Errors
    /// [`NotASubmission`].
    pub const fn submission(self) -> Result<SubmissionId, NotASubmission> {
        match self {
            Self::Submission(id) => Ok(id),
            Self::Poll(_) => Err(NotASubmission(self)),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.uuid())
    }
}

impl From<SubmissionId> for Subject {
    fn from(id: SubmissionId) -> Self {
        Self::Submission(id)
    }
}

impl From<PollId> for Subject {
    fn from(id: PollId) -> Self {
        Self::Poll(id)
    }
}
