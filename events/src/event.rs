//! What can happen, in the past tense: one variant per fact.

use domain::notification::{Fact, PollFact, SubmissionFact};
use domain::submission::{Outcome, RejectionReason, Step};
use domain::{OrganizationId, PersonId};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// A fact about a subject: a submission, or a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
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
        /// Whether the problem is solved.
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
    /// An organizer begins to prepare a poll.
    PollDrafted,
    /// The draft of a poll is another one.
    PollRevised,
    /// Everybody sees the poll, and nothing of it can be changed.
    PollPublished,
    /// It takes ballots.
    PollOpened,
    /// It will close in two days.
    PollClosing,
    /// It is counted; the result is signed.
    PollCertified,
    /// Its ballots were compared with the result once more.
    PollSettled,
    /// There is news of a project that won.
    PollProgressed {
        /// Its place among the news of the poll, from 1.
        news: u16,
    },
}

/// Something that belongs to an event, and that people are told with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventDetail<'e> {
    /// Where a submission was routed, forwarded or escalated to.
    Organization(&'e OrganizationId),
    /// Why it was rejected.
    Reason(RejectionReason),
    /// What a draft says.
    Outcome(Outcome),
    /// The author's mark, 1 to 5.
    Mark(u8),
    /// The days of an extension.
    Days(u16),
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
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// What a sentence about it mentions.
    pub const fn detail(&self) -> Option<EventDetail<'_>> {
        match self {
            Self::SubmissionRejected { reason } => Some(EventDetail::Reason(*reason)),
            Self::SubmissionRouted { organization, .. } => Some(EventDetail::Organization(organization)),
            Self::SubmissionForwarded { to } | Self::SubmissionEscalated { to } => {
                Some(EventDetail::Organization(to))
            }
            Self::AnswerDrafted { outcome } => Some(EventDetail::Outcome(*outcome)),
            Self::SatisfactionRated { mark, .. } => Some(EventDetail::Mark(*mark)),
            Self::TermExtended { days } => Some(EventDetail::Days(*days)),
            Self::SubmissionReceived
            | Self::SubmissionRegistered
            | Self::SubmissionAssigned { .. }
            | Self::SubmissionReturned
            | Self::InterimAnswerSent
            | Self::SubmissionAnswered
            | Self::AnswerSentBack
            | Self::SubmissionReopened
            | Self::SubmissionClosed
            | Self::SubmissionWithdrawn
            | Self::SubmissionPaused
            | Self::SubmissionResumed
            | Self::DeadlineApproaching
            | Self::SubmissionOverdue
            | Self::PollDrafted
            | Self::PollRevised
            | Self::PollPublished
            | Self::PollOpened
            | Self::PollClosing
            | Self::PollCertified
            | Self::PollSettled
            | Self::PollProgressed { .. } => None,
        }
    }

    /// What people may have to be told of it; none if nobody ever is.
    pub fn fact(&self) -> Option<Fact> {
        let of_submission = match self {
            Self::SubmissionReceived => SubmissionFact::Received,
            Self::SubmissionRegistered => SubmissionFact::Registered,
            Self::SubmissionRejected { .. } => SubmissionFact::Rejected,
            Self::SubmissionRouted { organization, .. } => SubmissionFact::Routed(organization.clone()),
            Self::SubmissionAssigned { assignee } => SubmissionFact::Assigned(assignee.clone()),
            Self::SubmissionForwarded { to } => SubmissionFact::Forwarded(to.clone()),
            Self::SubmissionReturned => SubmissionFact::Returned,
            Self::AnswerDrafted { .. } => SubmissionFact::Drafted,
            Self::InterimAnswerSent => SubmissionFact::InterimAnswer,
            Self::SubmissionAnswered => SubmissionFact::Answered,
            Self::AnswerSentBack => SubmissionFact::SentBack,
            Self::SubmissionReopened => SubmissionFact::Reopened,
            Self::SubmissionWithdrawn => SubmissionFact::Withdrawn,
            Self::SubmissionPaused => SubmissionFact::Paused,
            Self::SubmissionResumed => SubmissionFact::Resumed,
            Self::TermExtended { .. } => SubmissionFact::Extended,
            Self::DeadlineApproaching => SubmissionFact::Approaching,
            Self::SubmissionOverdue => SubmissionFact::Overdue,
            Self::SubmissionEscalated { to } => SubmissionFact::Escalated(to.clone()),
            Self::PollPublished => return Some(Fact::Poll(PollFact::Published)),
            Self::PollOpened => return Some(Fact::Poll(PollFact::Opened)),
            Self::PollClosing => return Some(Fact::Poll(PollFact::Closing)),
            Self::PollCertified => return Some(Fact::Poll(PollFact::Certified)),
            Self::PollProgressed { .. } => return Some(Fact::Poll(PollFact::Progressed)),
            Self::SatisfactionRated { .. }
            | Self::SubmissionClosed
            | Self::PollDrafted
            | Self::PollRevised
            | Self::PollSettled => return None,
        };
        Some(Fact::Submission(of_submission))
    }

    /// Whether everybody who may read the subject sees this in its history. Drafts and what the clock tells the organizations
    /// stay inside.
    pub const fn is_public(&self) -> bool {
        match self {
            Self::AnswerDrafted { .. }
            | Self::AnswerSentBack
            | Self::DeadlineApproaching
            | Self::SubmissionEscalated { .. }
            | Self::PollDrafted
            | Self::PollRevised => false,
            Self::SubmissionReceived
            | Self::SubmissionRegistered
            | Self::SubmissionRejected { .. }
            | Self::SubmissionRouted { .. }
            | Self::SubmissionAssigned { .. }
            | Self::SubmissionForwarded { .. }
            | Self::SubmissionReturned
            | Self::InterimAnswerSent
            | Self::SubmissionAnswered
            | Self::SatisfactionRated { .. }
            | Self::SubmissionReopened
            | Self::SubmissionClosed
            | Self::SubmissionWithdrawn
            | Self::SubmissionPaused
            | Self::SubmissionResumed
            | Self::TermExtended { .. }
            | Self::SubmissionOverdue
            | Self::PollPublished
            | Self::PollOpened
            | Self::PollClosing
            | Self::PollCertified
            | Self::PollSettled
            | Self::PollProgressed { .. } => true,
        }
    }

    /// Whether the text stored with this event is meant for the author. Other notes stay inside the organizations, so a new event
    /// shows its text to nobody until it is named here.
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
