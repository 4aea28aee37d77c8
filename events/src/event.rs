//! What can happen to a submission, in the past tense: one variant per fact.

use domain::notification::Fact;
use domain::submission::{Outcome, RejectionReason, Step};
use domain::{OrganizationId, PersonId};
use serde::{Deserialize, Serialize};

/// A fact about a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Accepted from its author. Its text is stored with this event.
    SubmissionReceived,
    /// Has its official standing.
    SubmissionRegistered,
    /// Not taken up. The note is stored with this event.
    SubmissionRejected {
        /// Why.
        reason: RejectionReason,
    },
    /// An organization is responsible.
    SubmissionRouted {
        /// Which.
        organization: OrganizationId,
        /// The rule that chose it, or `default` or `import`.
        rule: String,
    },
    /// A caseworker works on it.
    SubmissionAssigned {
        /// Who.
        assignee: PersonId,
    },
    /// Sent to another organization. The note is stored with this event.
    SubmissionForwarded {
        /// Which.
        to: OrganizationId,
    },
    /// Sent back to the organization it came from. The note is stored with this event.
    SubmissionReturned,
    /// An answer waits for approval. Its text is stored with this event.
    AnswerDrafted {
        /// What it says.
        #[serde(flatten)]
        outcome: Outcome,
    },
    /// The author was told how things stand. The text is stored with this event.
    InterimAnswerSent,
    /// The drafted answer is published.
    SubmissionAnswered,
    /// Another draft is wanted. The note is stored with this event.
    AnswerSentBack,
    /// The author rated the answer. What they wrote is stored with this event.
    SatisfactionRated {
        /// 1 to 5.
        mark: u8,
        /// Is the problem solved?
        solved: bool,
    },
    /// Back to work.
    SubmissionReopened,
    /// Over.
    SubmissionClosed,
    /// Taken back by its author.
    SubmissionWithdrawn,
    /// The clock stands still. The note is stored with this event.
    SubmissionPaused,
    /// The clock runs again.
    SubmissionResumed,
    /// The term is longer. The note is stored with this event.
    TermExtended {
        /// By so many days.
        days: u16,
    },
    /// The deadline is near.
    DeadlineApproaching,
    /// The deadline has passed.
    SubmissionOverdue,
    /// The organization above was told.
    SubmissionEscalated {
        /// Which.
        to: OrganizationId,
    },
}

impl From<&Step> for Event {
    /// The fact that a step makes.
    fn from(step: &Step) -> Self {
        match step {
            Step::Register => Self::SubmissionRegistered,
            Step::Reject(reason) => Self::SubmissionRejected { reason: *reason },
            Step::Route(decision) => Self::SubmissionRouted {
                organization: decision.organization.clone(),
                rule: decision.basis.rule().to_owned(),
            },
            Step::Assign(assignee) => Self::SubmissionAssigned { assignee: assignee.clone() },
            Step::Forward(to) => Self::SubmissionForwarded { to: to.clone() },
            Step::Return => Self::SubmissionReturned,
            Step::Draft { outcome, .. } => Self::AnswerDrafted { outcome: *outcome },
            Step::AnswerInterim => Self::InterimAnswerSent,
            Step::Approve => Self::SubmissionAnswered,
            Step::SendBack => Self::AnswerSentBack,
            Step::Rate(rating) => Self::SatisfactionRated { mark: rating.mark.into(), solved: rating.solved },
            Step::Reopen => Self::SubmissionReopened,
            Step::Close => Self::SubmissionClosed,
            Step::Withdraw => Self::SubmissionWithdrawn,
            Step::Pause => Self::SubmissionPaused,
            Step::Resume => Self::SubmissionResumed,
            Step::Extend(days) => Self::TermExtended { days: *days },
            Step::Remind => Self::DeadlineApproaching,
            Step::MarkOverdue => Self::SubmissionOverdue,
            Step::Escalate(to) => Self::SubmissionEscalated { to: to.clone() },
        }
    }
}

impl Event {
    /// The name used in JSON and in logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SubmissionReceived => "submission_received",
            Self::SubmissionRegistered => "submission_registered",
            Self::SubmissionRejected { .. } => "submission_rejected",
            Self::SubmissionRouted { .. } => "submission_routed",
            Self::SubmissionAssigned { .. } => "submission_assigned",
            Self::SubmissionForwarded { .. } => "submission_forwarded",
            Self::SubmissionReturned => "submission_returned",
            Self::AnswerDrafted { .. } => "answer_drafted",
            Self::InterimAnswerSent => "interim_answer_sent",
            Self::SubmissionAnswered => "submission_answered",
            Self::AnswerSentBack => "answer_sent_back",
            Self::SatisfactionRated { .. } => "satisfaction_rated",
            Self::SubmissionReopened => "submission_reopened",
            Self::SubmissionClosed => "submission_closed",
            Self::SubmissionWithdrawn => "submission_withdrawn",
            Self::SubmissionPaused => "submission_paused",
            Self::SubmissionResumed => "submission_resumed",
            Self::TermExtended { .. } => "term_extended",
            Self::DeadlineApproaching => "deadline_approaching",
            Self::SubmissionOverdue => "submission_overdue",
            Self::SubmissionEscalated { .. } => "submission_escalated",
        }
    }

    /// What people may have to be told of it; none if nobody ever is.
    pub fn fact(&self) -> Option<Fact> {
        Some(match self {
            Self::SubmissionReceived => Fact::Received,
            Self::SubmissionRegistered => Fact::Registered,
            Self::SubmissionRejected { .. } => Fact::Rejected,
            Self::SubmissionRouted { organization, .. } => Fact::Routed(organization.clone()),
            Self::SubmissionAssigned { assignee } => Fact::Assigned(assignee.clone()),
            Self::SubmissionForwarded { to } => Fact::Forwarded(to.clone()),
            Self::SubmissionReturned => Fact::Returned,
            Self::AnswerDrafted { .. } => Fact::Drafted,
            Self::InterimAnswerSent => Fact::InterimAnswer,
            Self::SubmissionAnswered => Fact::Answered,
            Self::AnswerSentBack => Fact::SentBack,
            Self::SubmissionReopened => Fact::Reopened,
            Self::SubmissionWithdrawn => Fact::Withdrawn,
            Self::SubmissionPaused => Fact::Paused,
            Self::SubmissionResumed => Fact::Resumed,
            Self::TermExtended { .. } => Fact::Extended,
            Self::DeadlineApproaching => Fact::Approaching,
            Self::SubmissionOverdue => Fact::Overdue,
            Self::SubmissionEscalated { to } => Fact::Escalated(to.clone()),
            Self::SatisfactionRated { .. } | Self::SubmissionClosed => return None,
        })
    }

    /// Does the author see this in the history? Drafts and what the schedule tells the organizations stay inside.
    pub const fn is_public(&self) -> bool {
        !matches!(
            self,
            Self::AnswerDrafted { .. }
                | Self::AnswerSentBack
                | Self::DeadlineApproaching
                | Self::SubmissionEscalated { .. }
        )
    }

    /// Is the text stored with this event meant for the author? Other notes stay inside the organizations.
    pub const fn has_public_text(&self) -> bool {
        matches!(
            self,
            Self::SubmissionReceived
                | Self::SubmissionRejected { .. }
                | Self::InterimAnswerSent
                | Self::SatisfactionRated { .. }
                | Self::SubmissionPaused
                | Self::TermExtended { .. }
        )
    }
}
