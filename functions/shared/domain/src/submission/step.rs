//! The one table of steps: what each of them is, where it leads, who takes it. What is not in the table is illegal.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{EnumDiscriminants, EnumMessage, IntoStaticStr, VariantArray};

use super::kind::SubmissionKind;
use super::parts::{Outcome, RejectionReason};
use super::satisfaction::SatisfactionRating;
use super::status::Status;
use crate::ids::{OrganizationId, PersonId};
use crate::person::Role;
use crate::routing::RoutingDecision;
use crate::variants::named_variants;

/// A step in the life of a submission. Texts that come with a step are stored beside its event.
///
/// The message of a variant completes "a submission that is closed cannot be …".
#[derive(Debug, Clone, PartialEq, EnumDiscriminants)]
#[strum_discriminants(
    name(StepName),
    doc = "The name of a step, without what comes with it.",
    derive(Hash, PartialOrd, Ord, Serialize, Deserialize, VariantArray, IntoStaticStr, EnumMessage),
    serde(rename_all = "snake_case"),
    strum(serialize_all = "snake_case", const_into_str)
)]
pub enum Step {
    /// Give it its official standing.
    #[strum_discriminants(strum(message = "registered"))]
    Register,
    /// Not take it up.
    #[strum_discriminants(strum(message = "rejected"))]
    Reject(RejectionReason),
    /// Make an organization responsible.
    #[strum_discriminants(strum(message = "routed"))]
    Route(RoutingDecision),
    #[strum_discriminants(strum(message = "assigned"))]
    Assign(PersonId),
    /// Send to another organization.
    #[strum_discriminants(strum(message = "forwarded"))]
    Forward(OrganizationId),
    /// Send back to the organization it came from.
    #[strum_discriminants(strum(message = "returned"))]
    Return,
    /// Write an answer for approval.
    #[strum_discriminants(strum(message = "drafted"))]
    Draft {
        /// The writer, who must be the assignee.
        by: PersonId,
        /// What the answer says.
        outcome: Outcome,
    },
    /// Tell the author how things stand.
    #[strum_discriminants(strum(message = "answered in the interim"))]
    AnswerInterim,
    /// Publish the drafted answer.
    #[strum_discriminants(strum(message = "approved"))]
    Approve,
    /// Ask for another draft.
    #[strum_discriminants(strum(message = "sent back"))]
    SendBack,
    /// The author's opinion of the answer.
    #[strum_discriminants(strum(message = "rated"))]
    Rate(SatisfactionRating),
    #[strum_discriminants(strum(message = "reopened"))]
    Reopen,
    #[strum_discriminants(strum(message = "closed"))]
    Close,
    /// The author takes it back.
    #[strum_discriminants(strum(message = "withdrawn"))]
    Withdraw,
    #[strum_discriminants(strum(message = "paused"))]
    Pause,
    /// Start the clock again.
    #[strum_discriminants(strum(message = "resumed"))]
    Resume,
    /// Extend the term by this many days.
    #[strum_discriminants(strum(message = "extended"))]
    Extend(u16),
    /// The deadline is near.
    #[strum_discriminants(strum(message = "reminded of"))]
    Remind,
    /// The deadline has passed.
    #[strum_discriminants(strum(message = "marked overdue"))]
    MarkOverdue,
    /// Tell the organization above.
    #[strum_discriminants(strum(message = "escalated"))]
    Escalate(OrganizationId),
}

named_variants!(StepName);

/// One of those who take a step of their own accord.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Performer {
    /// Staff of the responsible organization in this role.
    Staff(Role),
    Author,
    /// Routing, the schedule, or the consequence of another step.
    Platform,
}

impl Step {
    pub fn name(&self) -> StepName {
        self.into()
    }
}

impl StepName {
    /// Who takes the step.
    pub const fn performers(self) -> &'static [Performer] {
        use Performer::{Author, Platform, Staff};
        use Role::{Approver, Caseworker, Coordinator, Moderator};
        match self {
            Self::Register => &[Platform, Staff(Coordinator)],
            Self::Reject => &[Staff(Coordinator), Staff(Moderator)],
            Self::Assign | Self::Forward | Self::Return => &[Staff(Coordinator)],
            Self::Draft | Self::AnswerInterim => &[Staff(Caseworker)],
            Self::Pause | Self::Resume => &[Staff(Coordinator), Staff(Caseworker)],
            Self::Approve | Self::SendBack | Self::Extend => &[Staff(Approver)],
            Self::Rate | Self::Withdraw => &[Author],
            // A rating, or the end of the term for it, brings the last two about.
            Self::Route | Self::Remind | Self::MarkOverdue | Self::Escalate | Self::Reopen | Self::Close => {
                &[Platform]
            }
        }
    }
}

/// The status that a step leads to, or `None` if it is not allowed from here.
///
/// A report is registered at once and then routed; an appeal is routed first, because the office of the organization
/// that must answer registers it. Steps that change something other than the status lead back to the same status.
pub const fn next_status(kind: SubmissionKind, from: Status, step: StepName) -> Option<Status> {
    use Status as S;
    use StepName as N;
    use SubmissionKind::{Appeal, Report};
    let (legal, to) = match step {
        N::Register => (matches!((kind, from), (Report, S::Received) | (Appeal, S::Routed)), S::Registered),
        N::Route => (matches!((kind, from), (Report, S::Registered) | (Appeal, S::Received)), S::Routed),
        N::Reject => (matches!(from, S::Received | S::Registered | S::Routed), S::Rejected),
        N::Assign => (is_on_the_desk(kind, from), S::Assigned),
        N::Forward | N::Return => match (kind, from) {
            (Report, _) => (is_on_the_desk(kind, from), S::Routed),
            // It may still have to be registered, and then by the organization that it belongs to.
            (Appeal, S::Routed) => (true, S::Routed),
            (Appeal, _) => (is_on_the_desk(kind, from), S::Registered),
        },
        N::Draft => (matches!(from, S::Assigned | S::Drafted), S::Drafted),
        N::AnswerInterim => (matches!(from, S::Assigned | S::Drafted), from),
        N::SendBack => (matches!(from, S::Drafted), S::Assigned),
        N::Approve => (matches!(from, S::Drafted), S::Answered),
        N::Rate => (matches!(from, S::Answered), S::Answered),
        N::Reopen => (matches!(from, S::Answered), S::Reopened),
        N::Close => (matches!(from, S::Answered), S::Closed),
        N::Pause | N::Resume | N::Extend => (is_on_the_desk(kind, from) || matches!(from, S::Drafted), from),
        N::Withdraw => (from.is_open(), S::Withdrawn),
        N::Remind | N::MarkOverdue | N::Escalate => (from.is_open(), from),
    };
    if legal { Some(to) } else { None }
}

/// The responsible organization works on it, and no answer waits for approval. An appeal must be registered: before it its
/// term does not run.
const fn is_on_the_desk(kind: SubmissionKind, status: Status) -> bool {
    use Status::{Assigned, Registered, Reopened, Routed};
    match kind {
        SubmissionKind::Report => matches!(status, Routed | Assigned | Reopened),
        SubmissionKind::Appeal => matches!(status, Registered | Assigned | Reopened),
    }
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get_message().unwrap_or(self.as_str()))
    }
}
