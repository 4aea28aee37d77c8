//! The parts of a submission: what its author sends, its terms, drafts and answers.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::kind::SubmissionKind;
use super::satisfaction::SatisfactionRating;
use crate::deadline::Deadline;
use crate::ids::{CategoryId, EventId, OrganizationId, PersonId, TerritoryId};
use crate::place::Place;
use crate::variants::named_variants;

/// Why a submission is not taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, VariantArray, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum RejectionReason {
    /// Advertising or machine-made noise.
    Spam,
    /// Insults or threats and nothing to act on.
    Offensive,
    /// Says the same as another submission of its author.
    Duplicate,
    Unclear,
    /// No authority of this platform can answer it.
    OutOfScope,
}

named_variants!(RejectionReason);

/// What an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// It has been put right.
    Solved,
    /// It will be put right by this day.
    Planned {
        /// The last day, in the territory's time zone.
        by: Date,
    },
    /// Nothing is to be done, and why.
    Explained,
    /// It will not be done, and why.
    Refused,
}

/// What an author sends, checked against the directory.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSubmission {
    pub kind: SubmissionKind,
    /// Who sends it, if they signed in.
    pub author: Option<PersonId>,
    pub category: Option<CategoryId>,
    /// Where; the root territory if not said.
    pub territory: TerritoryId,
    pub place: Option<Place>,
    /// The number it has in the system it was imported from.
    pub external_id: Option<String>,
    /// The organization that an imported file names.
    pub requested_organization: Option<OrganizationId>,
}

/// The terms that run for a submission.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    pub registration: Option<Deadline>,
    /// Appeals: until when it may be forwarded.
    pub redirect: Option<Deadline>,
    /// Until answered. Before an appeal is registered: provisional, as if registered on the last day for that.
    pub answer: Option<Deadline>,
    /// Until when the answer may be rated.
    pub rating: Option<Deadline>,
}

/// What the schedule has already done about the running term.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attention {
    /// The reminder is out.
    pub reminded: bool,
    /// Since when it is overdue.
    pub overdue_since: Option<Timestamp>,
    /// The organization above that was told.
    pub escalated_to: Option<OrganizationId>,
}

/// An answer that waits for approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftAnswer {
    pub outcome: Outcome,
    /// The event that its text is stored with.
    pub text: EventId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub outcome: Outcome,
    /// The event that its text is stored with.
    pub text: EventId,
    /// When it was published.
    pub at: Timestamp,
    pub organization: OrganizationId,
    /// The caseworker who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// The first instant after the term that it ended. A reopened submission has a new term, so it is kept here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    pub rating: Option<SatisfactionRating>,
}
