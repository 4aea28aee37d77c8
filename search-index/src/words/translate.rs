//! Words of a question as a tantivy query of one shard.

use std::sync::Arc;

use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, Occur, PhraseQuery, Query as Tantivy, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::query::words::{Clause, Wanted, Words};
use crate::words::conjunction::Conjunction;
use crate::words::dense::DensePostingsCache;
use crate::words::exclusion::Exclusion;
use crate::words::prefixes;
use crate::words::schema::Fields;

/// The words as a query of one shard; none if there are none. It is as plain as it can be: of plain intersections and unions of
/// words tantivy looks only at the documents that can still be among the best.
pub(crate) fn translate(
    words: &Words,
    index: (&Searcher, Fields),
    dense: &Arc<DensePostingsCache>,
) -> tantivy::Result<Option<Box<dyn Tantivy>>> {
    if let Some(words) = plain_words(words, index, dense)? {
        return Ok(Some(Box::new(Conjunction { words, dense: Arc::clone(dense) })));
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
    dense: &DensePostingsCache,
) -> tantivy::Result<Option<Vec<Vec<Term>>>> {
    let mut all = Vec::with_capacity(words.clauses.len());
    for clause in &words.clauses {
        let mut terms = Vec::new();
        for wanted in &clause.any {
            let Wanted::Phrase(stems) = wanted else { return Ok(None) };
            let ([(_, stem)], false) = (stems.as_slice(), clause.excluded) else { return Ok(None) };
            for field in [fields.text, fields.place] {
                let term = Term::from_field_text(field, stem);
                if dense.frequency(searcher, &term)? > 0 {
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
