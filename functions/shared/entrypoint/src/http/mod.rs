//! HTTP, the same in every function: problem details, idempotency keys, `ETags`, callers, forms, entries of the directory,
//! cookies, request ids.

mod answer;
mod body;
mod caller;
mod command;
pub mod cookies;
mod credentials;
mod etag;
mod failure;
mod field;
mod field_error;
mod form;
pub mod lookup;
mod path;
mod pinned;
mod query;
mod router;

pub use answer::sendable;
pub use body::{JsonBody, Nothing};
pub use caller::{Caller, Staff};
pub use command::{Attempt, HttpCommand, Key, Posted, Reply};
pub use etag::{IfMatch, etag};
pub use failure::{Failure, ProblemDetails, Refusal};
pub use field::FieldErrors;
pub use field_error::FieldError;
pub use form::{FormValues, KEY_FIELD, VERSION_FIELD};
pub use lookup::NoEntry;
pub use path::Path;
pub use query::{Query, limit};
pub use router::serve;
