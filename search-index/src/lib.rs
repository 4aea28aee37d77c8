//! The full-text index of submissions: Russian search, facets, the matrix of systemic problems, and how the
//! index travels between functions as whole snapshots in an object store.
//!
//! This crate decides how a text becomes words, what a typed query means, how hits are ordered, and how one
//! writer and many readers agree on one state of the index. It knows nothing of DynamoDB, of HTTP or of who
//! may see what, and nothing of the directory's trees: documents carry leaf ids only, so that a change of a tree
//! needs no reindexing, and callers expand a branch into its leaves before they ask.
//!
//! The index is a projection. It can be thrown away at any time: [`IndexWriter::rebuild`] starts an empty one
//! that replaces whatever was published, and the caller fills it from the submissions.
//!
//! Data flows through the modules in this order: [`Document`] -> facts, and words by analyzer and schema -> [`IndexWriter`] ->
//! objects `files/…` and `manifests/<generation>.json` -> [`SnapshotReader`] -> [`Searcher`] ->
//! [`Hits`], [`Facets`], [`Grid`], [`Report`].
//!
//! [`IndexWriter`] and [`SnapshotReader`] are async and move tantivy's blocking file work to tokio's blocking
//! threads. A [`Searcher`] computes in the calling thread: call it inside `tokio::task::spawn_blocking`.
#![warn(missing_docs)]

mod analyzer;
mod answer_time;
mod block;
mod clean;
mod conjunction;
mod delta;
mod document;
mod error;
mod exclusion;
mod expansion;
mod facets;
mod fact;
mod field_filter;
mod files;
mod frequent;
mod line;
mod local;
mod manifest;
mod matrix;
mod names;
mod newest;
mod packed;
mod pieces;
mod quarter;
mod query;
mod report;
mod restored;
mod rows;
mod schema;
mod scratch;
mod search;
mod selection;
mod shard;
mod similar;
mod snapshot;
mod snippet;
mod store;
mod text;
mod timeline;
mod words;
mod words_writer;
mod writer;

pub use answer_time::AnswerTimes;
pub use document::Document;
pub use error::{Error, PublishError};
pub use facets::Facets;
pub use field_filter::{Condition, FieldFilter, Name, SearchField};
pub use line::{Fault, Line, Mistake, PREFIX_MINIMUM, WORD_LIMIT};
pub use matrix::{Cell, Grid};
pub use query::{Filter, Query};
pub use report::{Figures, Report};
pub use search::{DEPTH_LIMIT, Hits, Page, Searcher};
pub use shard::Needs;
pub use snapshot::SnapshotReader;
pub use snippet::{Fragment, Highlighter};
pub use words::Words;
pub use writer::IndexWriter;
