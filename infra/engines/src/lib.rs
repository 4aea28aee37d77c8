//! DynamoDB and SQS in this process, with the tables and queues that `infra/template.yaml` describes.
//!
//! [`Template`] is the template as read, [`Engines`] are started, [`provision`](provision()) creates what the template describes.
//! The local host puts functions on top. A [`Workbench`] does so for one function under test.

mod calls;
mod embedded;
mod environment;
mod provision;
mod resolve;
pub mod signer;
mod template;
mod workbench;

pub use calls::{Call, Calls};
pub use embedded::{Endpoints, EngineError, Engines, OURS, choose_tls, clients};
pub use environment::variables;
pub use provision::{ProvisionError, provision};
pub use resolve::{Resolver, UnknownReference};
pub use signer::{BadKey, Signer};
pub use template::{
    Environment, Function, HttpRoute, Policy, Statement, TEMPLATE, Template, TemplateError, Trigger,
};
pub use workbench::{Failed, Reply, Workbench, batch};
