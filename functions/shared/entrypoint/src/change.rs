//! A decision in the making: what happens is recorded fact by fact on a copy of the state, and committed together.

use domain::rulebook::Rulebook;
use domain::submission::{NewSubmission, Step, StepError, StepSequence, Submission};
use domain::{EventId, SubmissionId};
use events::{Actor, Envelope, Event};
use jiff::Timestamp;
use store::{Aggregate, NewEvent};
use uuid::Uuid;

/// The state after what has happened so far, and the events.
#[derive(Debug, Clone)]
pub struct Change<A> {
    pub state: A,
    /// The state that it all began with; none for something new.
    pub(crate) before: Option<A>,
    pub(crate) events: Vec<NewEvent>,
    actor: Actor,
    now: Timestamp,
}

/// A new event id, sorting after those before it.
pub fn event_id() -> EventId {
    EventId::new(Uuid::now_v7())
}

impl<A: Aggregate + Clone> Change<A> {
    /// Something comes into being with this event.
    pub fn new(state: A, event: Event, text: Option<String>, actor: Actor, now: Timestamp) -> Self {
        let mut change = Self { state, before: None, events: Vec::new(), actor, now };
        change.write(event_id(), event, text);
        change
    }

    /// Something is to happen to what is there.
    pub fn of(state: A, actor: Actor, now: Timestamp) -> Self {
        let before = Some(state.clone());
        Self { state, before, events: Vec::new(), actor, now }
    }

    /// An event has led to this state.
    #[must_use]
    pub fn with(mut self, event: Event, after: A) -> Self {
        self.state = after;
        self.write(event_id(), event, None);
        self
    }

    /// Writes down an event that has led to the state as it is now.
    fn write(&mut self, id: EventId, event: Event, text: Option<String>) {
        let (subject, version) = (self.state.subject(), self.state.version());
        let envelope = Envelope { id, subject, version, at: self.now, actor: self.actor.clone(), event };
        self.events.push(NewEvent { envelope, text });
    }
}

impl Change<Submission> {
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
        Ok(Self::new(submission, Event::SubmissionReceived, Some(text), Actor::Author, now))
    }

    /// Takes a step, with what was written about it.
    ///
    /// # Errors
    /// [`StepError`] says why not; the change is as before then.
    pub fn apply(&mut self, step: &Step, text: Option<String>, rulebook: &Rulebook) -> Result<(), StepError> {
        // The state names the event whose text is the answer.
        let id = event_id();
        self.state = self.state.apply(step, id, self.now, rulebook)?;
        self.write(id, Event::from(step), text);
        Ok(())
    }

    /// Takes the steps of one act in their order, with what was written about the one that is wanted.
    ///
    /// # Errors
    /// [`StepError`] says why a step is not allowed. The steps before it stay in the change, which must not be saved then.
    pub fn apply_all(
        &mut self,
        steps: StepSequence,
        text: Option<String>,
        rulebook: &Rulebook,
    ) -> Result<(), StepError> {
        for (step, text) in steps.with_text(text) {
            self.apply(&step, text, rulebook)?;
        }
        Ok(())
    }
}
