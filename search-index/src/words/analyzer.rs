//! How a Russian text becomes words: decides which forms of a word meet.

use tantivy::Index;
use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer, Token,
    TokenFilter, TokenStream, Tokenizer,
};

/// The analyzer's name in the schema.
pub(crate) const RUSSIAN: &str = "russian";

/// Longest word that is indexed, in bytes: a Russian letter is two.
const WORD_LIMIT: usize = 120;

/// Makes the analyzer known to an index. Needed on every open: tantivy stores only its name.
pub(crate) fn register(index: &Index) {
    index.tokenizers().register(RUSSIAN, analyzer());
}

/// The one analyzer of texts, places and queries.
pub(crate) fn analyzer() -> TextAnalyzer {
    let stop_words =
        StopWordFilter::new(Language::Russian).expect("tantivy is built with its Russian stop words");
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(WORD_LIMIT))
        .filter(LowerCaser)
        // Before the stop words, whose list spells `еще` and `ее` without the dots.
        .filter(FoldYo)
        .filter(stop_words)
        .filter(Stemmer::new(Language::Russian))
        .build()
}

/// Writes `ё` as `е`, since people do so most of the time.
#[derive(Clone)]
struct FoldYo;

impl TokenFilter for FoldYo {
    type Tokenizer<T: Tokenizer> = FoldYoTokenizer<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> FoldYoTokenizer<T> {
        FoldYoTokenizer(tokenizer)
    }
}

#[derive(Clone)]
struct FoldYoTokenizer<T>(T);

impl<T: Tokenizer> Tokenizer for FoldYoTokenizer<T> {
    type TokenStream<'a> = FoldYoStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        FoldYoStream(self.0.token_stream(text))
    }
}

struct FoldYoStream<T>(T);

impl<T: TokenStream> TokenStream for FoldYoStream<T> {
    fn advance(&mut self) -> bool {
        if !self.0.advance() {
            return false;
        }
        let text = &mut self.0.token_mut().text;
        if text.contains('ё') {
            *text = text.replace('ё', "е");
        }
        true
    }

    fn token(&self) -> &Token {
        self.0.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.0.token_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        let mut analyzer = analyzer();
        let mut stream = analyzer.token_stream(text);
        let mut stems = Vec::new();
        while let Some(token) = stream.next() {
            stems.push(token.text.clone());
        }
        stems
    }

    #[test]
    fn forms_of_a_word_meet() {
        for forms in [
            ["яма", "ямы", "ЯМУ"],
            ["фонарь", "Фонаря", "фонари"],
            ["мусор", "мусора", "мусором"],
            ["тёплый", "теплый", "ТЁПЛЫМИ"],
        ] {
            let first = stems(forms[0]);
            assert_eq!(first.len(), 1);
            assert!(forms.iter().all(|form| stems(form) == first), "{forms:?}");
        }
        assert_ne!(stems("яма"), stems("фонарь"));
    }

    #[test]
    fn stop_words_go_whatever_their_spelling() {
        assert_eq!(stems("и её ещё Еще не"), Vec::<String>::new());
        assert_eq!(stems("не горит фонарь").len(), 2);
    }

    #[test]
    fn long_words_stay_and_endless_ones_go() {
        assert_eq!(stems(&"ж".repeat(59)).len(), 1);
        assert_eq!(stems(&"ж".repeat(60)).len(), 0);
    }
}
