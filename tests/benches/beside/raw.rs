//! tantivy alone, as somebody would use it who has no layer above it: one index of all messages.

use std::path::Path;

use anyhow::Context;
use search_index::Document;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::agg_result::AggregationResults;
use tantivy::aggregation::{AggContextParams, AggregationCollector};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{DocAddress, Index, Searcher, TantivyDocument, Term};

use crate::analyzer::analyzer;
use crate::messages::{Fact, Messages};
use crate::times::worked;

const ANALYZER: &str = "russian";
/// What the index has for a shard: threads, and bytes before a segment is written.
const THREADS: usize = 1;
const HEAP: usize = 64 << 20;
/// What part of a score is as good as all of it.
const CLOSE: f32 = 0.995;
/// Documents that may score as much as the last on a page.
const EQUALS: usize = 10_000;

/// One line of the matrix: topic, region, count, open, overdue, marks, their sum.
pub(crate) type Cell = [u64; 7];

pub(crate) struct Raw {
    searcher: Searcher,
    fields: Fields,
}

#[derive(Clone)]
struct Fields {
    text: Field,
    place: Field,
    row: Field,
    /// Topic, region, open, overdue, mark.
    facts: Option<[Field; 5]>,
}

impl Raw {
    /// An index of all messages, and the seconds of the processor that it took, before what has changed was replaced; with their numbers as
    /// columns, or with the words alone. What is overdue is said beforehand.
    pub(crate) fn fill(messages: &Messages, folder: &Path, now: Option<i64>) -> anyhow::Result<(Self, f64)> {
        std::fs::create_dir_all(folder)?;
        let (schema, fields) = schema(now.is_some());
        let index = Index::create_in_dir(folder, schema)?;
        index.tokenizers().register(ANALYZER, analyzer()?);
        let begun = worked();
        let mut writer: tantivy::IndexWriter = index.writer_with_num_threads(THREADS, HEAP)?;
        let now = now.unwrap_or_default();
        for (row, fact) in messages.facts.iter().enumerate() {
            writer.add_document(fields.encode(row as u64, &messages.first(row), fact, now))?;
        }
        writer.commit()?;
        let took = worked() - begun;
        for row in messages.changed() {
            writer.delete_term(Term::from_field_u64(fields.row, row as u64));
            let (document, fact) = (&messages.documents[row], &messages.facts[row]);
            writer.add_document(fields.encode(row as u64, document, fact, now))?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        Ok((Self { searcher: index.reader()?.searcher(), fields }, took))
    }

    pub(crate) fn segments(&self) -> usize {
        self.searcher.segment_readers().len()
    }

    /// All of these stems, or any of them, in the text or in the place.
    pub(crate) fn words(&self, stems: &[&str], occur: Occur) -> BooleanQuery {
        let field = |field: Field, stem: &str| -> (Occur, Box<dyn Query>) {
            let term = Term::from_field_text(field, stem);
            (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
        };
        let word = |stem: &&str| -> (Occur, Box<dyn Query>) {
            let either = vec![field(self.fields.text, stem), field(self.fields.place, stem)];
            (occur, Box::new(BooleanQuery::new(either)))
        };
        BooleanQuery::new(stems.iter().map(word).collect())
    }

    /// The rows whose score is not below that of the last on the page, a hair apart: shards add in another order, and until they
    /// are merged neither engine forgets in how many texts a word was.
    pub(crate) fn as_good(&self, query: &dyn Query, page: usize) -> anyhow::Result<Vec<u64>> {
        let best = self.searcher.search(query, &TopDocs::with_limit(EQUALS).order_by_score())?;
        let last = best.get(page - 1).map_or(0.0, |(score, _)| score * CLOSE);
        let good = best.into_iter().filter(|(score, _)| *score >= last);
        good.map(|(_, at)| self.row(at)).collect()
    }

    fn row(&self, at: DocAddress) -> anyhow::Result<u64> {
        let column = self.searcher.segment_reader(at.segment_ord).fast_fields().u64("row")?;
        column.first(at.doc_id).context("a document without a row")
    }

    /// The number of all and how many are on the page, in one pass or in two.
    pub(crate) fn best(
        &self,
        query: &dyn Query,
        limit: usize,
        passes: usize,
    ) -> anyhow::Result<(usize, usize)> {
        let best = TopDocs::with_limit(limit).order_by_score();
        let (best, count) = if passes == 1 {
            self.searcher.search(query, &(best, Count))?
        } else {
            (self.searcher.search(query, &best)?, self.searcher.search(query, &Count)?)
        };
        Ok((count, best.len()))
    }

    /// The matrix of what a query finds, or of all: as tantivy counts it, to be read by [`cells`].
    pub(crate) fn matrix(&self, query: Option<&dyn Query>) -> anyhow::Result<AggregationResults> {
        let asked: Aggregations = serde_json::from_value(serde_json::json!({
            "topics": { "terms": { "field": "category", "size": 10_000 }, "aggs": {
                "regions": { "terms": { "field": "region", "size": 10_000 }, "aggs": {
                    "open": { "sum": { "field": "open" } },
                    "overdue": { "sum": { "field": "overdue" } },
                    "marks": { "stats": { "field": "mark" } },
                } }
            } }
        }))?;
        let collector = AggregationCollector::from_aggs(asked, AggContextParams::default());
        Ok(self.searcher.search(query.unwrap_or(&AllQuery), &collector)?)
    }
}

/// The cells of a matrix, in order.
pub(crate) fn cells(counted: AggregationResults) -> anyhow::Result<Vec<Cell>> {
    let counted = serde_json::to_value(counted)?;
    let list = |of: &serde_json::Value| of["buckets"].as_array().cloned().unwrap_or_default();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sums of small whole numbers"
    )]
    let whole = |number: &serde_json::Value| number.as_f64().unwrap_or_default() as u64;
    let mut cells = Vec::new();
    for topic in list(&counted["topics"]) {
        for region in list(&topic["regions"]) {
            let names = [&topic["key"], &region["key"], &region["doc_count"]];
            let marks = [&region["marks"]["count"], &region["marks"]["sum"]];
            let [topic, region, count, open, overdue] =
                [names[0], names[1], names[2], &region["open"]["value"], &region["overdue"]["value"]]
                    .map(whole);
            let [marks, sum] = marks.map(whole);
            cells.push([topic, region, count, open, overdue, marks, sum]);
        }
    }
    cells.sort_unstable();
    Ok(cells)
}

fn schema(with_facts: bool) -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = TextFieldIndexing::default()
        .set_tokenizer(ANALYZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let words = TextOptions::default().set_indexing_options(words);
    let fields = Fields {
        text: schema.add_text_field("text", words.clone()),
        place: schema.add_text_field("place", words),
        row: schema.add_u64_field("row", FAST | INDEXED),
        facts: with_facts.then(|| {
            ["category", "region", "open", "overdue", "mark"].map(|name| schema.add_u64_field(name, FAST))
        }),
    };
    (schema.build(), fields)
}

impl Fields {
    fn encode(&self, row: u64, document: &Document, fact: &Fact, now: i64) -> TantivyDocument {
        let mut encoded = TantivyDocument::default();
        encoded.add_u64(self.row, row);
        encoded.add_text(self.text, &document.text);
        if let Some(place) = &document.place {
            encoded.add_text(self.place, place);
        }
        if let Some([category, region, open, overdue, mark]) = self.facts {
            encoded.add_u64(category, fact.category);
            encoded.add_u64(region, fact.region);
            encoded.add_u64(open, fact.open.into());
            encoded.add_u64(overdue, (fact.open && fact.due.is_some_and(|due| due <= now)).into());
            if let Some(given) = fact.mark {
                encoded.add_u64(mark, given.into());
            }
        }
        encoded
    }
}
