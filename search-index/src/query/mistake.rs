//! Mistakes in a typed line, with their places.

use std::ops::Range;

use crate::query::field::SearchField;

/// Words of a line at most, so that a pasted letter costs no more than a long question.
pub const WORD_LIMIT: usize = 64;

/// Letters of a prefix at least: one letter begins a tenth of all words.
pub const PREFIX_MINIMUM: usize = 2;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Characters of the line, from 0; never empty.
    pub place: Range<usize>,
    /// What is wrong with them.
    pub fault: Fault,
}

/// What can be wrong with a part of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A quotation mark without its partner.
    UnclosedQuotation,
    /// Quotation marks with no word between them.
    EmptyQuotation,
    /// A minus with no word after it.
    LoneMinus,
    /// A colon with no field before it.
    LoneColon,
    /// A star that does not end a word.
    StrayStar,
    /// A prefix of fewer than [`PREFIX_MINIMUM`] letters.
    ShortPrefix,
    /// An `OR` that does not stand between two words or phrases.
    StrayOr,
    /// Brackets in a line with `OR`: there are no groups.
    Brackets,
    /// The first of the words beyond [`WORD_LIMIT`].
    TooManyWords,
    /// A sign before a filter that is no minus.
    StraySign,
    /// A filter of a field that is not there.
    UnknownField,
    /// A filter without a value.
    NoValue(SearchField),
    /// A sign of comparison before a value that has no order.
    NotComparable,
    /// No mark from 1 to 5, and no range of them.
    NoMark,
    /// No day, month or year, and no period.
    NoDay,
    /// A period that ends before it begins.
    Reversed,
    /// Anything else that the grammar does not take.
    Unreadable,
}
