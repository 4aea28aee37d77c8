//! What people are told, one kind a message, and what they can switch off.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Subject;
use crate::ids::OrganizationId;
use crate::submission::Submission;

/// What somebody is told: one variant a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Author: it has come in.
    Received,
    /// Author: it has its official standing.
    Registered,
    /// Author: it is not taken up.
    Rejected,
    /// Author: this organization answers, by this day.
    Routed,
    /// Author: another organization answers.
    Moved,
    /// Author: how things stand.
    InterimAnswer,
    /// Author: there is an answer to be rated.
    Answered,
    /// Author: it is in work again.
    Reopened,
    /// Author: the clock stands still.
    Paused,
    /// Author: the clock runs again.
    Resumed,
    /// Author: the term is longer.
    Extended,
    /// Coordinators: a new one.
    NewCase,
    /// Coordinators: one from another organization.
    ForwardedCase,
    /// Coordinators: it came back.
    ReturnedCase,
    /// Coordinators: its author was not satisfied.
    ReopenedCase,
    /// Caseworker: it is yours.
    Assigned,
    /// Caseworker: another draft is wanted.
    SentBack,
    /// Caseworker: its author took it back.
    Withdrawn,
    /// Approvers: a draft waits.
    ToApprove,
    /// Caseworker, or coordinators while there is none: the term is nearly over.
    Approaching,
    /// Caseworker and coordinators: the term is over.
    Overdue,
    /// Coordinators above: an organization is late.
    Escalated,
    /// Followers: there will be a poll.
    PollAnnounced,
    /// Followers: a poll takes ballots.
    PollOpened,
    /// Followers: a poll closes in two days.
    PollClosing,
    /// Followers and the organizer: a poll is counted.
    PollResult,
    /// Followers: news of a project that won.
    PollProgress,
}

/// What can be switched on and off together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// What becomes of one's own submissions.
    Own,
    /// What is to be done at work.
    Work,
    /// Terms that are over, or nearly.
    Deadlines,
    /// Polls of the territory that one follows.
    Polls,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 4] = [Self::Own, Self::Work, Self::Deadlines, Self::Polls];

    /// The name used in JSON, forms and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Work => "work",
            Self::Deadlines => "deadlines",
            Self::Polls => "polls",
        }
    }

    /// Whether it concerns people who do not work for an organization.
    pub const fn is_for_everybody(self) -> bool {
        match self {
            Self::Own | Self::Polls => true,
            Self::Work | Self::Deadlines => false,
        }
    }
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 27] = [
        Self::Received,
        Self::Registered,
        Self::Rejected,
        Self::Routed,
        Self::Moved,
        Self::InterimAnswer,
        Self::Answered,
        Self::Reopened,
        Self::Paused,
        Self::Resumed,
        Self::Extended,
        Self::NewCase,
        Self::ForwardedCase,
        Self::ReturnedCase,
        Self::ReopenedCase,
        Self::Assigned,
        Self::SentBack,
        Self::Withdrawn,
        Self::ToApprove,
        Self::Approaching,
        Self::Overdue,
        Self::Escalated,
        Self::PollAnnounced,
        Self::PollOpened,
        Self::PollClosing,
        Self::PollResult,
        Self::PollProgress,
    ];

    /// The name used in JSON and in texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Registered => "registered",
            Self::Rejected => "rejected",
            Self::Routed => "routed",
            Self::Moved => "moved",
            Self::InterimAnswer => "interim_answer",
            Self::Answered => "answered",
            Self::Reopened => "reopened",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Extended => "extended",
            Self::NewCase => "new_case",
            Self::ForwardedCase => "forwarded_case",
            Self::ReturnedCase => "returned_case",
            Self::ReopenedCase => "reopened_case",
            Self::Assigned => "assigned",
            Self::SentBack => "sent_back",
            Self::Withdrawn => "withdrawn",
            Self::ToApprove => "to_approve",
            Self::Approaching => "approaching",
            Self::Overdue => "overdue",
            Self::Escalated => "escalated",
            Self::PollAnnounced => "poll_announced",
            Self::PollOpened => "poll_opened",
            Self::PollClosing => "poll_closing",
            Self::PollResult => "poll_result",
            Self::PollProgress => "poll_progress",
        }
    }

    /// What it is switched on and off with.
    pub const fn group(self) -> Group {
        match self {
            Self::Received
            | Self::Registered
            | Self::Rejected
            | Self::Routed
            | Self::Moved
            | Self::InterimAnswer
            | Self::Answered
            | Self::Reopened
            | Self::Paused
            | Self::Resumed
            | Self::Extended => Group::Own,
            Self::Approaching | Self::Overdue | Self::Escalated => Group::Deadlines,
            Self::NewCase
            | Self::ForwardedCase
            | Self::ReturnedCase
            | Self::ReopenedCase
            | Self::Assigned
            | Self::SentBack
            | Self::Withdrawn
            | Self::ToApprove => Group::Work,
            Self::PollAnnounced
            | Self::PollOpened
            | Self::PollClosing
            | Self::PollResult
            | Self::PollProgress => Group::Polls,
        }
    }

    /// Whether it is for the author of the submission, and not for those who work on it.
    pub fn is_for_author(self) -> bool {
        self.group() == Group::Own
    }

    /// The address of the subject for the one who is told.
    pub fn path(self, subject: Subject) -> String {
        match subject {
            Subject::Submission(id) if self.is_for_author() => format!("/submissions/{id}"),
            Subject::Submission(id) => format!("/workspace/submissions/{id}"),
            Subject::Poll(id) if self == Self::PollResult => format!("/polls/{id}/result"),
            Subject::Poll(id) => format!("/polls/{id}"),
        }
    }

    /// The day that matters now: until when the answer may be rated, else by when there must be one.
    pub fn due(self, submission: &Submission) -> Option<Date> {
        let terms = &submission.terms;
        let term = match self {
            Self::Answered => terms.rating.as_ref(),
            Self::Routed
            | Self::Moved
            | Self::Registered
            | Self::Resumed
            | Self::Extended
            | Self::Reopened => terms.answer.as_ref(),
            Self::NewCase
            | Self::ForwardedCase
            | Self::ReturnedCase
            | Self::ReopenedCase
            | Self::Assigned
            | Self::SentBack
            | Self::ToApprove
            | Self::Approaching
            | Self::Overdue
            | Self::Escalated => submission.running_term(),
            Self::Received
            | Self::Rejected
            | Self::InterimAnswer
            | Self::Paused
            | Self::Withdrawn
            | Self::PollAnnounced
            | Self::PollOpened
            | Self::PollClosing
            | Self::PollResult
            | Self::PollProgress => None,
        };
        term.map(|term| term.date)
    }

    /// The organization that a notice about a submission speaks of.
    pub fn organization(self, submission: &Submission) -> Option<OrganizationId> {
        let speaks = matches!(
            self,
            Self::Routed | Self::Moved | Self::InterimAnswer | Self::Answered | Self::Escalated
        );
        submission.organization.clone().filter(|_| speaks)
    }
}
