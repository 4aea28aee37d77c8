//! What asks for a poll to be tallied.

use domain::PollId;
use serde::{Deserialize, Serialize};

/// "Look at this poll": ballots wait to be logged, or it is time to count. It says nothing of any ballot, and may come twice, late
/// or never: the relay asks again every minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TallyRequest {
    /// Which poll.
    pub poll: PollId,
}
