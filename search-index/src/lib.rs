//! The index of submissions: full-text search in Russian, facets, the matrix of systemic problems.
//!
//! This crate decides how a text becomes words on disk, what a typed line means, how hits are ordered, and how writers and readers
//! agree on one state of the index. It knows nothing of DynamoDB, of HTTP, or of permissions. It knows no trees of the directory:
//! documents carry leaf ids, and callers expand a branch into its leaves before they ask. So a change of a tree needs no reindexing.
//!
//! The index is a projection of the submissions and can be made anew at any time: [`IndexWriter::rebuild`].
//!
//! # The way of data
//!
//! ```text
//! Document            document.rs
//!   -> FactRow        facts/row.rs: numbers; ids of the directory by facts/ids.rs
//!      -> Rows        facts/rows.rs: a block and what has changed since
//!      -> files       facts/block.rs (plain.rs, packed.rs), facts/delta.rs
//!   -> words          words/schema.rs, words/analyzer.rs: stems of the crate `language`
//!      -> files       words/writer.rs: one tantivy index a shard
//! IndexWriter         write/mod.rs, write/local.rs: shards of a quarter
//!   -> objects        publish/store.rs: `files/…`, then `manifests/<generation>.json`, created only if absent
//! SnapshotReader      read/snapshot.rs: one whole generation, as much of it as is needed (open_level.rs)
//!   -> Searcher       read/searcher.rs
//! ```
//!
//! # The way of a question
//!
//! ```text
//! typed line          query/lexer.rs -> query/parser.rs -> Line: Words and FieldFilters (the caller resolves names to ids)
//! Query               query/filter.rs: Words and a Filter
//!   Filter -> Selection    count/selection.rs: the filter in the numbers of a snapshot
//!   Words  -> tantivy      words/translate.rs -> words/conjunction.rs, words/prefixes.rs, words/exclusion.rs
//!          -> rows         words/reader.rs
//! Searcher            read/searcher.rs: rows of the words and rows of the selection, counted by
//!   -> MatrixCounts, Facets, Report, …   count/
//!   -> Hits           the best (words/reader.rs) or the newest (count/newest.rs)
//! ```
//!
//! [`IndexWriter`] and [`SnapshotReader`] are async and move blocking work to tokio's blocking threads. A [`Searcher`] computes in the
//! calling thread: call it inside `tokio::task::spawn_blocking`.
#![warn(missing_docs)]

mod count;
mod document;
mod error;
mod facts;
mod open_level;
mod publish;
mod query;
mod read;
mod words;
mod write;

pub use count::answer_time::AnswerTimes;
pub use count::facets::Facets;
pub use count::matrix::{CellCounts, MatrixCounts};
pub use count::report::{Figures, Report};
pub use document::Document;
pub use error::{Error, PublishError};
pub use open_level::{IndexPart, OpenLevel};
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
