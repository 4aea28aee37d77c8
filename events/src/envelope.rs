//! An event with what is true of every event.

use domain::notification::By;
use domain::{EventId, PersonId, Subject};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Event;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "person", rename_all = "snake_case")]
pub enum Actor {
    /// The platform itself: routing, the schedule.
    System,
    /// The person who sent the submission.
    Author,
    /// A member of staff.
    Staff(PersonId),
}

impl Actor {
    /// As the rules of notification see it.
    pub const fn by(&self) -> By<'_> {
        match self {
            Self::System => By::System,
            Self::Author => By::Author,
            Self::Staff(person) => By::Staff(person),
        }
    }
}

/// One fact, in the order of its subject's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The fact's own id.
    pub id: EventId,
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// Its place in the subject's history, from 1.
    pub version: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    #[serde(flatten)]
    pub actor: Actor,
    /// What.
    pub event: Event,
}
