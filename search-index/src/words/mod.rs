//! The words of a shard, kept by tantivy: how they are written, found and shown.

pub(crate) mod analyzer;
pub(crate) mod conjunction;
pub(crate) mod dense;
pub(crate) mod exclusion;
pub(crate) mod prefixes;
pub(crate) mod reader;
pub(crate) mod schema;
pub(crate) mod similar;
pub(crate) mod snippet;
pub(crate) mod translate;
pub(crate) mod unsynced;
pub(crate) mod writer;
