//! Readers: snapshots of the index, and the questions that a snapshot answers.

pub(crate) mod searcher;
pub(crate) mod shard;
pub(crate) mod snapshot;
