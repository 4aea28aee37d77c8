//! What is asked of the index, and its translation into tantivy's queries.

use std::ops::RangeInclusive;
use std::sync::Arc;

use domain::{CategoryId, OrganizationId, Status, SubmissionKind, TerritoryId};
use jiff::Timestamp;
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, Occur, PhraseQuery, Query as Tantivy, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::query::words::{Clause, Wanted, Words};
use crate::words::conjunction::Conjunction;
use crate::words::dense::FrequentWords;
use crate::words::exclusion::Exclusion;
use crate::words::prefixes;
use crate::words::schema::Fields;

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

/// The words as a query of one shard; none if there are none. It is as plain as it can be: of plain intersections and unions of
/// words tantivy looks only at the documents that can still be among the best.
pub(crate) fn translate(
    words: &Words,
    index: (&Searcher, Fields),
    frequent: &Arc<FrequentWords>,
) -> tantivy::Result<Option<Box<dyn Tantivy>>> {
    if let Some(words) = plain_words(words, index, frequent)? {
        return Ok(Some(Box::new(Conjunction { words, frequent: Arc::clone(frequent) })));
    }
    let mut parts: Vec<(Occur, Box<dyn Tantivy>)> = Vec::new();
    for clause in &words.clauses {
        let any = any_in_texts(clause, index)?;
        if clause.excluded {
            parts.push((Occur::MustNot, Box::new(Exclusion(any.into()))));
        } else {
            parts.push((Occur::Must, any));
        }
    }
    if parts.is_empty() {
        return Ok(None);
    }
    // Exclusions alone would match nothing.
    if parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        parts.push((Occur::Must, Box::new(AllQuery)));
    }
    Ok(Some(match parts.pop() {
        Some((Occur::Must, only)) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            Box::new(BooleanQuery::new(parts))
        }
    }))
}

/// If it is plain words that are searched for, and each occurs in this shard: the terms of each.
fn plain_words(
    words: &Words,
    (searcher, fields): (&Searcher, Fields),
    frequent: &FrequentWords,
) -> tantivy::Result<Option<Vec<Vec<Term>>>> {
    let mut all = Vec::with_capacity(words.clauses.len());
    for clause in &words.clauses {
        let mut terms = Vec::new();
        for wanted in &clause.any {
            let Wanted::Phrase(stems) = wanted else { return Ok(None) };
            let ([(_, stem)], false) = (stems.as_slice(), clause.excluded) else { return Ok(None) };
            for field in [fields.text, fields.place] {
                let term = Term::from_field_text(field, stem);
                if frequent.frequency(searcher, &term)? > 0 {
                    terms.push(term);
                }
            }
        }
        if terms.is_empty() {
            return Ok(None);
        }
        all.push(terms);
    }
    Ok((!all.is_empty()).then_some(all))
}

/// One of the wanted, in the text or in the place; a field of this shard in which a word never occurs is not asked.
fn any_in_texts(
    clause: &Clause,
    (searcher, fields): (&Searcher, Fields),
) -> tantivy::Result<Box<dyn Tantivy>> {
    let mut any: Vec<(Occur, Box<dyn Tantivy>)> = Vec::new();
    for wanted in &clause.any {
        for field in [fields.text, fields.place] {
            let found = match wanted {
                Wanted::Phrase(stems) => phrase(field, stems, searcher)?,
                Wanted::Prefix(prefix) => any_term(prefixes::terms(prefix, field, searcher)?),
            };
            any.extend(found.map(|found| (Occur::Should, found)));
        }
    }
    Ok(match any.pop() {
        None => Box::new(EmptyQuery),
        Some((_, only)) if any.is_empty() => only,
        last => {
            any.extend(last);
            Box::new(BooleanQuery::new(any))
        }
    })
}

fn phrase(
    field: Field,
    stems: &[(usize, String)],
    searcher: &Searcher,
) -> tantivy::Result<Option<Box<dyn Tantivy>>> {
    let mut terms = Vec::with_capacity(stems.len());
    for (at, stem) in stems {
        let term = Term::from_field_text(field, stem);
        if searcher.doc_freq(&term)? == 0 {
            return Ok(None);
        }
        terms.push((*at, term));
    }
    if terms.len() == 1 {
        let (_, term) = terms.remove(0);
        return Ok(Some(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))));
    }
    Ok(Some(Box::new(PhraseQuery::new_with_offset(terms))))
}

fn any_term(terms: Vec<Term>) -> Option<Box<dyn Tantivy>> {
    (!terms.is_empty()).then(|| Box::new(TermSetQuery::new(terms)) as Box<dyn Tantivy>)
}
