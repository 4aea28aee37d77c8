//! How much of a snapshot is opened.

use crate::query::words::Words;

/// How much of a snapshot a question needs; each holds what those before it hold. Counting needs the least, so the first
/// matrix need not wait for the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Needs {
    /// Facts: matrix, facets and timeline of a question without words.
    Counts,
    /// And what is listed of each submission: hits without words, reports.
    Rows,
    /// And words: everything.
    Words,
}

impl Needs {
    /// What counting the submissions with these words needs; listing them needs at least [`Rows`](Self::Rows).
    #[must_use]
    pub fn of(words: &Words) -> Self {
        if words.clauses.is_empty() { Self::Counts } else { Self::Words }
    }
}
