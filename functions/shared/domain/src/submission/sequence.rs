//! Steps that one act takes together: a rating that sends the submission back to work, a routing that registers it first,
//! a draft by somebody who claims the submission with it.

use jiff::Timestamp;

use super::kind::SubmissionKind;
use super::parts::Outcome;
use super::satisfaction::SatisfactionRating;
use super::state::Submission;
use super::step::Step;
use crate::person::Person;
use crate::routing::RoutingDecision;

/// One act: the step that is wanted, with the steps that must come before it and follow from it.
#[derive(Debug, Clone, PartialEq)]
pub struct StepSequence {
    before: Option<Step>,
    wanted: Step,
    after: Option<Step>,
}

impl StepSequence {
    /// The steps in their order. The text belongs to the step that is wanted.
    pub fn with_text(self, text: Option<String>) -> impl Iterator<Item = (Step, Option<String>)> {
        let before = self.before.map(|step| (step, None));
        let after = self.after.map(|step| (step, None));
        before.into_iter().chain([(self.wanted, text)]).chain(after)
    }
}

impl From<Step> for StepSequence {
    /// A step by itself.
    fn from(wanted: Step) -> Self {
        Self { before: None, wanted, after: None }
    }
}

impl Submission {
    /// A rating of the latest answer. A low one reopens the submission, any other closes it.
    ///
    /// A promise is neither kept nor broken before its day: praise for it leaves the submission as it is.
    pub fn rate(&self, rating: SatisfactionRating) -> StepSequence {
        let promised =
            self.answers.last().is_some_and(|answer| matches!(answer.outcome, Outcome::Planned { .. }));
        let after = match (rating.is_low(), promised) {
            (true, _) => Some(Step::Reopen),
            (false, true) => None,
            (false, false) => Some(Step::Close),
        };
        StepSequence { before: None, wanted: Step::Rate(rating), after }
    }

    /// Routing. A report is registered on its way; an appeal is registered by the organization that it reaches.
    pub fn route_to(&self, decision: RoutingDecision) -> StepSequence {
        let before = match self.kind {
            SubmissionKind::Report => Some(Step::Register),
            SubmissionKind::Appeal => None,
        };
        StepSequence { before, wanted: Step::Route(decision), after: None }
    }

    /// A draft by a caseworker who takes the submission on with it, if nobody has it and they may.
    pub fn claim_and_draft(&self, person: &Person, outcome: Outcome, now: Timestamp) -> StepSequence {
        let before = self.can_be_claimed(person, now).then(|| Step::Assign(person.id.clone()));
        StepSequence { before, wanted: Step::Draft { by: person.id.clone(), outcome }, after: None }
    }
}
