//! The analyzer of the index, built once more of tantivy's parts: the index keeps its own to itself. Were they different,
//! so would be the numbers of hits, and the benchmark fails.

use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenStream, SimpleTokenizer, Stemmer, StopWordFilter,
    TextAnalyzer, Tokenizer,
};

/// Bytes.
const LONGEST_WORD: usize = 120;

/// Words to stems, without stop words.
pub(crate) fn analyzer() -> anyhow::Result<TextAnalyzer> {
    let stop_words = StopWordFilter::new(Language::Russian);
    let stop_words = stop_words.ok_or_else(|| anyhow::anyhow!("tantivy has no Russian stop words"))?;
    let words = TextAnalyzer::builder(WithoutYo::default()).filter(RemoveLongFilter::limit(LONGEST_WORD));
    Ok(words.filter(LowerCaser).filter(stop_words).filter(Stemmer::new(Language::Russian)).build())
}

/// A stem, and where in the text its word stands.
pub(crate) type Stem = (String, std::ops::Range<usize>);

/// The stems of a text, in its order.
pub(crate) fn stems(text: &str, analyzer: &mut TextAnalyzer) -> Vec<Stem> {
    let mut stems = Vec::new();
    let mut stream = analyzer.token_stream(text);
    while let Some(token) = stream.next() {
        stems.push((token.text.clone(), token.offset_from..token.offset_to));
    }
    stems
}

/// Reads `ё` as `е`; both are two bytes.
#[derive(Clone, Default)]
struct WithoutYo {
    text: String,
    words: SimpleTokenizer,
}

impl Tokenizer for WithoutYo {
    type TokenStream<'a> = SimpleTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SimpleTokenStream<'a> {
        if !text.contains(['ё', 'Ё']) {
            return self.words.token_stream(text);
        }
        self.text = text.replace('ё', "е").replace('Ё', "Е");
        self.words.token_stream(&self.text)
    }
}
