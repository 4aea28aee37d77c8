//! Where a submission stands.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::variants::named_variants;

/// The statuses, in the order of a submission's life. A pause does not change the status.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    VariantArray,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Status {
    /// Accepted from the author; nobody has looked at it.
    Received,
    /// Has an official number. A report is registered before routing, an appeal by the organization's office after it.
    Registered,
    /// Not taken up; the reason is in the history.
    Rejected,
    /// An organization is responsible; nobody there works on it yet.
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

named_variants!(Status);

impl Status {
    /// Whether the author is still owed an answer.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Received
            | Self::Registered
            | Self::Routed
            | Self::Assigned
            | Self::Drafted
            | Self::Reopened => true,
            Self::Rejected | Self::Answered | Self::Closed | Self::Withdrawn => false,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
