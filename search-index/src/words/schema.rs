//! The fields that tantivy keeps of a submission: its words and the row of its facts. Everything else is in the facts, so a
//! document is written once, and not again when a status changes.
//!
//! A change of a field or of the analyzer raises [`crate::publish::manifest::WORDS_FORMAT`].

use std::ops::Bound;

use tantivy::query::RangeQuery;
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{TantivyDocument, Term};

use crate::Document;
use crate::words::analyzer::RUSSIAN;

/// Handles of the fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// What the citizen wrote; not stored.
    pub(crate) text: Field,
    /// The place in words; not stored.
    pub(crate) place: Field,
    /// The row of its fact.
    pub(crate) row: Field,
}

/// Name of the column with the row.
pub(crate) const ROW: &str = "row";

/// The schema and the handles of its fields.
pub(crate) fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(RUSSIAN)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    let fields = Fields {
        text: schema.add_text_field("text", words.clone()),
        place: schema.add_text_field("place", words),
        row: schema.add_u64_field(ROW, FAST),
    };
    (schema.build(), fields)
}

impl Fields {
    /// What finds the document of a row, in its column. Words hardly ever change, and a dictionary of all rows would be a
    /// twentieth of the index.
    pub(crate) fn row_query(self, row: u32) -> RangeQuery {
        let term = || Bound::Included(Term::from_field_u64(self.row, row.into()));
        RangeQuery::new(term(), term())
    }

    pub(crate) fn encode(self, row: u32, document: &Document) -> TantivyDocument {
        let mut encoded = TantivyDocument::default();
        encoded.add_u64(self.row, row.into());
        encoded.add_text(self.text, &document.text);
        if let Some(place) = &document.place {
            encoded.add_text(self.place, place);
        }
        encoded
    }
}
