//! Whom to tell of what happened, and what they want to be told by mail.
//!
//! It decides from the fact and the state as it is now: news that has been overtaken (an assignment to somebody who has it
//! no more, a draft that was signed meanwhile) is told to nobody. It knows no texts, names or addresses.

mod rules;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use rules::whom_to_tell;

use crate::ids::{OrganizationId, PersonId, SubmissionId};
use crate::submission::Submission;

/// What happened, as far as people may have to be told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is described at the event of its name")]
pub enum Fact {
    Received,
    Registered,
    Rejected,
    Routed(OrganizationId),
    Assigned(PersonId),
    Forwarded(OrganizationId),
    Returned,
    Drafted,
    InterimAnswer,
    Answered,
    SentBack,
    Reopened,
    Withdrawn,
    Paused,
    Resumed,
    Extended,
    Approaching,
    Overdue,
    Escalated(OrganizationId),
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By<'p> {
    /// The platform itself.
    System,
    /// The author of the submission.
    Author,
    /// A member of staff.
    Staff(&'p PersonId),
}

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// Whoever sent the submission, signed in or not.
    Author,
    /// This caseworker.
    Caseworker(PersonId),
    /// The coordinators of an organization.
    Coordinators(OrganizationId),
    /// Those who sign answers of an organization.
    Approvers(OrganizationId),
}

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
}

/// Somebody is to be told something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Who.
    pub to: Recipient,
    /// What.
    pub kind: NoticeKind,
}

/// What a person wants to be told by mail; notices in the pages are always there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Mail about one's own submissions.
    pub own: bool,
    /// Mail about work.
    pub work: bool,
    /// Mail about terms.
    pub deadlines: bool,
    /// Tag of the language of mail.
    pub language: String,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 3] = [Self::Own, Self::Work, Self::Deadlines];

    /// The name used in JSON, forms and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Work => "work",
            Self::Deadlines => "deadlines",
        }
    }
}

impl Default for Settings {
    /// Everything, in Russian.
    fn default() -> Self {
        Self { own: true, work: true, deadlines: true, language: "ru".into() }
    }
}

impl Settings {
    /// Is mail wanted about this?
    pub const fn wants_mail(&self, group: Group) -> bool {
        match group {
            Group::Own => self.own,
            Group::Work => self.work,
            Group::Deadlines => self.deadlines,
        }
    }
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 22] = [
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
            _ => Group::Work,
        }
    }

    /// Is it for the author of the submission, and not for those who work on it?
    pub fn is_for_author(self) -> bool {
        self.group() == Group::Own
    }

    /// Where the submission is for whoever is told.
    pub fn path(self, submission: SubmissionId) -> String {
        let place = if self.is_for_author() { "" } else { "/workspace" };
        format!("{place}/submissions/{submission}")
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
            Self::Received | Self::Rejected | Self::InterimAnswer | Self::Paused | Self::Withdrawn => None,
            _ => submission.running_term(),
        };
        term.map(|term| term.date)
    }

    /// The organization that it speaks of.
    pub fn organization(self, submission: &Submission) -> Option<OrganizationId> {
        let speaks = matches!(
            self,
            Self::Routed | Self::Moved | Self::InterimAnswer | Self::Answered | Self::Escalated
        );
        submission.organization.clone().filter(|_| speaks)
    }
}
