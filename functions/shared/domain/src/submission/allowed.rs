//! What may be done with a submission now. The state machine, the pages and their bulk panel ask here, and nothing else
//! decides it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::error::StepError;
use super::kind::SubmissionKind;
use super::state::Submission;
use super::status::Status;
use super::step::{Performer, StepName, next_status};
use crate::person::Person;

/// Who wants to do something with a submission.
#[derive(Debug, Clone, Copy)]
pub enum Party<'p> {
    Author,
    /// A member of staff whose organization reaches the submission: the caller has seen to that.
    Staff(&'p Person),
    Platform,
}

impl Party<'_> {
    /// Whether a step is theirs to take, whatever the submission.
    pub fn performs(self, step: StepName) -> bool {
        let fits = |performer: &Performer| match (performer, self) {
            (Performer::Staff(role), Party::Staff(person)) => person.roles.contains(role),
            (Performer::Author, Party::Author) | (Performer::Platform, Party::Platform) => true,
            (Performer::Staff(_) | Performer::Author | Performer::Platform, _) => false,
        };
        step.performers().iter().any(fits)
    }
}

impl Submission {
    /// The steps that somebody may take with it now. What comes with a step (an organization, a number of days) may still
    /// be refused.
    pub fn allowed(&self, party: Party<'_>, now: Timestamp) -> BTreeSet<StepName> {
        let is_allowed = |step: &StepName| {
            party.performs(*step) && self.is_for(*step, party) && self.check(*step, now).is_ok()
        };
        StepName::ALL.into_iter().filter(is_allowed).collect()
    }

    /// Whether somebody may assign it to themselves and draft an answer in one go: only what nobody has.
    pub fn can_be_claimed(&self, person: &Person, now: Timestamp) -> bool {
        let party = Party::Staff(person);
        let both = party.performs(StepName::Assign) && party.performs(StepName::Draft);
        both && self.assignee.is_none() && self.check(StepName::Assign, now).is_ok()
    }

    /// Only the assignee drafts.
    fn is_for(&self, step: StepName, party: Party<'_>) -> bool {
        match party {
            Party::Staff(person) => step != StepName::Draft || self.assignee.as_ref() == Some(&person.id),
            Party::Author | Party::Platform => true,
        }
    }

    /// The status that a step leads to now, whoever takes it and whatever comes with it.
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
}
