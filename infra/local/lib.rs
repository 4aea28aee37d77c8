//! The local host: the same functions as on AWS, in one process, from the same template.
//!
//! [`template`] reads `infra/template.yaml`; [`engines`] starts an embedded DynamoDB and SQS; [`provision`] creates what
//! the template describes; [`gateway`] and [`triggers`] run the functions; [`host`] puts it together.
#![recursion_limit = "256"] // the SDK's futures nest deeply

pub mod calls;
pub mod data;
pub mod demo;
pub mod engines;
pub mod functions;
pub mod gateway;
pub mod host;
pub mod issuer;
pub mod mailbox;
pub mod provision;
pub mod resolve;
pub mod template;
pub mod triggers;

pub use host::{Host, Options, pending};
