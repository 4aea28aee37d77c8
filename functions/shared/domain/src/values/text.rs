//! Texts written by people, with their limits.

use serde::{Deserialize, Serialize};

use crate::reason::Reason;

/// A non-empty text of at most `LIMIT` characters (not bytes) without control characters other than line breaks and
/// tabs. Surrounding white space is dropped, line ends become `\n`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text<const LIMIT: usize>(String);

/// What a citizen writes. The longest of 2,000 real messages has 8,919 characters.
pub type SubmissionText = Text<20_000>;
/// What an organization answers.
pub type AnswerText = Text<10_000>;
/// A remark on a step: why it was rejected, forwarded, sent back.
pub type Note = Text<2_000>;

/// Why a text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// More characters than the limit.
    #[error("has {length} characters; at most {limit} are allowed")]
    TooLong {
        /// Characters in the text.
        length: usize,
        limit: usize,
    },
    /// A character that no keyboard produces, such as NUL.
    #[error("contains the control character U+{0:04X}; remove it")]
    Control(u32),
}

impl<const LIMIT: usize> Text<LIMIT> {
    /// Parses what somebody typed.
    ///
    /// # Errors
    /// [`InvalidText`] says what would be right.
    pub fn parse(typed: &str) -> Result<Self, InvalidText> {
        let text = typed.trim().replace("\r\n", "\n");
        if text.is_empty() {
            return Err(InvalidText::Empty);
        }
        let length = text.chars().count();
        if length > LIMIT {
            return Err(InvalidText::TooLong { length, limit: LIMIT });
        }
        match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            Some(control) => Err(InvalidText::Control(u32::from(control))),
            None => Ok(Self(text)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const LIMIT: usize> TryFrom<String> for Text<LIMIT> {
    type Error = InvalidText;

    fn try_from(typed: String) -> Result<Self, InvalidText> {
        Self::parse(&typed)
    }
}

impl<const LIMIT: usize> From<Text<LIMIT>> for String {
    fn from(text: Text<LIMIT>) -> Self {
        text.0
    }
}

impl Reason for InvalidText {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too-long",
            Self::Control(_) => "control-character",
        }
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong { length, limit } => {
                vec![("length", length.to_string()), ("limit", limit.to_string())]
            }
            Self::Empty | Self::Control(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_count_characters_not_bytes() {
        assert!(Text::<3>::parse("ямы").is_ok());
        assert_eq!(Text::<3>::parse("ямка"), Err(InvalidText::TooLong { length: 4, limit: 3 }));
    }

    #[test]
    fn white_space_alone_is_empty_and_nul_is_refused() {
        assert_eq!(Text::<9>::parse(" \r\n\t"), Err(InvalidText::Empty));
        assert_eq!(Text::<9>::parse("a\0b"), Err(InvalidText::Control(0)));
        assert_eq!(Text::<9>::parse(" a\r\nb ").map(|t| t.as_str().to_owned()), Ok("a\nb".to_owned()));
    }
}
