//! The status machine: which step leads from which status to which, and nothing else.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a citizen sent. The kind decides the clock and whether the author must be identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionKind {
    /// Сообщение: handled outside the law on appeals, faster clock.
    Report,
    /// Обращение (59-ФЗ): registered in 3 days, redirected in 7, answered in 30.
    Appeal,
}

impl SubmissionKind {
    /// The name used in JSON, keys and the index.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Appeal => "appeal",
        }
    }
}

/// Where a submission stands. A pause does not change the status: see [`super::Submission::is_paused`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Accepted from the author; nobody has looked at it.
    Received,
    /// Has an official number. A report is registered before routing, an appeal by the organization's office after it.
    Registered,
    /// Not taken up; the reason is in the history.
    Rejected,
    /// An organization is responsible; nobody there has taken it yet.
    Routed,
    /// A caseworker works on it.
    Assigned,
    /// An answer waits for approval.
    Drafted,
    /// The answer is published; its author may rate it.
    Answered,
    /// The author was not satisfied: it is back in the organization's inbox.
    Reopened,
    /// Over: rated well, or not rated in time.
    Closed,
    /// Taken back by its author.
    Withdrawn,
}

impl Status {
    /// Every status, in the order of a submission's life.
    pub const ALL: [Self; 10] = [
        Self::Received,
        Self::Registered,
        Self::Rejected,
        Self::Routed,
        Self::Assigned,
        Self::Drafted,
        Self::Answered,
        Self::Reopened,
        Self::Closed,
        Self::Withdrawn,
    ];

    /// The name used in JSON, keys and the index.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Registered => "registered",
            Self::Rejected => "rejected",
            Self::Routed => "routed",
            Self::Assigned => "assigned",
            Self::Drafted => "drafted",
            Self::Answered => "answered",
            Self::Reopened => "reopened",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Does somebody still owe the author an answer?
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Received
                | Self::Registered
                | Self::Routed
                | Self::Assigned
                | Self::Drafted
                | Self::Reopened
        )
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
