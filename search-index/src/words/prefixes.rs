//! The words of an index that begin with a prefix.

use std::collections::HashMap;

use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use crate::query::words::Prefix;

/// Words that a prefix stands for at most: those that most documents have.
const LIMIT: usize = 1_000;

/// The terms of a field that a prefix stands for.
pub(crate) fn terms(prefix: &Prefix, field: Field, searcher: &Searcher) -> tantivy::Result<Vec<Term>> {
    let mut counts: HashMap<String, u64> = HashMap::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut stream = index.terms().range().ge(&prefix.start).into_stream()?;
        while let Some((key, info)) = stream.next() {
            if !key.starts_with(prefix.start.as_bytes()) {
                break;
            }
            if let Ok(stem) = std::str::from_utf8(key) {
                *counts.entry(stem.to_owned()).or_default() += u64::from(info.doc_freq);
            }
        }
    }
    let mut found: Vec<(String, u64)> = counts.into_iter().collect();
    if found.len() > LIMIT {
        found.sort_unstable_by(|(a, few), (b, many)| many.cmp(few).then_with(|| a.cmp(b)));
        found.truncate(LIMIT);
    }
    let stems = found.into_iter().map(|(stem, _)| stem).chain(prefix.stem.clone());
    Ok(stems.map(|stem| Term::from_field_text(field, &stem)).collect())
}
