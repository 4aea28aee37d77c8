//! The bridge from [`language`] to tantivy: documents are indexed by the same stems that every other reader of text gets.

use language::{Stems, stems};
use tantivy::Index;
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};

/// The analyzer's name in the schema.
pub(crate) const RUSSIAN: &str = "russian";

/// Makes the analyzer known to an index. Needed on every open: tantivy stores only its name.
pub(crate) fn register(index: &Index) {
    index.tokenizers().register(RUSSIAN, TextAnalyzer::builder(Russian::default()).build());
}

#[derive(Clone, Default)]
struct Russian {
    token: Token,
}

impl Tokenizer for Russian {
    type TokenStream<'a> = RussianStems<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> RussianStems<'a> {
        RussianStems { stems: stems(text), token: &mut self.token }
    }
}

struct RussianStems<'a> {
    stems: Stems<'a>,
    token: &'a mut Token,
}

impl TokenStream for RussianStems<'_> {
    fn advance(&mut self) -> bool {
        let Some(stem) = self.stems.next() else { return false };
        (self.token.offset_from, self.token.offset_to) = (stem.range.start, stem.range.end);
        (self.token.position, self.token.text) = (stem.position, stem.text);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::tokenizer::{
        Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter,
    };

    use super::*;

    /// The chain of tantivy's own filters that made the words of the indexes there are. It folded `ё` between small letters and
    /// stop words; tantivy has no such filter, so the text is folded before, which changes no offset: both letters are two bytes.
    fn former(text: &str) -> Vec<Token> {
        let mut chain = TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(RemoveLongFilter::limit(120))
            .filter(LowerCaser)
            .filter(StopWordFilter::new(Language::Russian).unwrap())
            .filter(Stemmer::new(Language::Russian))
            .build();
        tokens(&mut chain, &text.replace('ё', "е").replace('Ё', "Е"))
    }

    fn tokens(analyzer: &mut TextAnalyzer, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        analyzer.token_stream(text).process(&mut |token| tokens.push(token.clone()));
        tokens
    }

    fn now(text: &str) -> Vec<Token> {
        tokens(&mut TextAnalyzer::builder(Russian::default()).build(), text)
    }

    #[test]
    fn the_words_on_disk_are_those_of_before() {
        let long = format!("{} {}", "ж".repeat(59), "ж".repeat(60));
        for text in [
            "Во дворе дома №5-а по ул. Ленина ещё с прошлого года не горят ФОНАРИ: тёмные подъезды, её дети боятся!",
            "Новый двор, новыи\u{306} двор; все\u{308} и́грают",
            "ΣΑΣ İstanbul ﬁ Straße 12,5 млн. e-mail: a.b@c.ru",
            "",
            &long,
        ] {
            assert_eq!(now(text), former(text), "{text}");
            assert_eq!(former(text).is_empty(), text.is_empty());
        }
    }

    proptest! {
        #[test]
        fn no_text_has_other_words_than_before(text in r"([а-яёА-ЯЁ]{1,12}[ ,.!-]{0,2}|\PC{0,6}){0,30}") {
            prop_assert_eq!(now(&text), former(&text));
        }
    }
}
