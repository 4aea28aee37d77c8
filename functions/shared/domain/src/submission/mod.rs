//! A citizen's submission: one aggregate, one state machine.
//!
//! It decides which step may be taken next, and what a step changes in status, responsibility and terms. It does not know
//! texts (they are stored beside the events that brought them), names of people, or how it is stored.

pub mod alarm;
pub mod allowed;
mod apply;
mod assignee;
pub mod error;
pub mod kind;
pub mod parts;
pub mod satisfaction;
mod sequence;
pub mod state;
pub mod status;
pub mod step;
pub mod template;
#[cfg(test)]
mod tests;

pub use alarm::{Alarm, AlarmKind};
pub use allowed::Party;
pub use assignee::NotAssignable;
pub use error::StepError;
pub use kind::SubmissionKind;
pub use parts::{Answer, Attention, DraftAnswer, NewSubmission, Outcome, RejectionReason, Terms};
pub use sequence::StepSequence;
pub use state::{Submission, running};
pub use status::Status;
pub use step::{Performer, Step, StepName};
