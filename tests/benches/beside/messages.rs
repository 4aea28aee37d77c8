//! The messages, with topics and regions as small numbers, for engines that would otherwise compare strings.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

use domain::Status;
use search_index::Document;
use tantivy::tokenizer::TextAnalyzer;

use crate::analyzer::stems;

/// Bytes of the id of a territory that name its region.
const REGION: usize = 9;
/// The last position that `PostgreSQL` keeps.
const LAST_POSITION: usize = 16_383;

/// One message in so many was indexed before somebody worked on it; of one in so many of those the text has changed too.
const CHANGED: usize = 10;
const REWRITTEN: usize = 5;

/// What is counted of a message.
pub(crate) struct Fact {
    pub(crate) category: u64,
    pub(crate) region: u64,
    pub(crate) open: bool,
    /// Seconds, as all times here.
    pub(crate) due: Option<i64>,
    pub(crate) mark: Option<u8>,
    pub(crate) received: i64,
}

/// All messages, and what is known of them.
pub(crate) struct Messages {
    pub(crate) documents: Vec<Document>,
    pub(crate) facts: Vec<Fact>,
    /// In how many messages a stem occurs.
    pub(crate) frequencies: HashMap<String, u32>,
    categories: Numbers,
    regions: Numbers,
}

/// Numbers of names, from 0, in the order in which they came.
#[derive(Default)]
struct Numbers(HashMap<String, u64>);

impl Numbers {
    fn of(&mut self, name: &str) -> u64 {
        let next = self.0.len() as u64;
        *self.0.entry(name.to_owned()).or_insert(next)
    }
}

/// What a category is called where it is counted.
pub(crate) fn topic(category: Option<&str>) -> String {
    category.unwrap_or("-").to_owned()
}

/// The region of a territory.
pub(crate) fn region(territory: &str) -> String {
    territory.get(..REGION).unwrap_or(territory).to_owned()
}

impl Messages {
    /// Of these documents.
    pub(crate) fn new(documents: Vec<Document>) -> Self {
        let (mut categories, mut regions) = (Numbers::default(), Numbers::default());
        let fact = |it: &Document| Fact {
            category: categories.of(&topic(it.category.as_ref().map(domain::CategoryId::as_str))),
            region: regions.of(&region(it.territory.as_str())),
            open: it.status.is_open(),
            due: it.due.map(jiff::Timestamp::as_second),
            mark: it.mark,
            received: it.received.as_second(),
        };
        let facts = documents.iter().map(fact).collect();
        Self { documents, facts, frequencies: HashMap::new(), categories, regions }
    }

    /// The numbers of all messages that have changed since they were first indexed.
    pub(crate) fn changed(&self) -> impl Iterator<Item = usize> {
        (0..self.documents.len()).step_by(CHANGED)
    }

    /// A message as it was first indexed: what has changed since must not be found any more.
    pub(crate) fn first(&self, number: usize) -> Document {
        let mut document = self.documents[number].clone();
        if number.is_multiple_of(CHANGED) {
            (document.version, document.status, document.mark) = (0, Status::Received, None);
            if number.is_multiple_of(CHANGED * REWRITTEN) {
                document.text.clone_from(&self.documents[(number + 1) % self.documents.len()].text);
            }
        }
        document
    }

    /// The numbers of a topic and a region by their names.
    pub(crate) fn numbers(&self, topic: &str, region: &str) -> Option<(u64, u64)> {
        Some((*self.categories.0.get(topic)?, *self.regions.0.get(region)?))
    }

    /// Writes them for other engines, a line for each: number, topic, region, open, due, mark, received, and stems with their
    /// positions as `PostgreSQL` reads them. Counts the stems on the way.
    pub(crate) fn write(&mut self, path: &Path, analyzer: &mut TextAnalyzer) -> anyhow::Result<()> {
        let mut csv = csv::Writer::from_path(path)?;
        let mut words = String::new();
        for (number, (document, fact)) in self.documents.iter().zip(&self.facts).enumerate() {
            let mut all = self::words(document, analyzer);
            words.clear();
            for (at, stem) in all.iter().enumerate() {
                write!(words, "{stem}:{} ", (at + 1).min(LAST_POSITION))?;
            }
            let Fact { category, region, open, due, mark, received } = fact;
            csv.serialize((number, category, region, open, due, mark, received, words.trim_end()))?;
            all.sort_unstable();
            all.dedup();
            for stem in all {
                *self.frequencies.entry(stem).or_default() += 1;
            }
        }
        Ok(csv.flush()?)
    }
}

/// The stems of the text and of the place.
fn words(document: &Document, analyzer: &mut TextAnalyzer) -> Vec<String> {
    let texts = [Some(&document.text), document.place.as_ref()];
    texts.into_iter().flatten().flat_map(|text| stems(text, analyzer)).map(|(stem, _)| stem).collect()
}
