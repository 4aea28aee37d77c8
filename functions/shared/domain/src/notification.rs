//! Who is told of what happened, and what people want to be told by mail.
//!
//! The rules decide from the fact and the state as it is now: news that has been overtaken (an assignment to somebody who has
//! it no more, a draft that was signed meanwhile) is told to nobody. They know no texts, names or addresses. The rules for a
//! submission are here; another subject brings its own beside its state.

mod kind;
mod rules;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use kind::{Group, NoticeKind};
pub use rules::whom_to_tell;

use crate::ids::{OrganizationId, PersonId, TerritoryId};

/// A fact that people may have to be told of, by the kind of its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    Submission(SubmissionFact),
    Poll(PollFact),
}

/// A fact about a submission; each is described at the event of its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmissionFact {
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

/// A fact about a poll; each is described at the event of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollFact {
    Published,
    Opened,
    Closing,
    Certified,
    Progressed,
}

/// The one who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By<'p> {
    /// The platform itself.
    System,
    /// The author of the submission.
    Author,
    /// A member of staff.
    Staff(&'p PersonId),
}

/// The ones who are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// The author of the submission, signed in or not.
    Author,
    /// One person: a caseworker, the organizer of a poll.
    Person(PersonId),
    /// The coordinators of an organization.
    Coordinators(OrganizationId),
    /// Those who sign answers of an organization.
    Approvers(OrganizationId),
    /// Those who follow the polls of a place that this territory is, contains or lies in.
    Followers(TerritoryId),
}

/// Somebody is to be told something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The one who is told.
    pub to: Recipient,
    /// What they are told.
    pub kind: NoticeKind,
}

/// What a person wants to be told by mail; notices in the pages are always there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "a switch for each group, as the form has them")]
pub struct Settings {
    /// Mail about one's own submissions.
    pub own: bool,
    /// Mail about work.
    pub work: bool,
    /// Mail about terms.
    pub deadlines: bool,
    /// Mail about the polls that one follows.
    pub polls: bool,
    /// The territory whose polls the person follows; none if they follow none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polls_of: Option<TerritoryId>,
    /// Tag of the language of mail.
    pub language: String,
}

impl Default for Settings {
    /// All mail, in Russian; no polls are followed.
    fn default() -> Self {
        Self { own: true, work: true, deadlines: true, polls: true, polls_of: None, language: "ru".into() }
    }
}

impl Settings {
    /// Whether mail is wanted about this.
    pub const fn wants_mail(&self, group: Group) -> bool {
        match group {
            Group::Own => self.own,
            Group::Work => self.work,
            Group::Deadlines => self.deadlines,
            Group::Polls => self.polls,
        }
    }
}
