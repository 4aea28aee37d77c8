//! What one event has to tell, the same for all who are told.

use std::sync::Arc;

use domain::rulebook::Rulebook;
use events::Envelope;
use jiff::Timestamp;

use crate::matter::Matter;

/// What there is to tell, the same for all who are told.
pub(crate) struct Dispatch<'d> {
    pub(crate) matter: &'d Matter,
    pub(crate) envelope: &'d Envelope,
    pub(crate) rulebook: Arc<Rulebook>,
    pub(crate) now: Timestamp,
}

/// How far a run has come with followers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    Done,
    /// There are more of them.
    TimeIsUp,
}
