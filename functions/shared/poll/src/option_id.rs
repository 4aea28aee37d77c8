//! What options are called in ballots, files and results.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An option of a poll or a project: a short name that the organizer gives it. `CIS/0010` is one, and `17`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OptionId(String);

/// Longest id of an option, in characters.
pub const OPTION_ID_LIMIT: usize = 64;

/// Why a text is no option's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an option's id has 1 to {OPTION_ID_LIMIT} characters and no spaces, commas, semicolons or quotes")]
pub struct InvalidOptionId;

impl OptionId {
    /// The id as the organizer wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OptionId {
    type Err = InvalidOptionId;

    fn from_str(text: &str) -> Result<Self, InvalidOptionId> {
        let bad = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '"');
        let fits = !text.is_empty() && text.chars().count() <= OPTION_ID_LIMIT && !text.chars().any(bad);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidOptionId) }
    }
}

impl TryFrom<String> for OptionId {
    type Error = InvalidOptionId;

    fn try_from(text: String) -> Result<Self, InvalidOptionId> {
        text.parse()
    }
}

impl From<OptionId> for String {
    fn from(id: OptionId) -> Self {
        id.0
    }
}

impl fmt::Display for OptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
