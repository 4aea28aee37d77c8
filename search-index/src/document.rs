//! A submission as the index gets it.

use domain::{CategoryId, OrganizationId, PersonId, Status, SubmissionId, SubmissionKind, TerritoryId};
use jiff::Timestamp;

/// One submission as the index sees it. Ids of the directory are those of leaves, never paths.
///
/// Times are kept to the second: what is finer is cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The submission; there is one document for it.
    pub id: SubmissionId,
    /// The submission's version: an older one never replaces a newer one.
    pub version: u64,
    /// Report or appeal.
    pub kind: SubmissionKind,
    /// Where it stands.
    pub status: Status,
    /// What the citizen wrote; searched, not stored.
    pub text: String,
    /// The place in words; searched, not stored.
    pub place: Option<String>,
    /// The leaf category, once known.
    pub category: Option<CategoryId>,
    /// The leaf territory.
    pub territory: TerritoryId,
    /// The responsible organization, once known.
    pub organization: Option<OrganizationId>,
    /// When it was received.
    pub received: Timestamp,
    /// When the answer is due, once that is known.
    pub due: Option<Timestamp>,
    /// True if its author has ever sent it back to work.
    pub reopened: bool,
    /// The author's latest mark of the answer, 1 to 5.
    pub mark: Option<u8>,
    /// When the latest answer was published.
    pub answered: Option<Timestamp>,
    /// By when that answer was due.
    pub answer_due: Option<Timestamp>,
    /// Who wrote it.
    pub answered_by: Option<PersonId>,
    /// The caseworker who has it now.
    pub assignee: Option<PersonId>,
}
