//! The directory in the table: sections cut into chunks that are named by their content, a manifest per version that
//! lists them, and one pointer to the current version.
//!
//! A chunk never changes, so functions keep what they have read; a new version writes only the chunks that differ; and
//! one organization of 121,000 is found by reading one chunk.

mod cache;
mod chunk;
mod history;
mod lists;
mod manifest;
mod publish;
mod read;

pub(crate) use cache::{Cache, Pin};
pub use history::DirectoryChange;
pub use lists::FoundOrganizations;
pub use manifest::{DirectoryInfo, PlacedOrganization};
