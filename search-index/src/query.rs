//! What is asked of the index, and its translation into tantivy's queries.

use std::ops::{Bound, RangeInclusive};
use std::sync::Arc;

use domain::{CategoryId, OrganizationId, Status, SubmissionKind, TerritoryId};
use jiff::Timestamp;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, ExistsQuery, Occur, PhraseQuery, Query as Tantivy,
    RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::exclusion::Exclusion;
use crate::expansion;
use crate::schema::{Fields, column};
use crate::words::{Clause, Wanted, Words};

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

impl Filter {
    pub(crate) fn clauses(&self, index: (&Searcher, &Fields)) -> tantivy::Result<Vec<Box<dyn Tantivy>>> {
        let (searcher, fields) = index;
        let mut clauses = Vec::new();
        if let Some(ids) = &self.categories {
            clauses.push(any_of(fields.category, ids.iter().map(CategoryId::as_str)));
        }
        if self.uncategorized {
            clauses.push(not(ExistsQuery::new(column::CATEGORY.to_owned(), false)));
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
        if let Some(marks) = &self.marks {
            let field = searcher.schema().get_field(column::MARK)?;
            let mark = |mark: u8| Bound::Included(Term::from_field_u64(field, mark.into()));
            clauses.push(Box::new(RangeQuery::new(mark(*marks.start()), mark(*marks.end()))));
        }
        for filter in &self.also {
            clauses.extend(filter.clauses(index)?);
        }
        for filter in &self.except {
            let mut parts = vec![(Occur::Must, Box::new(AllQuery) as Box<dyn Tantivy>)];
            parts.extend(filter.clauses(index)?.into_iter().map(|clause| (Occur::Must, clause)));
            clauses.push(not(BooleanQuery::new(parts)));
        }
        Ok(clauses)
    }
}

fn not(query: impl Tantivy) -> Box<dyn Tantivy> {
    let all: Box<dyn Tantivy> = Box::new(AllQuery);
    let excluded: Box<dyn Tantivy> = Box::new(Exclusion(Arc::new(query)));
    Box::new(BooleanQuery::new(vec![(Occur::Must, all), (Occur::MustNot, excluded)]))
}

/// The words and the filter as one query.
pub(crate) fn translate(query: &Query, index: (&Searcher, &Fields)) -> tantivy::Result<Box<dyn Tantivy>> {
    let mut parts: Vec<(Occur, Box<dyn Tantivy>)> = Vec::new();
    for clause in query.filter.clauses(index)? {
        // A filter says yes or no; it must not lift or sink a hit.
        parts.push((Occur::Must, Box::new(ConstScoreQuery::new(clause, 0.0))));
    }
    for clause in &query.words.clauses {
        let any = any_in_texts(clause, index)?;
        if clause.excluded {
            parts.push((Occur::MustNot, Box::new(Exclusion(Arc::new(any)))));
        } else {
            parts.push((Occur::Must, Box::new(any)));
        }
    }
    // Exclusions alone would match nothing.
    if parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        parts.push((Occur::Must, Box::new(AllQuery)));
    }
    Ok(Box::new(BooleanQuery::new(parts)))
}

/// One of the wanted, in the text or in the place.
fn any_in_texts(clause: &Clause, (searcher, fields): (&Searcher, &Fields)) -> tantivy::Result<BooleanQuery> {
    let mut any: Vec<(Occur, Box<dyn Tantivy>)> = Vec::new();
    for wanted in &clause.any {
        for field in [fields.text, fields.place] {
            let found = match wanted {
                Wanted::Phrase(stems) => phrase(field, stems),
                Wanted::Prefix(prefix) => any_term(expansion::terms(prefix, field, searcher)?),
            };
            any.push((Occur::Should, found));
        }
    }
    Ok(BooleanQuery::new(any))
}

fn phrase(field: Field, stems: &[(usize, String)]) -> Box<dyn Tantivy> {
    let mut terms: Vec<(usize, Term)> =
        stems.iter().map(|(at, stem)| (*at, Term::from_field_text(field, stem))).collect();
    if terms.len() == 1 {
        let (_, term) = terms.remove(0);
        return Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
    }
    Box::new(PhraseQuery::new_with_offset(terms))
}

fn any_of<'a>(field: Field, values: impl Iterator<Item = &'a str>) -> Box<dyn Tantivy> {
    any_term(values.map(|value| Term::from_field_text(field, value)).collect())
}

fn any_term(terms: Vec<Term>) -> Box<dyn Tantivy> {
    if terms.is_empty() {
        return Box::new(EmptyQuery);
    }
    Box::new(TermSetQuery::new(terms))
}
