//! A submission as the index gets it.

use domain::submission::Submission;
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

impl Document {
    /// A submission with its text.
    pub fn of(submission: Submission, text: String) -> Self {
        let due = submission.running_term().filter(|_| !submission.is_paused()).map(|term| term.ends);
        let answer = submission.answers.last();
        Self {
            id: submission.id,
            version: submission.version,
            kind: submission.kind,
            status: submission.status,
            text,
            place: submission.place.as_ref().map(|place| place.address.as_str().to_owned()),
            received: submission.received,
            due,
            // An open submission with an answer was reopened. A closed submission with two answers was reopened as well.
            reopened: submission.answers.len() > usize::from(!submission.status.is_open()),
            mark: submission.mark(),
            answered: answer.map(|answer| answer.at),
            answer_due: answer.and_then(|answer| answer.due),
            answered_by: answer.and_then(|answer| answer.by.clone()),
            assignee: submission.assignee,
            category: submission.category,
            territory: submission.territory,
            organization: submission.organization,
        }
    }
}
