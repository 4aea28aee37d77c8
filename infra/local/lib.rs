//! The local host: the same functions as on AWS, in one process, from the same template.
//!
//! The crate [`engines`] reads the template and starts DynamoDB and SQS; [`gateway`] and [`triggers`] run the functions; [`host`]
//! puts it together.
#![recursion_limit = "256"] // the SDK's futures nest deeply

pub mod data;
pub mod demo;
pub mod functions;
pub mod gateway;
pub mod host;
pub mod issuer;
pub mod mailbox;
pub mod triggers;

pub use host::{Host, Options, pending};
