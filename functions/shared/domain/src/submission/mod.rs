//! A citizen's submission: one aggregate, one state machine.
//!
//! It decides what may happen next and what follows from it for status, responsibility and clocks. It knows nothing of
//! texts (they are stored beside the events that brought them), of names, or of how it is stored.

mod alarm;
mod error;
mod machine;
mod parts;
pub mod satisfaction;
mod status;
mod step;
pub mod template;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use alarm::{Alarm, AlarmKind};
pub use error::StepError;
pub use machine::next_status;
pub use parts::{Answer, Attention, DraftAnswer, NewSubmission, Terms};
pub use status::{Status, SubmissionKind};
pub use step::{Outcome, RejectionReason, Step, StepName};

use crate::deadline::{Deadline, Pause, TermKind};
use crate::ids::{CategoryId, EventId, OrganizationId, PersonId, SubmissionId, TerritoryId};
use crate::place::Place;
use crate::routing::RoutingDecision;
use crate::rulebook::Rulebook;

/// The state of a submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// How many events it has had.
    pub version: u64,
    /// Report or appeal.
    pub kind: SubmissionKind,
    /// Where it stands.
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
    /// Where.
    pub territory: TerritoryId,
    /// Where exactly.
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
    /// Who must answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The organizations it came through, the latest last.
    #[serde(default)]
    pub senders: Vec<OrganizationId>,
    /// Why this organization, at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<RoutingDecision>,
    /// The caseworker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
    /// Its clocks.
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
        if new.kind == SubmissionKind::Appeal && new.author.is_none() {
            return Err(StepError::AppealNeedsAuthor);
        }
        Ok(Self {
            id,
            version: 1,
            kind: new.kind,
            status: Status::Received,
            external_id: new.external_id,
            author: new.author,
            category: new.category,
            territory: new.territory,
            place: new.place,
            received: now,
            registered: None,
            requested_organization: new.requested_organization,
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

    /// Takes a step that happens `now` and is recorded as `event`; gives the state after it.
    ///
    /// # Errors
    /// [`StepError`] says why not; nothing has changed then.
    pub fn apply(
        &self,
        step: &Step,
        event: EventId,
        now: Timestamp,
        rulebook: &Rulebook,
    ) -> Result<Self, StepError> {
        let name = step.name();
        if name == StepName::Rate && self.answers.last().is_some_and(|answer| answer.rating.is_some()) {
            return Err(StepError::AlreadyRated);
        }
        let Some(status) = next_status(self.kind, self.status, name) else {
            return Err(self.why_illegal(name));
        };
        if self.is_paused() && !matches!(name, StepName::Resume | StepName::Withdraw) {
            return Err(StepError::Paused);
        }
        let mut after = self.clone();
        after.status = status;
        after.version += 1;
        after.take_effect(step, event, now, rulebook)?;
        Ok(after)
    }

    fn why_illegal(&self, step: StepName) -> StepError {
        match (step, self.kind, self.status) {
            (StepName::Assign, SubmissionKind::Appeal, Status::Routed) => StepError::RegisterFirst,
            (StepName::Rate, _, status) if status.is_open() && self.answers.is_empty() => {
                StepError::NothingToRate
            }
            (step, _, status) => StepError::Illegal { status, step },
        }
    }

    fn take_effect(
        &mut self,
        step: &Step,
        event: EventId,
        now: Timestamp,
        rulebook: &Rulebook,
    ) -> Result<(), StepError> {
        match step {
            Step::Register => self.register(now, rulebook)?,
            Step::Route(decision) => self.route(decision, rulebook)?,
            Step::Assign(person) => self.assignee = Some(person.clone()),
            Step::Forward(organization) => self.forward(organization, now)?,
            Step::Return => self.hand_back()?,
            Step::Draft { by, outcome } => self.write_draft(by, *outcome, event, now, rulebook)?,
            Step::Approve => self.publish(now, rulebook)?,
            Step::SendBack => self.draft = None,
            Step::Rate(rating) => {
                self.answers.last_mut().ok_or(StepError::NothingToRate)?.rating = Some(*rating);
            }
            Step::Reopen => self.start_again(now, rulebook)?,
            Step::Pause => self.pause(now)?,
            Step::Resume => self.resume(now, rulebook)?,
            Step::Extend(days) => self.extend(*days, now, rulebook)?,
            Step::Remind => self.attention.reminded = true,
            Step::MarkOverdue => self.attention.overdue_since = Some(now),
            Step::Escalate(to) => self.attention.escalated_to = Some(to.clone()),
            Step::Reject(_) | Step::AnswerInterim | Step::Close | Step::Withdraw => {}
        }
        Ok(())
    }

    fn register(&mut self, now: Timestamp, rulebook: &Rulebook) -> Result<(), StepError> {
        self.registered = Some(now);
        if self.kind == SubmissionKind::Appeal {
            self.terms.redirect = Some(rulebook.deadline(self, TermKind::Redirect, now)?);
            self.terms.answer = Some(rulebook.deadline(self, TermKind::Answer, now)?);
            self.attention = Attention::default();
        }
        Ok(())
    }

    fn route(&mut self, decision: &RoutingDecision, rulebook: &Rulebook) -> Result<(), StepError> {
        self.organization = Some(decision.organization.clone());
        self.routing = Some(decision.clone());
        let mut start = self.received;
        if self.kind == SubmissionKind::Appeal {
            let registration = rulebook.deadline(self, TermKind::Registration, self.received)?;
            // The last moment of the last day for registration.
            start = registration.ends.saturating_sub(jiff::Span::new().seconds(1)).unwrap_or(start);
            self.terms.registration = Some(registration);
        }
        self.terms.answer = Some(rulebook.deadline(self, TermKind::Answer, start)?);
        Ok(())
    }

    /// Forwarding keeps history and clock.
    fn forward(&mut self, to: &OrganizationId, now: Timestamp) -> Result<(), StepError> {
        if self.organization.as_ref() == Some(to) {
            return Err(StepError::AlreadyThere);
        }
        if let Some(redirect) = self.terms.redirect.as_ref().filter(|term| term.is_over(now)) {
            return Err(StepError::RedirectTermOver(redirect.date));
        }
        self.senders.extend(self.organization.replace(to.clone()));
        self.leave_desk();
        Ok(())
    }

    fn hand_back(&mut self) -> Result<(), StepError> {
        self.organization = Some(self.senders.pop().ok_or(StepError::NothingToReturn)?);
        self.leave_desk();
        Ok(())
    }

    fn leave_desk(&mut self) {
        self.assignee = None;
        self.draft = None;
    }

    fn write_draft(
        &mut self,
        by: &PersonId,
        outcome: Outcome,
        event: EventId,
        now: Timestamp,
        rulebook: &Rulebook,
    ) -> Result<(), StepError> {
        if self.assignee.as_ref() != Some(by) {
            return Err(StepError::NotTheAssignee);
        }
        if let Outcome::Planned { by } = outcome {
            let today = now.to_zoned(rulebook.local_days(&self.territory).zone).date();
            if by < today {
                return Err(StepError::PlannedInThePast(by));
            }
        }
        self.draft = Some(DraftAnswer { outcome, text: event });
        Ok(())
    }

    fn publish(&mut self, now: Timestamp, rulebook: &Rulebook) -> Result<(), StepError> {
        let illegal = StepError::Illegal { status: Status::Assigned, step: StepName::Approve };
        let (Some(draft), Some(organization)) = (self.draft.take(), self.organization.clone()) else {
            return Err(illegal);
        };
        // A promise can be judged once its day has come.
        let start = match draft.outcome {
            Outcome::Planned { by } => {
                let zone = rulebook.local_days(&self.territory).zone;
                by.to_zoned(zone).map_or(now, |day| day.timestamp().max(now))
            }
            _ => now,
        };
        self.terms.rating = Some(rulebook.deadline(self, TermKind::Rating, start)?);
        let DraftAnswer { outcome, text } = draft;
        let due = self.terms.answer.as_ref().map(|term| term.ends);
        let by = self.assignee.clone();
        self.answers.push(Answer { outcome, text, at: now, organization, by, due, rating: None });
        Ok(())
    }

    fn start_again(&mut self, now: Timestamp, rulebook: &Rulebook) -> Result<(), StepError> {
        self.terms.answer = Some(rulebook.deadline(self, TermKind::Answer, now)?);
        self.terms.rating = None;
        self.attention = Attention::default();
        // The pauses belonged to the term that is over.
        self.pauses.clear();
        self.leave_desk();
        Ok(())
    }

    fn pause(&mut self, now: Timestamp) -> Result<(), StepError> {
        if let Some(rule) = self.terms.answer.as_ref().map(|term| &term.rule).filter(|rule| !rule.pausable) {
            return Err(StepError::NotPausable(rule.id.to_string()));
        }
        self.pauses.push(Pause { from: now, to: None });
        Ok(())
    }

    fn resume(&mut self, now: Timestamp, rulebook: &Rulebook) -> Result<(), StepError> {
        let pause = self.pauses.last_mut().filter(|pause| pause.to.is_none()).ok_or(StepError::NotPaused)?;
        pause.to = Some(now);
        let days = rulebook.local_days(&self.territory);
        self.terms.answer = self.terms.answer.take().map(|term| term.recount(&self.pauses, &days));
        if self.terms.answer.as_ref().is_some_and(|term| !term.is_over(now)) {
            self.attention = Attention::default();
        }
        Ok(())
    }

    fn extend(&mut self, by: u16, now: Timestamp, rulebook: &Rulebook) -> Result<(), StepError> {
        let illegal = StepError::Illegal { status: self.status, step: StepName::Extend };
        let term = self.terms.answer.take().ok_or(illegal)?;
        let rule = term.rule.id.to_string();
        if term.extended_by > 0 {
            return Err(StepError::AlreadyExtended(term.extended_by));
        }
        if by == 0 || by > term.rule.extension {
            return Err(StepError::ExtensionTooLong { rule, limit: term.rule.extension });
        }
        if term.is_over(now) {
            return Err(StepError::TermOver(term.date));
        }
        let days = rulebook.local_days(&self.territory);
        self.terms.answer = Some(term.extended(by, &self.pauses, &days));
        self.attention = Attention::default();
        Ok(())
    }

    /// Does the clock stand still?
    pub fn is_paused(&self) -> bool {
        self.status.is_open() && self.pauses.last().is_some_and(|pause| pause.to.is_none())
    }

    /// The term that somebody must meet now: an unregistered appeal's registration, else the answer.
    pub fn running_term(&self) -> Option<&Deadline> {
        let (registration, answer) = (self.terms.registration.as_ref(), self.terms.answer.as_ref());
        running(self.kind, self.registered, registration, answer).filter(|_| self.status.is_open())
    }

    /// Has the running term passed?
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        !self.is_paused() && self.running_term().is_some_and(|term| term.is_over(now))
    }

    /// The latest rating.
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
