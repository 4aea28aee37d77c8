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

mod count;
mod document;
mod error;
mod facts;
mod needs;
mod publish;
mod query;
mod read;
mod words;
mod write;

pub use count::answer_time::AnswerTimes;
pub use count::facets::Facets;
pub use count::matrix::{Cell, Grid};
pub use count::report::{Figures, Report};
pub use document::Document;
pub use error::{Error, PublishError};
pub use needs::{IndexPart, Needs};
pub use query::field::SearchField;
pub use query::field_filter::{Condition, FieldFilter, Name};
pub use query::filter::{Filter, Query};
pub use query::mistake::{Fault, Mistake, PREFIX_MINIMUM, WORD_LIMIT};
pub use query::parser::Line;
pub use query::words::Words;
pub use read::searcher::{DEPTH_LIMIT, Hits, Page, Searcher};
pub use read::snapshot::SnapshotReader;
pub use words::snippet::{Fragment, Highlighter};
pub use write::IndexWriter;
