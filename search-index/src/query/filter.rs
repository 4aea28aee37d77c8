//! A question to the index: words, and the submissions that are considered at all.

use std::ops::RangeInclusive;

use domain::{CategoryId, OrganizationId, Status, SubmissionKind, TerritoryId};
use jiff::Timestamp;

use crate::query::words::Words;

/// Which documents are considered at all. Everything that is not restricted is let through.
///
/// A list means "any of these"; an empty list of ids lets nothing through. Thousands of ids are fine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Leaf categories; a document without category is in no list.
    pub categories: Option<Vec<CategoryId>>,
    /// Only documents without category; together with `categories` nothing is let through.
    pub uncategorized: bool,
    /// Report or appeal.
    pub kind: Option<SubmissionKind>,
    /// Only documents with an answer.
    pub answered: bool,
    /// Only open documents that are due at this time or before.
    pub overdue_at: Option<Timestamp>,
    /// Only documents that were sent back to work by their authors.
    pub reopened: bool,
    /// Leaf territories.
    pub territories: Option<Vec<TerritoryId>>,
    /// Organizations; a document without organization is in no list.
    pub organizations: Option<Vec<OrganizationId>>,
    /// Statuses; empty lets every status through.
    pub statuses: Vec<Status>,
    /// Received at this time or later.
    pub received_from: Option<Timestamp>,
    /// Received before this time.
    pub received_before: Option<Timestamp>,
    /// Marks; a document without mark is in no range.
    pub marks: Option<RangeInclusive<u8>>,
    /// All of these let it through as well.
    pub also: Vec<Filter>,
    /// None of these lets it through.
    pub except: Vec<Filter>,
}

/// A question to the index.
///
/// Every word must occur, in any form, in the text or in the place. Stop words are dropped; when nothing remains, the
/// words restrict nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The words of a [`Line`](crate::Line).
    pub words: Words,
    /// Which documents are considered.
    pub filter: Filter,
}
