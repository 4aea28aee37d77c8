//! Words of a text as they stand there.

use std::ops::Range;
use std::str::CharIndices;

/// Letters and digits without anything else between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'t> {
    /// As written.
    pub text: &'t str,
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Its number in the text, from 0.
    pub position: usize,
}

/// The tokens of a text, in order.
#[derive(Debug, Clone)]
pub struct Tokens<'t> {
    text: &'t str,
    chars: CharIndices<'t>,
    position: usize,
}

/// Cuts a text into tokens: everything that is neither a letter nor a digit parts them.
#[must_use]
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, chars: text.char_indices(), position: 0 }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let (from, _) = self.chars.find(|(_, c)| c.is_alphanumeric())?;
        let end = self.chars.find(|(_, c)| !c.is_alphanumeric()).map(|(at, _)| at);
        let range = from..end.unwrap_or(self.text.len());
        let token = Token { text: &self.text[range.clone()], range, position: self.position };
        self.position += 1;
        Some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_stay_together() {
        let found: Vec<_> = tokens("«Дом 5-а», ул.Мира!").map(|token| (token.position, token.text)).collect();
        assert_eq!(found, [(0, "Дом"), (1, "5"), (2, "а"), (3, "ул"), (4, "Мира")]);
    }

    #[test]
    fn a_token_says_where_it_is() {
        let text = "и ёж";
        let last = tokens(text).last().expect("two words");
        assert_eq!((&text[last.range.clone()], last.range), ("ёж", 3..7));
    }
}
