//! What every function shares at its edge: how it starts, reads requests, answers errors, takes queue batches, knows
//! its callers and logs.

mod app;
mod boot;
mod change;
mod clock;
pub mod http;
pub mod identity;
mod outbox;
pub mod queue;
pub mod run;
mod telemetry;

pub use app::{App, IndexLocation, MailSettings, MissingSetting};
pub use boot::{BootError, Clients};
pub use change::{Change, event_id};
pub use clock::Clock;
pub use outbox::Outbox;
pub use store::TransactionParts;
pub use telemetry::init as init_telemetry;
