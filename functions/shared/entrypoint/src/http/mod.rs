//! HTTP as all functions speak it: problem+json, idempotency keys, `ETags`, callers, request ids.

mod body;
mod caller;
mod command;
mod etag;
mod failure;
mod path;
mod query;
mod router;
pub mod view;

pub use body::JsonBody;
pub use caller::{Caller, Staff};
pub use command::{Attempt, Command, Key, Reply};
pub use etag::{IfMatch, etag};
pub use failure::{Failure, FieldError, Problem};
pub use path::Path;
pub use query::Query;
pub use router::serve;
