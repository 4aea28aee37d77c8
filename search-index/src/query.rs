//! What is asked of the index, and its translation into tantivy's queries.

use std::ops::Bound;
use std::sync::Arc;

use domain::{CategoryId, OrganizationId, Status, SubmissionKind, TerritoryId};
use jiff::Timestamp;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, Occur, PhraseQuery, Query as Tantivy,
    RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::exclusion::Exclusion;
use crate::schema::{Fields, column};
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

impl Filter {
    pub(crate) fn clauses(&self, fields: &Fields) -> Vec<Box<dyn Tantivy>> {
        let mut clauses = Vec::new();
        if let Some(ids) = &self.categories {
            clauses.push(any_of(fields.category, ids.iter().map(CategoryId::as_str)));
        }
        if self.uncategorized {
            let categorized: Box<dyn Tantivy> =
                Box::new(ExistsQuery::new(column::CATEGORY.to_owned(), false));
            let all: Box<dyn Tantivy> = Box::new(AllQuery);
            let parts = vec![(Occur::Must, all), (Occur::MustNot, categorized)];
            clauses.push(Box::new(BooleanQuery::new(parts)));
        }
        if let Some(kind) = self.kind {
            clauses.push(any_of(fields.kind, std::iter::once(kind.as_str())));
        }
        if self.answered {
            clauses.push(Box::new(ExistsQuery::new(column::ANSWERED.to_owned(), false)));
        }
        if let Some(ids) = &self.territories {
            clauses.push(any_of(fields.territory, ids.iter().map(TerritoryId::as_str)));
        }
        if let Some(ids) = &self.organizations {
            clauses.push(any_of(fields.organization, ids.iter().map(OrganizationId::as_str)));
        }
        if !self.statuses.is_empty() {
            clauses.push(any_of(fields.status, self.statuses.iter().map(|status| status.as_str())));
        }
        if self.received_from.is_some() || self.received_before.is_some() {
            let time = |at: Timestamp| Term::from_field_i64(fields.received, at.as_microsecond());
            let from = self.received_from.map_or(Bound::Unbounded, |at| Bound::Included(time(at)));
            let before = self.received_before.map_or(Bound::Unbounded, |at| Bound::Excluded(time(at)));
            clauses.push(Box::new(RangeQuery::new(from, before)));
        }
        clauses
    }
}

/// The filter and the clauses of the text as one query.
pub(crate) fn translate(filter: &Filter, text: &[Clause], fields: &Fields) -> Box<dyn Tantivy> {
    let mut parts: Vec<(Occur, Box<dyn Tantivy>)> = Vec::new();
    for clause in filter.clauses(fields) {
        // A filter says yes or no; it must not lift or sink a hit.
        parts.push((Occur::Must, Box::new(ConstScoreQuery::new(clause, 0.0))));
    }
    for clause in text {
        let fields = [fields.text, fields.place];
        let either = fields.into_iter().map(|field| (Occur::Should, words_in(field, clause))).collect();
        let either = BooleanQuery::new(either);
        if clause.excluded {
            parts.push((Occur::MustNot, Box::new(Exclusion(Arc::new(either)))));
        } else {
            parts.push((Occur::Must, Box::new(either)));
        }
    }
    // Exclusions alone would match nothing.
    if parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        parts.push((Occur::Must, Box::new(AllQuery)));
    }
    Box::new(BooleanQuery::new(parts))
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

fn any_of<'a>(field: Field, values: impl Iterator<Item = &'a str>) -> Box<dyn Tantivy> {
    let terms: Vec<Term> = values.map(|value| Term::from_field_text(field, value)).collect();
    if terms.is_empty() {
        return Box::new(EmptyQuery);
    }
    Box::new(TermSetQuery::new(terms))
}
