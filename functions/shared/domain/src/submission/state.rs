//! The state of a submission, and what can be read from it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::StepError;
use super::kind::SubmissionKind;
use super::parts::{Answer, Attention, DraftAnswer, NewSubmission, Terms};
use super::status::Status;
use crate::deadline::{Deadline, Pause};
use crate::ids::{CategoryId, OrganizationId, PersonId, SubmissionId, TerritoryId};
use crate::place::Place;
use crate::routing::RoutingDecision;
use crate::rulebook::CaseFacts;

/// The state of a submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    pub id: SubmissionId,
    /// How many events it has had.
    pub version: u64,
    pub kind: SubmissionKind,
    pub status: Status,
    /// Its number in the system it was imported from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Who sent it, if they signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<PersonId>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    pub territory: TerritoryId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// When it was accepted.
    pub received: Timestamp,
    /// When it got its official standing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<Timestamp>,
    /// The organization that an imported file named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_organization: Option<OrganizationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The organizations it came through, the latest last.
    #[serde(default)]
    pub senders: Vec<OrganizationId>,
    /// Why this organization, at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<RoutingDecision>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
    #[serde(default)]
    pub terms: Terms,
    /// When the clocks stood still.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// What the schedule has done about the running term.
    #[serde(default)]
    pub attention: Attention,
    /// The answer that waits for approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<DraftAnswer>,
    /// Its published answers, the latest last.
    #[serde(default)]
    pub answers: Vec<Answer>,
}

impl Submission {
    /// Accepts what an author sends.
    ///
    /// # Errors
    /// [`StepError::AppealNeedsAuthor`] for an appeal of nobody.
    pub fn receive(new: NewSubmission, id: SubmissionId, now: Timestamp) -> Result<Self, StepError> {
        let NewSubmission { kind, author, category, territory, place, external_id, requested_organization } =
            new;
        if kind == SubmissionKind::Appeal && author.is_none() {
            return Err(StepError::AppealNeedsAuthor);
        }
        Ok(Self {
            id,
            version: 1,
            kind,
            status: Status::Received,
            external_id,
            author,
            category,
            territory,
            place,
            received: now,
            registered: None,
            requested_organization,
            organization: None,
            senders: Vec::new(),
            routing: None,
            assignee: None,
            terms: Terms::default(),
            pauses: Vec::new(),
            attention: Attention::default(),
            draft: None,
            answers: Vec::new(),
        })
    }

    /// What the rules of the directory decide by.
    pub fn facts(&self) -> CaseFacts<'_> {
        CaseFacts { kind: self.kind, category: self.category.as_ref(), territory: &self.territory }
    }

    /// Whether the clock stands still.
    pub fn is_paused(&self) -> bool {
        self.status.is_open() && self.pauses.last().is_some_and(|pause| pause.to.is_none())
    }

    /// Whether its author did not agree with an answer, and is owed another one.
    pub fn is_disputed(&self) -> bool {
        self.status.is_open() && !self.answers.is_empty()
    }

    /// The term that somebody must meet now: an unregistered appeal's registration, else the answer.
    pub fn running_term(&self) -> Option<&Deadline> {
        let (registration, answer) = (self.terms.registration.as_ref(), self.terms.answer.as_ref());
        running(self.kind, self.registered, registration, answer).filter(|_| self.status.is_open())
    }

    /// Whether the running term has passed.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        !self.is_paused() && self.running_term().is_some_and(|term| term.is_over(now))
    }

    pub fn mark(&self) -> Option<u8> {
        self.answers.iter().rev().find_map(|answer| answer.rating).map(|rating| rating.mark.into())
    }
}

/// Of the terms of an open submission, the one that somebody must meet now.
pub fn running<T>(
    kind: SubmissionKind,
    registered: Option<Timestamp>,
    registration: Option<T>,
    answer: Option<T>,
) -> Option<T> {
    let unregistered = kind == SubmissionKind::Appeal && registered.is_none();
    registration.filter(|_| unregistered).or(answer)
}
