//! The contracts between functions: what happened ([`Event`] in an [`Envelope`]), who is told ([`audience`]) and what
//! travels in a queue ([`Delivery`]).
//!
//! Events carry ids, codes and dates, never texts or names; a consumer loads the current state. So it does not matter
//! in which order, or how often, it hears of them.

mod audience;
mod delivery;
mod envelope;
mod event;
mod tally_request;

pub use audience::{Consumer, audience};
pub use delivery::Delivery;
pub use envelope::{Actor, Envelope};
pub use event::{Event, EventDetail};
pub use tally_request::TallyRequest;
