//! What the forms of a word have in common.

use std::ops::Range;

use frostem::{Algorithm, Stemmer};

use crate::fold::fold_into;
use crate::stop_words::is_stop_word;
use crate::tokens::{Tokens, tokens};

/// The shortest token that is passed over, in bytes: a Russian letter is two.
pub const WORD_LIMIT: usize = 120;

/// A word of a text without its ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stem {
    /// Folded, without ending.
    pub text: String,
    /// Bytes of the text that the whole word takes.
    pub range: Range<usize>,
    /// The number of the word in the text, from 0; stop words and words that are too long count.
    pub position: usize,
}

/// The stems of a text, in order.
pub struct Stems<'t> {
    tokens: Tokens<'t>,
    stemmer: Stemmer,
    folded: String,
}

/// The stems of a text, without stop words and without words of [`WORD_LIMIT`] bytes and more.
#[must_use]
pub fn stems(text: &str) -> Stems<'_> {
    Stems { tokens: tokens(text), stemmer: Stemmer::new(Algorithm::Russian), folded: String::new() }
}

/// The stem of one word, by the Russian algorithm of Snowball.
#[must_use]
pub fn stem(word: &str) -> String {
    Stemmer::new(Algorithm::Russian).stem(&crate::fold(word)).into_owned()
}

impl Iterator for Stems<'_> {
    type Item = Stem;

    fn next(&mut self) -> Option<Stem> {
        for token in self.tokens.by_ref().filter(|token| token.text.len() < WORD_LIMIT) {
            fold_into(token.text, &mut self.folded);
            // After folding: the list of stop words has no `ё`.
            if !is_stop_word(&self.folded) {
                let text = self.stemmer.stem(&self.folded).into_owned();
                return Some(Stem { text, range: token.range, position: token.position });
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        stems(text).map(|stem| stem.text).collect()
    }

    #[test]
    fn forms_of_a_word_meet() {
        for forms in [
            ["яма", "ямы", "ЯМУ"],
            ["фонарь", "Фонаря", "фонари"],
            ["мусор", "мусора", "мусором"],
            ["тёплый", "теплый", "ТЁПЛЫМИ"],
        ] {
            assert!(forms.iter().all(|form| stem(form) == stem(forms[0])), "{forms:?}");
        }
        assert_ne!(stem("яма"), stem("фонарь"));
    }

    #[test]
    fn stop_words_go_whatever_their_spelling() {
        assert_eq!(texts("и её ещё Еще не"), Vec::<String>::new());
        let positions: Vec<usize> = stems("не горит фонарь").map(|stem| stem.position).collect();
        assert_eq!(positions, [1, 2]);
    }

    #[test]
    fn long_words_stay_and_endless_ones_go() {
        assert_eq!(texts(&"ж".repeat(59)).len(), 1);
        assert_eq!(texts(&"ж".repeat(60)).len(), 0);
    }
}
