//! A tantivy query for messages that have all of some words.
//!
//! Tantivy walks through the postings of the words. If one of the words is frequent, this query intersects the bitmaps of
//! [`DensePostings`] instead. The postings of rare words are short, and tantivy answers for them.

use std::fmt;
use std::sync::Arc;

use tantivy::query::{
    Bm25Weight, BooleanQuery, EnableScoring, Explanation, Occur, Query, Scorer, TermQuery, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, SegmentReader, Term};

use crate::facts::at::index;
use crate::words::dense::{BLOCK, DensePostings, DensePostingsCache, Plan};

/// Documents that have all of these words.
#[derive(Clone)]
pub(crate) struct Conjunction {
    /// Each word as its terms: the word in the text, the word in the place. One of them is enough. None is empty.
    pub(crate) words: Vec<Vec<Term>>,
    /// The cache of the shard.
    pub(crate) dense: Arc<DensePostingsCache>,
}

impl Conjunction {
    /// The same with tantivy's own means.
    fn walking(&self) -> Box<dyn Query> {
        let word = |terms: &Vec<Term>| {
            let one = |term: &Term| -> Box<dyn Query> {
                Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs))
            };
            let any: Box<dyn Query> = match terms.as_slice() {
                [only] => one(only),
                terms => {
                    Box::new(BooleanQuery::new(terms.iter().map(|term| (Occur::Should, one(term))).collect()))
                }
            };
            any
        };
        match self.words.as_slice() {
            [only] => word(only),
            words => {
                let all = words.iter().map(|terms| (Occur::Must, word(terms))).collect();
                Box::new(BooleanQuery::new(all))
            }
        }
    }
}

impl fmt::Debug for Conjunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Conjunction").field(&self.words).finish()
    }
}

impl Query for Conjunction {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let mut scores = Vec::new();
        if let EnableScoring::Enabled { statistics_provider, .. } = scoring {
            for terms in &self.words {
                let score = |term| Bm25Weight::for_terms(statistics_provider, std::slice::from_ref(term));
                scores.push(terms.iter().map(score).collect::<tantivy::Result<Vec<_>>>()?);
            }
        }
        let walking = self.walking().weight(scoring)?;
        Ok(Box::new(ConjunctionWeight { asked: self.clone(), scores, walking }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for term in self.words.iter().flatten() {
            visitor(term, false);
        }
    }
}

struct ConjunctionWeight {
    asked: Conjunction,
    /// Of each word its terms' scores; empty if nothing is scored.
    scores: Vec<Vec<Bm25Weight>>,
    walking: Box<dyn Weight>,
}

/// The bitmaps of one segment: for each word those of its terms.
struct BitmapIntersection(Vec<Vec<Arc<DensePostings>>>);

impl ConjunctionWeight {
    fn look(&self, reader: &SegmentReader) -> tantivy::Result<Plan> {
        self.asked.dense.get(reader, &self.asked.words)
    }
}

impl BitmapIntersection {
    /// The documents with all words, block after block.
    fn blocks(&self) -> impl Iterator<Item = u64> {
        let blocks = self.0.iter().flatten().map(|term| term.bits.len()).min().unwrap_or_default();
        (0..blocks).map(|block| {
            let any = |terms: &[Arc<DensePostings>]| terms.iter().fold(0, |any, term| any | term.bits[block]);
            self.0.iter().fold(u64::MAX, |all, terms| all & any(terms))
        })
    }

    /// Visits every document with all words, in order.
    fn each(&self, mut visit: impl FnMut(DocId)) {
        let mut first = 0;
        for mut block in self.blocks() {
            while block != 0 {
                visit(first + block.trailing_zeros());
                block &= block - 1;
            }
            first += BLOCK;
        }
    }

    fn score(&self, scores: &[Vec<Bm25Weight>], doc: DocId) -> Score {
        let word = |(terms, scores): (&Vec<Arc<DensePostings>>, &Vec<Bm25Weight>)| {
            let term = |(term, score): (&Arc<DensePostings>, &Bm25Weight)| {
                term.find(doc).map_or(0.0, |(times, length)| score.score(length, times))
            };
            terms.iter().zip(scores).map(term).sum::<Score>()
        };
        self.0.iter().zip(scores).map(word).sum()
    }
}

impl Weight for ConjunctionWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        self.walking.scorer(reader, boost)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.walking.explain(reader, doc)
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        let looked = match self.look(reader)? {
            Plan::Nowhere => return Ok(0),
            Plan::Walk => return self.walking.count(reader),
            Plan::Bits(words) => BitmapIntersection(words),
        };
        Ok(looked.blocks().map(u64::count_ones).sum())
    }

    /// Without those that are deleted.
    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        let looked = match self.look(reader)? {
            Plan::Nowhere => return Ok(()),
            Plan::Walk => {
                let Some(alive) = reader.alive_bitset() else {
                    return self.walking.for_each_no_score(reader, callback);
                };
                let mut found = Vec::with_capacity(index(BLOCK));
                return self.walking.for_each_no_score(reader, &mut |docs| {
                    found.clear();
                    found.extend(docs.iter().filter(|doc| alive.is_alive(**doc)));
                    callback(&found);
                });
            }
            Plan::Bits(words) => BitmapIntersection(words),
        };
        let mut found = Vec::with_capacity(index(BLOCK));
        looked.each(|doc| {
            found.push(doc);
            if found.len() == index(BLOCK) {
                callback(&found);
                found.clear();
            }
        });
        callback(&found);
        Ok(())
    }

    fn for_each_pruning(
        &self,
        mut threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        // Of a single word tantivy knows which blocks of its list cannot have the best.
        let looked = match self.look(reader)? {
            Plan::Nowhere => return Ok(()),
            Plan::Bits(words) if words.len() > 1 => BitmapIntersection(words),
            Plan::Bits(_) | Plan::Walk => {
                return self.walking.for_each_pruning(threshold, reader, callback);
            }
        };
        looked.each(|doc| {
            let score = looked.score(&self.scores, doc);
            if score > threshold {
                threshold = callback(doc, score);
            }
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tantivy::query::Bm25StatisticsProvider;
    use tantivy::{Index, IndexWriter, Searcher};

    use super::*;
    use crate::words::{analyzer, schema};

    /// Segments with words in both fields, some of them deleted, one word 300 times in one message.
    fn searcher() -> Searcher {
        let (schema, fields) = schema::build();
        let index = Index::create_in_ram(schema);
        analyzer::register(&index);
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        let mut rng = fastrand::Rng::with_seed(7);
        for number in 0..3_000_u32 {
            let words = ["яма", "дом", "вода", "лифт", "двор"];
            let mut text: Vec<&str> =
                (0..rng.usize(..9)).map(|_| words[rng.usize(..5).min(rng.usize(..5))]).collect();
            if number % 700 == 0 {
                text.extend(vec!["яма"; 300]);
            }
            if number % 100 == 0 {
                text.push("редкость");
            }
            let mut document = tantivy::TantivyDocument::default();
            document.add_u64(fields.row, number.into());
            document.add_text(fields.text, text.join(" "));
            if rng.bool() {
                document.add_text(fields.place, words[rng.usize(..5)]);
            }
            writer.add_document(document).unwrap();
            if number % 1_000 == 999 {
                writer.commit().unwrap();
            }
        }
        for row in [3, 500, 1_700] {
            writer.delete_query(Box::new(fields.row_query(row))).unwrap();
        }
        writer.commit().unwrap();
        index.reader().unwrap().searcher()
    }

    /// What a weight finds: count, documents, and scores of those that score more than half of the best.
    type Found = (u32, Vec<DocId>, Vec<(DocId, Score)>);

    fn found(searcher: &Searcher, query: &dyn Query) -> Vec<Found> {
        let plain = query.weight(EnableScoring::disabled_from_searcher(searcher)).unwrap();
        let statistics: &dyn Bm25StatisticsProvider = searcher;
        let scored =
            query.weight(EnableScoring::enabled_from_statistics_provider(statistics, searcher)).unwrap();
        let of_segment = |segment: &SegmentReader| {
            let (mut documents, mut scores) = (Vec::new(), Vec::new());
            plain.for_each_no_score(segment, &mut |some| documents.extend_from_slice(some)).unwrap();
            // tantivy walks over deleted documents too, and leaves it to the collector to skip them.
            let alive = |doc: DocId| segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc));
            documents.retain(|doc| alive(*doc));
            let mut best: Score = 0.0;
            let mut keep = |doc, score: Score| {
                scores.push((doc, score));
                if alive(doc) {
                    best = best.max(score);
                }
                best / 2.0
            };
            scored.for_each_pruning(Score::MIN, segment, &mut keep).unwrap();
            // What comes before the best one is not pruned alike.
            scores.retain(|(doc, score)| *score > best / 2.0 && alive(*doc));
            (plain.count(segment).unwrap(), documents, scores)
        };
        searcher.segment_readers().iter().map(of_segment).collect()
    }

    #[test]
    fn it_finds_and_scores_as_tantivy_does() {
        let searcher = searcher();
        assert!(searcher.segment_readers().len() > 1);
        let (_, fields) = schema::build();
        let dense: Arc<DensePostingsCache> = Arc::default();
        let word = |stem: &str| {
            let terms = [fields.text, fields.place].map(|field| Term::from_field_text(field, stem));
            terms.into_iter().filter(|term| searcher.doc_freq(term).unwrap() > 0).collect::<Vec<_>>()
        };
        let mut looked = 0;
        for asked in [
            &["ям", "дом"][..],
            &["вод", "лифт"],
            &["ям", "редкост"],
            &["двор", "ям", "дом"],
            &["ям", "ям"],
            &["ям"],
            &["редкост"],
        ] {
            let words: Vec<Vec<Term>> = asked.iter().map(|stem| word(stem)).collect();
            assert!(words.iter().all(|terms| !terms.is_empty()), "{asked:?}");
            let conjunction = Conjunction { words, dense: Arc::clone(&dense) };
            let expected = found(&searcher, conjunction.walking().as_ref());
            // The second time from what is kept.
            for _ in 0..2 {
                let answered = found(&searcher, &conjunction);
                for (ours, theirs) in answered.iter().zip(&expected) {
                    assert_eq!((ours.0, &ours.1), (theirs.0, &theirs.1), "{asked:?}");
                    assert!(ours.0 > 0 || *asked == ["ям", "редкост"], "{asked:?}");
                    let same = |(ours, theirs): (&(DocId, Score), &(DocId, Score))| {
                        ours.0 == theirs.0 && (ours.1 - theirs.1).abs() <= 1e-5 * theirs.1
                    };
                    assert_eq!(ours.2.len(), theirs.2.len());
                    assert!(ours.2.iter().zip(&theirs.2).all(same), "{asked:?}: {:?} {:?}", ours.2, theirs.2);
                    looked += ours.2.len();
                }
            }
        }
        assert!(looked > 100);
    }
}
