//! How much of a snapshot is opened, and which part is left out.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::query::words::Words;

/// How much of a snapshot a question needs; each level holds what those before it hold. Counting needs the least, so the first
/// matrix need not wait for the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpenLevel {
    /// What facts are counted by: matrix, facets and timeline of a question without words.
    Counts,
    /// Also what is listed of each submission: hits without words, reports.
    Rows,
    /// Also words: everything.
    Words,
}

impl OpenLevel {
    /// What counting the submissions with these words needs; listing them needs at least [`Rows`](Self::Rows).
    #[must_use]
    pub fn of(words: &Words) -> Self {
        if words.clauses.is_empty() { Self::Counts } else { Self::Words }
    }
}

/// One of the two parts of the index. Each has a format of its own and can be made anew without the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexPart {
    /// What is counted and listed.
    Facts,
    /// What is searched.
    Words,
}

impl fmt::Display for IndexPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Facts => "facts",
            Self::Words => "words",
        })
    }
}

/// What a reader opens of a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening {
    pub(crate) level: OpenLevel,
    /// The part that is left out, because it is being made anew.
    pub(crate) lacks: Option<IndexPart>,
}

impl Opening {
    pub(crate) fn has_facts(self) -> bool {
        self.lacks != Some(IndexPart::Facts)
    }

    pub(crate) fn has_words(self) -> bool {
        self.level >= OpenLevel::Words && self.lacks != Some(IndexPart::Words)
    }
}
