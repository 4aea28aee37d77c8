//! HTTP as all functions speak it: problem+json, idempotency keys, `ETags`, callers, forms, cookies, request ids.

mod answer;
mod body;
mod caller;
mod command;
pub mod cookies;
mod etag;
mod failure;
mod form;
mod path;
mod query;
mod router;

pub use answer::sendable;
pub use body::{JsonBody, Nothing};
pub use caller::{Caller, Staff};
pub use command::{Attempt, Command, Key, Posted, Reply};
pub use etag::{IfMatch, etag};
pub use failure::{Failure, FieldError, Problem, Refusal};
pub use form::{FormValues, KEY_FIELD, VERSION_FIELD};
pub use path::Path;
pub use query::{Query, limit};
pub use router::serve;
