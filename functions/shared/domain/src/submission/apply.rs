//! What a step changes.

use jiff::{Span, Timestamp};

use super::error::StepError;
use super::kind::SubmissionKind;
use super::parts::{Answer, Attention, DraftAnswer, Outcome};
use super::state::Submission;
use super::step::{Step, StepName};
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
