//! What may be done with a submission now. The state machine, the pages and their bulk panel ask here, and nothing else
//! decides it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::state::Submission;
use super::step::{Performer, StepName};
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
}
