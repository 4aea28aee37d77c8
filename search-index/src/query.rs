//! What is asked of the index, and its translation into tantivy's queries.

use std::sync::Arc;

use domain::{CategoryId, OrganizationId, Status, SubmissionKind, TerritoryId};
use jiff::Timestamp;
use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, Occur, PhraseQuery, Query as Tantivy, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::exclusion::Exclusion;
use crate::schema::Fields;
use crate::words::Clause;

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
}

/// A question to the index.
///
/// In the text, every word must occur, in any form, in the text or in the place; `"words in quotes"` must stand
/// together and a leading `-` excludes. Stop words are dropped; when nothing remains, the text restricts nothing.
/// No text is an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The line as typed.
    pub text: Option<String>,
    /// Which documents are considered.
    pub filter: Filter,
}

/// The clauses of the text as one query; none if it has none that asks for something.
pub(crate) fn translate(text: &[Clause], fields: Fields) -> Option<Box<dyn Tantivy>> {
    let mut parts: Vec<(Occur, Box<dyn Tantivy>)> = Vec::new();
    for clause in text {
        let places = [fields.text, fields.place];
        let either = places.into_iter().map(|field| (Occur::Should, words_in(field, clause))).collect();
        let either = BooleanQuery::new(either);
        if clause.excluded {
            parts.push((Occur::MustNot, Box::new(Exclusion(Arc::new(either)))));
        } else {
            parts.push((Occur::Must, Box::new(either)));
        }
    }
    if parts.is_empty() {
        return None;
    }
    // Exclusions alone would match nothing.
    if parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        parts.push((Occur::Must, Box::new(AllQuery)));
    }
    Some(Box::new(BooleanQuery::new(parts)))
}

fn words_in(field: Field, clause: &Clause) -> Box<dyn Tantivy> {
    let mut terms: Vec<(usize, Term)> =
        clause.stems.iter().map(|(at, stem)| (*at, Term::from_field_text(field, stem))).collect();
    if terms.len() == 1 {
        let (_, term) = terms.remove(0);
        return Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
    }
    Box::new(PhraseQuery::new_with_offset(terms))
}
