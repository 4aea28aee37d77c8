//! What a step needs of the submission, and what it changes.

use jiff::{Span, Timestamp};

use super::error::StepError;
use super::kind::SubmissionKind;
use super::parts::{Answer, Attention, DraftAnswer, Outcome};
use super::state::Submission;
use super::status::Status;
use super::step::{Step, StepName, next_status};
use crate::deadline::{Deadline, Pause, TermKind};
use crate::ids::{EventId, OrganizationId, PersonId};
use crate::routing::RoutingDecision;
use crate::rulebook::{IncompleteDirectory, Rulebook};

impl Submission {
    /// Applies a step that happens `now` and is recorded as `event`; gives the state after it.
    ///
    /// # Errors
    /// [`StepError`] says why the step is refused. It comes from [`Submission::check`], or from what comes with the step.
    pub fn apply(
        &self,
        step: &Step,
        event: EventId,
        now: Timestamp,
        rulebook: &Rulebook,
    ) -> Result<Self, StepError> {
        let status = self.check(step.name(), now)?;
        let mut after = self.clone();
        after.status = status;
        after.version += 1;
        after.take_effect(step, event, now, rulebook)?;
        Ok(after)
    }

    /// The status that a step leads to now. It depends neither on the actor nor on what comes with the step.
    ///
    /// # Errors
    /// [`StepError`] says why the step cannot be taken.
    pub fn check(&self, step: StepName, now: Timestamp) -> Result<Status, StepError> {
        if step == StepName::Rate && self.answers.last().is_some_and(|answer| answer.rating.is_some()) {
            return Err(StepError::AlreadyRated);
        }
        let illegal = StepError::Illegal { status: self.status, step };
        let Some(status) = next_status(self.kind, self.status, step) else {
            return Err(self.why_illegal(step));
        };
        if self.is_paused() && !matches!(step, StepName::Resume | StepName::Withdraw) {
            return Err(StepError::Paused);
        }
        match step {
            StepName::Forward => self.check_redirect(now)?,
            StepName::Return if self.senders.is_empty() => return Err(StepError::NothingToReturn),
            StepName::Approve if self.draft.is_none() || self.organization.is_none() => return Err(illegal),
            StepName::Rate if self.answers.is_empty() => return Err(StepError::NothingToRate),
            StepName::Pause => self.check_pausable()?,
            StepName::Resume if !self.is_paused() => return Err(StepError::NotPaused),
            StepName::Extend => self.check_extension(now)?,
            // The table says all there is to say of the others.
            StepName::Register
            | StepName::Reject
            | StepName::Route
            | StepName::Assign
            | StepName::Return
            | StepName::Draft
            | StepName::AnswerInterim
            | StepName::Approve
            | StepName::SendBack
            | StepName::Rate
            | StepName::Reopen
            | StepName::Close
            | StepName::Withdraw
            | StepName::Resume
            | StepName::Remind
            | StepName::MarkOverdue
            | StepName::Escalate => {}
        }
        Ok(status)
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

    fn check_redirect(&self, now: Timestamp) -> Result<(), StepError> {
        let over = self.terms.redirect.as_ref().filter(|term| term.is_over(now));
        over.map_or(Ok(()), |term| Err(StepError::RedirectTermOver(term.date)))
    }

    fn check_pausable(&self) -> Result<(), StepError> {
        let rule = self.terms.answer.as_ref().map(|term| &term.rule).filter(|rule| !rule.pausable);
        rule.map_or(Ok(()), |rule| Err(StepError::NotPausable(rule.id.to_string())))
    }

    /// The term can be extended once, while it runs, and only if its rule provides for it.
    fn check_extension(&self, now: Timestamp) -> Result<(), StepError> {
        let Some(term) = &self.terms.answer else {
            return Err(StepError::Illegal { status: self.status, step: StepName::Extend });
        };
        if term.extended_by > 0 {
            return Err(StepError::AlreadyExtended(term.extended_by));
        }
        if term.rule.extension == 0 {
            return Err(StepError::ExtensionTooLong { rule: term.rule.id.to_string(), limit: 0 });
        }
        if term.is_over(now) {
            return Err(StepError::TermOver(term.date));
        }
        Ok(())
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
            Step::Forward(organization) => self.forward(organization)?,
            Step::Return => self.hand_back()?,
            Step::Draft { by, outcome } => self.write_draft(by, *outcome, event, now, rulebook)?,
            Step::Approve => self.publish(now, rulebook)?,
            Step::SendBack => self.draft = None,
            Step::Rate(rating) => {
                self.answers.last_mut().ok_or(StepError::NothingToRate)?.rating = Some(*rating);
            }
            Step::Reopen => self.start_again(now, rulebook)?,
            Step::Pause => self.pauses.push(Pause { from: now, to: None }),
            Step::Resume => self.resume(now, rulebook)?,
            Step::Extend(days) => self.extend(*days, rulebook)?,
            Step::Remind => self.attention.reminded = true,
            Step::MarkOverdue => self.attention.overdue_since = Some(now),
            Step::Escalate(to) => self.attention.escalated_to = Some(to.clone()),
            Step::Reject(_) | Step::AnswerInterim | Step::Close | Step::Withdraw => {}
        }
        Ok(())
    }

    fn term(
        &self,
        kind: TermKind,
        start: Timestamp,
        rulebook: &Rulebook,
    ) -> Result<Deadline, IncompleteDirectory> {
        rulebook.deadline(self.facts(), kind, start)
    }

    fn register(&mut self, now: Timestamp, rulebook: &Rulebook) -> Result<(), StepError> {
        self.registered = Some(now);
        if self.kind == SubmissionKind::Appeal {
            self.terms.redirect = Some(self.term(TermKind::Redirect, now, rulebook)?);
            self.terms.answer = Some(self.term(TermKind::Answer, now, rulebook)?);
            self.attention = Attention::default();
        }
        Ok(())
    }

    fn route(&mut self, decision: &RoutingDecision, rulebook: &Rulebook) -> Result<(), StepError> {
        self.organization = Some(decision.organization.clone());
        self.routing = Some(decision.clone());
        let mut start = self.received;
        if self.kind == SubmissionKind::Appeal {
            let registration = self.term(TermKind::Registration, self.received, rulebook)?;
            // The last moment of the last day for registration.
            start = registration.ends.saturating_sub(Span::new().seconds(1)).unwrap_or(start);
            self.terms.registration = Some(registration);
        }
        self.terms.answer = Some(self.term(TermKind::Answer, start, rulebook)?);
        Ok(())
    }

    /// Forwarding keeps history and terms.
    fn forward(&mut self, to: &OrganizationId) -> Result<(), StepError> {
        if self.organization.as_ref() == Some(to) {
            return Err(StepError::AlreadyThere);
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
        let (Some(draft), Some(organization)) = (self.draft.take(), self.organization.clone()) else {
            return Err(StepError::Illegal { status: self.status, step: StepName::Approve });
        };
        // A promise can be judged once its day has come.
        let start = match draft.outcome {
            Outcome::Planned { by } => {
                let zone = rulebook.local_days(&self.territory).zone;
                by.to_zoned(zone).map_or(now, |day| day.timestamp().max(now))
            }
            Outcome::Solved | Outcome::Explained | Outcome::Refused => now,
        };
        self.terms.rating = Some(self.term(TermKind::Rating, start, rulebook)?);
        let DraftAnswer { outcome, text } = draft;
        let due = self.terms.answer.as_ref().map(|term| term.ends);
        let by = self.assignee.clone();
        self.answers.push(Answer { outcome, text, at: now, organization, by, due, rating: None });
        Ok(())
    }

    fn start_again(&mut self, now: Timestamp, rulebook: &Rulebook) -> Result<(), StepError> {
        self.terms.answer = Some(self.term(TermKind::Answer, now, rulebook)?);
        self.terms.rating = None;
        self.attention = Attention::default();
        // The pauses belonged to the term that is over.
        self.pauses.clear();
        self.leave_desk();
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

    fn extend(&mut self, by: u16, rulebook: &Rulebook) -> Result<(), StepError> {
        let illegal = StepError::Illegal { status: self.status, step: StepName::Extend };
        let term = self.terms.answer.take().ok_or(illegal)?;
        let limit = term.rule.extension;
        if by == 0 || by > limit {
            return Err(StepError::ExtensionTooLong { rule: term.rule.id.to_string(), limit });
        }
        let days = rulebook.local_days(&self.territory);
        self.terms.answer = Some(term.extended(by, &self.pauses, &days));
        self.attention = Attention::default();
        Ok(())
    }
}
