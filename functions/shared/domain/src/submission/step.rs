//! What can be done with a submission.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{OrganizationId, PersonId};
use crate::routing::RoutingDecision;
use crate::satisfaction::SatisfactionRating;

/// Why a submission is not taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectionReason {
    /// Advertising or machine-made noise.
    Spam,
    /// Insults or threats and nothing to act on.
    Offensive,
    /// Says the same as another submission of its author.
    Duplicate,
    /// Cannot be understood.
    Unclear,
    /// No authority of this platform can answer it.
    OutOfScope,
}

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

/// A step in the life of a submission; texts that come with a step are stored beside its event.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Give it its official standing.
    Register,
    /// Not take it up.
    Reject(RejectionReason),
    /// Make an organization responsible.
    Route(RoutingDecision),
    /// Choose the caseworker.
    Assign(PersonId),
    /// Send to another organization.
    Forward(OrganizationId),
    /// Send back to the organization it came from.
    Return,
    /// Write an answer for approval.
    Draft {
        /// Who writes; must be the assignee.
        by: PersonId,
        /// What the answer says.
        outcome: Outcome,
    },
    /// Tell the author how things stand.
    AnswerInterim,
    /// Publish the drafted answer.
    Approve,
    /// Ask for another draft.
    SendBack,
    /// The author's opinion of the answer.
    Rate(SatisfactionRating),
    /// Back to work.
    Reopen,
    /// Over.
    Close,
    /// The author takes it back.
    Withdraw,
    /// Stop the clock.
    Pause,
    /// Start the clock again.
    Resume,
    /// Extend the term by so many days.
    Extend(u16),
    /// The deadline is near.
    Remind,
    /// The deadline has passed.
    MarkOverdue,
    /// Tell the organization above.
    Escalate(OrganizationId),
}

/// The name of a step, without what comes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is described at Step")]
pub enum StepName {
    Register,
    Reject,
    Route,
    Assign,
    Forward,
    Return,
    Draft,
    AnswerInterim,
    Approve,
    SendBack,
    Rate,
    Reopen,
    Close,
    Withdraw,
    Pause,
    Resume,
    Extend,
    Remind,
    MarkOverdue,
    Escalate,
}

impl StepName {
    /// Every step.
    pub const ALL: [Self; 20] = [
        Self::Register,
        Self::Reject,
        Self::Route,
        Self::Assign,
        Self::Forward,
        Self::Return,
        Self::Draft,
        Self::AnswerInterim,
        Self::Approve,
        Self::SendBack,
        Self::Rate,
        Self::Reopen,
        Self::Close,
        Self::Withdraw,
        Self::Pause,
        Self::Resume,
        Self::Extend,
        Self::Remind,
        Self::MarkOverdue,
        Self::Escalate,
    ];

    /// As in "cannot be …".
    const fn participle(self) -> &'static str {
        match self {
            Self::Register => "registered",
            Self::Reject => "rejected",
            Self::Route => "routed",
            Self::Assign => "assigned",
            Self::Forward => "forwarded",
            Self::Return => "returned",
            Self::Draft => "drafted",
            Self::AnswerInterim => "answered in the interim",
            Self::Approve => "approved",
            Self::SendBack => "sent back",
            Self::Rate => "rated",
            Self::Reopen => "reopened",
            Self::Close => "closed",
            Self::Withdraw => "withdrawn",
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Extend => "extended",
            Self::Remind => "reminded of",
            Self::MarkOverdue => "marked overdue",
            Self::Escalate => "escalated",
        }
    }
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.participle())
    }
}

impl Step {
    /// Its name.
    pub const fn name(&self) -> StepName {
        match self {
            Self::Register => StepName::Register,
            Self::Reject(_) => StepName::Reject,
            Self::Route(_) => StepName::Route,
            Self::Assign(_) => StepName::Assign,
            Self::Forward(_) => StepName::Forward,
            Self::Return => StepName::Return,
            Self::Draft { .. } => StepName::Draft,
            Self::AnswerInterim => StepName::AnswerInterim,
            Self::Approve => StepName::Approve,
            Self::SendBack => StepName::SendBack,
            Self::Rate(_) => StepName::Rate,
            Self::Reopen => StepName::Reopen,
            Self::Close => StepName::Close,
            Self::Withdraw => StepName::Withdraw,
            Self::Pause => StepName::Pause,
            Self::Resume => StepName::Resume,
            Self::Extend(_) => StepName::Extend,
            Self::Remind => StepName::Remind,
            Self::MarkOverdue => StepName::MarkOverdue,
            Self::Escalate(_) => StepName::Escalate,
        }
    }
}
