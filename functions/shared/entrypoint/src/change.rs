//! A decision in the making: steps are taken one by one on a copy of the state, and committed together.

use domain::rulebook::Rulebook;
use domain::satisfaction::Satisfaction;
use domain::submission::{NewSubmission, Step, StepError, Submission};
use domain::{OrganizationId, SubmissionId};
use events::{Actor, Envelope, Event};
use jiff::Timestamp;
use store::Recorded;

use crate::app::App;

/// The state after the steps taken so far, and their events.
#[derive(Debug, Clone)]
pub struct Change {
    /// The state.
    pub submission: Submission,
    /// The version that it all began with; none for a new submission.
    pub(crate) expected: Option<u64>,
    pub(crate) events: Vec<Recorded>,
    satisfaction: Satisfaction,
    actor: Actor,
    now: Timestamp,
}

impl Change {
    /// A submission comes into being, with what its author wrote.
    ///
    /// # Errors
    /// As [`Submission::receive`].
    pub fn receive(
        new: NewSubmission,
        text: String,
        id: SubmissionId,
        now: Timestamp,
    ) -> Result<Self, StepError> {
        let submission = Submission::receive(new, id, now)?;
        let envelope = Envelope {
            id: App::event_id(),
            submission: id,
            version: submission.version,
            at: now,
            actor: Actor::Author,
            event: Event::SubmissionReceived,
        };
        let events = vec![Recorded { envelope, text: Some(text) }];
        let satisfaction = Satisfaction::default();
        Ok(Self { submission, expected: None, events, satisfaction, actor: Actor::Author, now })
    }

    /// Something is to be done with a submission.
    pub fn of(submission: Submission, actor: Actor, now: Timestamp) -> Self {
        let expected = Some(submission.version);
        Self { submission, expected, events: Vec::new(), satisfaction: Satisfaction::default(), actor, now }
    }

    /// Takes a step, with what was written about it.
    ///
    /// # Errors
    /// [`StepError`] says why not; the change is as before then.
    pub fn take(&mut self, step: &Step, text: Option<String>, rulebook: &Rulebook) -> Result<(), StepError> {
        let id = App::event_id();
        let after = self.submission.apply(step, id, self.now, rulebook)?;
        let envelope = Envelope {
            id,
            submission: after.id,
            version: after.version,
            at: self.now,
            actor: self.actor.clone(),
            event: Event::from(step),
        };
        match step {
            Step::Approve => self.satisfaction = Satisfaction::answered(),
            Step::Rate(rating) => self.satisfaction = Satisfaction::rated(rating),
            _ => {}
        }
        self.events.push(Recorded { envelope, text });
        self.submission = after;
        Ok(())
    }

    /// What the change adds to the counters of the organization that answered.
    pub(crate) fn satisfaction(&self) -> Option<(&OrganizationId, Satisfaction)> {
        if self.satisfaction == Satisfaction::default() {
            return None;
        }
        self.submission.answers.last().map(|answer| (&answer.organization, self.satisfaction))
    }
}
