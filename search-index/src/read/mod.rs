//! Readers: snapshots, and the questions they answer.

pub(crate) mod searcher;
pub(crate) mod shard;
pub(crate) mod snapshot;
