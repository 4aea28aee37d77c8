//! Submissions that share the telling words of a text.

use std::collections::HashMap;

use tantivy::Term;
use tantivy::query::{Bm25StatisticsProvider, BooleanQuery, Occur, Query as Tantivy, TermQuery};
use tantivy::schema::IndexRecordOption;

use crate::words::reader::Statistics;
use crate::words::schema::Fields;

/// Words of a text that are compared: the most telling ones.
const WORDS: usize = 20;

/// A query for submissions with the telling words of a text; none if nothing in it tells.
pub(crate) fn query(
    text: &str,
    fields: Fields,
    statistics: &Statistics<'_>,
) -> tantivy::Result<Option<BooleanQuery>> {
    let words = telling(text, fields, statistics)?;
    if words.is_empty() {
        return Ok(None);
    }
    // A third of the words: one in common is chance, all of them a copy.
    let wanted = words.len().div_ceil(3);
    let mut any: Vec<(Occur, Box<dyn Tantivy>)> = Vec::with_capacity(words.len());
    for word in words {
        any.push((Occur::Should, Box::new(TermQuery::new(word, IndexRecordOption::WithFreqs))));
    }
    Ok(Some(BooleanQuery::with_minimum_required_clauses(any, wanted)))
}

/// The words that other submissions have as well, by how often they stand here and how rare they are there (tf-idf).
fn telling(text: &str, fields: Fields, statistics: &Statistics<'_>) -> tantivy::Result<Vec<Term>> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    for stem in language::stems(text) {
        *counts.entry(stem.text).or_default() += 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "a weight needs no more digits")]
    let documents = statistics.total_num_docs()? as f64;
    let mut weighed = Vec::with_capacity(counts.len());
    for (stem, count) in counts {
        let term = Term::from_field_text(fields.text, &stem);
        // The text itself has the word.
        let others = statistics.doc_freq(&term)?.saturating_sub(1);
        if others > 0 {
            #[expect(clippy::cast_precision_loss, reason = "a weight needs no more digits")]
            let weight = f64::from(count).sqrt() * (1.0 + documents / (others as f64)).ln();
            weighed.push((weight, stem, term));
        }
    }
    weighed.sort_by(|(left, a, _), (right, b, _)| right.total_cmp(left).then_with(|| a.cmp(b)));
    weighed.truncate(WORDS);
    Ok(weighed.into_iter().map(|(_, _, term)| term).collect())
}
