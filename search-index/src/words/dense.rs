//! A cache of words that many messages have.
//!
//! The list of documents of such a word is long, and a question for it together with another word walks through all of it. So the
//! lists of both are unpacked once and kept: one bit for each document, and two bytes for each document that has the word.
//!
//! The document frequency of every word that was asked for is kept too. Looking it up in each segment takes longer than the rest of
//! the answer to a question for a few words.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::index::SegmentId;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Searcher, SegmentReader, TERMINATED, Term};

use crate::facts::at::index;

/// A word is frequent if it is in one of so many documents of a segment.
const ONE_OF: u32 = 64;
/// What the unpacked words of one shard may take, in bytes. Readers have a dozen shards and more; a word that is in every tenth
/// message takes 0.4 bytes a message.
const MOST: usize = 16 << 20;
/// Terms of one shard whose document frequency is kept, at most.
const KNOWN: usize = 4_096;
/// Documents of a block.
pub(crate) const BLOCK: u32 = 64;

/// Where a term is in a segment; deleted documents are left out.
pub(crate) struct DensePostings {
    /// Blocks of documents, a bit each.
    pub(crate) bits: Vec<u64>,
    /// Documents with the term before each block.
    before: Vec<u32>,
    /// Of each document with the term: how often it is there, and how long the field is there (as tantivy keeps it).
    found: Vec<(u8, u8)>,
    /// Where the first of them is [`OFTEN`].
    often: HashMap<DocId, u32>,
}

/// So often or more often.
const OFTEN: u8 = u8::MAX;

impl DensePostings {
    /// How often the term is in a document, and how long the field is there; none if it is not there.
    pub(crate) fn find(&self, doc: DocId) -> Option<(u32, u8)> {
        let (block, place) = (index(doc / BLOCK), doc % BLOCK);
        let bits = self.bits[block];
        if bits >> place & 1 == 0 {
            return None;
        }
        let before = self.before[block] + (bits & ((1 << place) - 1)).count_ones();
        let (times, length) = self.found[index(before)];
        let times = if times == OFTEN { self.often.get(&doc).copied()? } else { times.into() };
        Some((times, length))
    }

    fn read(reader: &SegmentReader, term: &Term) -> tantivy::Result<Self> {
        let blocks = index(reader.max_doc().div_ceil(BLOCK));
        let mut term_here = Self {
            bits: vec![0; blocks],
            before: Vec::with_capacity(blocks),
            found: Vec::new(),
            often: HashMap::new(),
        };
        let lengths = reader.get_fieldnorms_reader(term.field())?;
        let postings =
            reader.inverted_index(term.field())?.read_postings(term, IndexRecordOption::WithFreqs)?;
        if let Some(mut postings) = postings {
            let alive = reader.alive_bitset();
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if alive.is_some_and(|alive| alive.is_deleted(doc)) {
                    doc = postings.advance();
                    continue;
                }
                let times = postings.term_freq();
                let kept = u8::try_from(times).unwrap_or(OFTEN);
                if kept == OFTEN {
                    term_here.often.insert(doc, times);
                }
                term_here.bits[index(doc / BLOCK)] |= 1 << (doc % BLOCK);
                term_here.found.push((kept, lengths.fieldnorm_id(doc)));
                doc = postings.advance();
            }
        }
        let mut before = 0;
        for bits in &term_here.bits {
            term_here.before.push(before);
            before += bits.count_ones();
        }
        Ok(term_here)
    }

    fn bytes(&self) -> usize {
        self.bits.len() * 12 + self.found.len() * 2 + self.often.len() * 8
    }
}

/// How a segment is searched for all of some words.
pub(crate) enum Plan {
    /// One of them does not occur.
    Nowhere,
    /// None of them is frequent.
    Walk,
    /// With the bitmaps of each word's terms.
    Bits(Vec<Vec<Arc<DensePostings>>>),
}

/// The postings of a shard that were asked for last. A shard whose words have changed is another one, with another cache.
#[derive(Default)]
pub(crate) struct DensePostingsCache {
    kept: Mutex<LruCache>,
    /// In how many documents of each segment a term is.
    frequencies: Mutex<HashMap<Term, Frequencies>>,
}

type Frequencies = Arc<[(SegmentId, u32)]>;

struct LruCache {
    terms: HashMap<(SegmentId, Term), LruEntry>,
    bytes: usize,
    most: usize,
    questions: u64,
}

impl Default for LruCache {
    fn default() -> Self {
        Self { terms: HashMap::new(), bytes: 0, most: MOST, questions: 0 }
    }
}

struct LruEntry {
    term: Arc<DensePostings>,
    /// By which question last.
    last: u64,
}

impl DensePostingsCache {
    /// How all of these words, each as its terms, are to be looked for in a segment.
    pub(crate) fn get(&self, reader: &SegmentReader, words: &[Vec<Term>]) -> tantivy::Result<Plan> {
        let mut most = 0;
        for terms in words {
            let mut found = 0;
            for term in terms {
                found = found.max(self.in_segment(reader, term)?);
            }
            if found == 0 {
                return Ok(Plan::Nowhere);
            }
            most = most.max(found);
        }
        if u64::from(most) * u64::from(ONE_OF) < u64::from(reader.max_doc()) {
            return Ok(Plan::Walk);
        }
        let word = |terms: &Vec<Term>| terms.iter().map(|term| self.term(reader, term)).collect();
        words.iter().map(word).collect::<tantivy::Result<_>>().map(Plan::Bits)
    }

    /// In how many documents of the shard a term is; deleted ones count until their segment is merged.
    pub(crate) fn frequency(&self, searcher: &Searcher, term: &Term) -> tantivy::Result<u64> {
        let sum = |known: &Frequencies| known.iter().map(|(_, count)| u64::from(*count)).sum();
        if let Some(known) = self.frequencies().get(term) {
            return Ok(sum(known));
        }
        let segments = searcher.segment_readers().iter();
        let count = |reader: &SegmentReader| -> tantivy::Result<_> {
            Ok((reader.segment_id(), reader.inverted_index(term.field())?.doc_freq(term)?))
        };
        let found = segments.map(count).collect::<tantivy::Result<Frequencies>>()?;
        let mut frequencies = self.frequencies();
        if frequencies.len() >= KNOWN {
            frequencies.clear();
        }
        let total = sum(&found);
        frequencies.insert(term.clone(), found);
        Ok(total)
    }

    fn in_segment(&self, reader: &SegmentReader, term: &Term) -> tantivy::Result<u32> {
        let known = self.frequencies().get(term).cloned();
        let segment = reader.segment_id();
        match known.iter().flat_map(|known| known.iter()).find(|(known, _)| *known == segment) {
            Some((_, count)) => Ok(*count),
            None => Ok(reader.inverted_index(term.field())?.doc_freq(term)?),
        }
    }

    fn frequencies(&self) -> MutexGuard<'_, HashMap<Term, Frequencies>> {
        self.frequencies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn term(&self, reader: &SegmentReader, term: &Term) -> tantivy::Result<Arc<DensePostings>> {
        let name = (reader.segment_id(), term.clone());
        if let Some(known) = self.kept().known(&name) {
            return Ok(known);
        }
        // Two questions at once read it twice, and neither waits.
        let unpacked = Arc::new(DensePostings::read(reader, term)?);
        self.kept().keep(name, Arc::clone(&unpacked));
        Ok(unpacked)
    }

    fn kept(&self) -> MutexGuard<'_, LruCache> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LruCache {
    fn known(&mut self, name: &(SegmentId, Term)) -> Option<Arc<DensePostings>> {
        self.questions += 1;
        let known = self.terms.get_mut(name)?;
        known.last = self.questions;
        Some(Arc::clone(&known.term))
    }

    fn keep(&mut self, name: (SegmentId, Term), term: Arc<DensePostings>) {
        self.questions += 1;
        self.bytes += term.bytes();
        if let Some(twice) = self.terms.insert(name, LruEntry { term, last: self.questions }) {
            self.bytes -= twice.term.bytes();
        }
        while self.bytes > self.most && self.terms.len() > 1 {
            let Some((oldest, _)) = self.terms.iter().min_by_key(|(_, asked)| asked.last) else { return };
            let oldest = oldest.clone();
            if let Some(gone) = self.terms.remove(&oldest) {
                self.bytes -= gone.term.bytes();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::schema::Field;

    fn term(number: u8) -> (SegmentId, Term) {
        let segment = SegmentId::from_uuid_string("00000000000000000000000000000001").unwrap();
        (segment, Term::from_field_text(Field::from_field_id(0), &number.to_string()))
    }

    fn of(documents: usize) -> Arc<DensePostings> {
        let found = vec![(1, 1); documents];
        Arc::new(DensePostings { bits: Vec::new(), before: Vec::new(), found, often: HashMap::new() })
    }

    #[test]
    fn what_nobody_asks_for_makes_room() {
        let mut kept = LruCache { most: 1_000, ..LruCache::default() };
        for number in 0..4 {
            kept.keep(term(number), of(100));
            assert!(kept.known(&term(0)).is_some(), "asked for again and again");
        }
        kept.keep(term(4), of(200));
        assert!(kept.known(&term(1)).is_none() && kept.known(&term(4)).is_some());
        assert!(kept.known(&term(0)).is_some());
        assert_eq!(kept.bytes, kept.terms.values().map(|asked| asked.term.bytes()).sum::<usize>());
        // One that is too large for all of it is kept alone.
        kept.keep(term(5), of(5_000));
        assert_eq!((kept.terms.len(), kept.bytes), (1, 10_000));
        // Twice the same counts once.
        kept.keep(term(5), of(100));
        assert_eq!(kept.bytes, 200);
    }
}
