//! What travels in a queue.

use domain::{EventId, SubmissionId};
use serde::{Deserialize, Serialize};

use crate::Consumer;

/// "Look at this submission because of this event": the body of a queue message, and the item that proves that the
/// consumer has not done so yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Who must look.
    pub consumer: Consumer,
    /// Because of which event.
    pub event: EventId,
    /// At which submission.
    pub submission: SubmissionId,
    /// The submission's version with that event.
    pub version: u64,
}
