//! Where files are kept: a folder, or a bucket.

mod durable;
mod files;
mod location;

pub use files::{Download, Files, SIGNED_FOR};
pub use location::{ObjectError, open};
