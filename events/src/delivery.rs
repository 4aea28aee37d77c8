//! What travels in a queue.

use domain::{EventId, Subject};
use serde::{Deserialize, Serialize};

use crate::Consumer;

/// "Look at this subject because of this event": the body of a queue message, and the item that proves that the
/// consumer has not done so yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Delivery {
    /// The consumer that must look.
    pub consumer: Consumer,
    /// The event that is the reason.
    pub event: EventId,
    /// The thing to look at.
    #[serde(flatten)]
    pub subject: Subject,
    /// The subject's version with that event.
    pub version: u64,
}
