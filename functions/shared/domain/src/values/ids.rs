//! One id type per entity, so that an organization can never be passed where a territory is meant.
//!
//! Submissions and events carry UUIDs made at the edge. The entries of the directory carry short names, chosen by its author.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::reason::Reason;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct InvalidId {
    problem: String,
}

impl InvalidId {
    fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into() }
    }
}

impl Reason for InvalidId {
    fn code(&self) -> &'static str {
        "no-id"
    }
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID made at the edge.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map(Self).map_err(|e| InvalidId::new(format!("not a UUID: {e}")))
            }
        }
    };
}

macro_rules! name_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as written in the directory.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                check_name(text).map(|()| Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                check_name(&text).map(|()| Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

/// Longest id of the directory, in characters.
pub const NAME_LIMIT: usize = 128;

fn check_name(text: &str) -> Result<(), InvalidId> {
    if text.is_empty() {
        return Err(InvalidId::new("an id must not be empty"));
    }
    if text.chars().count() > NAME_LIMIT {
        return Err(InvalidId::new(format!("an id has at most {NAME_LIMIT} characters")));
    }
    // `#` and `/` separate the parts of keys and paths.
    if let Some(bad) = text.chars().find(|c| c.is_whitespace() || c.is_control() || matches!(c, '#' | '/')) {
        return Err(InvalidId::new(format!("an id must not contain {bad:?}")));
    }
    Ok(())
}

uuid_id! {
    /// A citizen's submission.
    SubmissionId
}
uuid_id! {
    /// One fact about a submission.
    EventId
}
uuid_id! {
    /// An answer template of an organization.
    TemplateId
}
uuid_id! {
    /// A poll.
    PollId
}
uuid_id! {
    /// A ballot as it was cast. A voter who votes anew casts another ballot.
    BallotId
}
name_id! {
    /// An organization of the directory.
    OrganizationId
}
name_id! {
    /// A territory of the directory.
    TerritoryId
}
name_id! {
    /// A category of the directory.
    CategoryId
}
name_id! {
    /// A routing rule of the directory.
    RuleId
}
name_id! {
    /// A deadline rule of the directory.
    DeadlineRuleId
}
name_id! {
    /// A working-day calendar of the directory.
    CalendarId
}
name_id! {
    /// A person, citizen or staff: the `sub` of the identity provider. Says nothing about them by itself.
    PersonId
}

impl SubmissionId {
    /// The short number that people call it by: its last eight digits, `7F3A-91C2`. It may fall on two submissions, so
    /// nothing is looked up by it.
    pub fn number(self) -> String {
        let bytes = self.0.as_bytes();
        format!("{:02X}{:02X}-{:02X}{:02X}", bytes[12], bytes[13], bytes[14], bytes[15])
    }

    /// The id of a message taken over from another system: the same row always gives the same id, so that an
    /// import can be repeated. The text is part of it, since two files may count their rows alike.
    pub fn imported(external_id: &str, text: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"vmeste imported submission\0");
        hash.update(external_id.as_bytes());
        hash.update(b"\0");
        hash.update(text.as_bytes());
        let digest = hash.finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_refused_with_its_reason() {
        assert!("dorogi-1".parse::<CategoryId>().is_ok());
        assert!("3".parse::<CategoryId>().is_ok());
        assert!("".parse::<CategoryId>().unwrap_err().to_string().contains("empty"));
        assert!("a/b".parse::<CategoryId>().unwrap_err().to_string().contains("'/'"));
        assert!("a".repeat(129).parse::<CategoryId>().is_err());
    }

    #[test]
    fn the_number_is_the_end_of_the_id() {
        let id: SubmissionId = "01990000-0000-7000-8000-00007f3a91c2".parse().unwrap();
        assert_eq!(id.number(), "7F3A-91C2");
    }

    #[test]
    fn an_imported_id_depends_on_row_and_text() {
        let id = SubmissionId::imported("7", "яма");
        assert_eq!(id, SubmissionId::imported("7", "яма"));
        assert_ne!(id, SubmissionId::imported("8", "яма"));
        assert_ne!(id, SubmissionId::imported("7", "ямы"));
    }
}
