//! What can be wrong with an entry of a directory: in English, and by a stable name with the parts that a text needs.

use std::fmt;

use super::section::Section;
use crate::deadline::TermKind;
use crate::ids::RuleId;
use crate::reason::Reason;
use crate::submission::kind::SubmissionKind;
use crate::tree::TreeFlaw;

/// Characters of a name at most.
pub const NAME_LENGTH: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// With its place in a tree.
    #[error(transparent)]
    Tree(#[from] TreeFlaw),
    /// An id stands twice.
    #[error("«{0}» is used twice")]
    UsedTwice(String),
    /// It names what is not there.
    #[error("there is no «{0}»")]
    NoSuchEntry(String),
    /// No territory at all.
    #[error("there must be at least one territory, the root")]
    NoTerritory,
    /// A second root.
    #[error("only one territory, the root, has no parent")]
    SecondRoot,
    /// The root says no time zone.
    #[error("the root territory needs one, for example Europe/Moscow")]
    RootTimeZone,
    /// The root says no organization.
    #[error("the root territory needs one")]
    RootOrganization,
    /// A time zone that nobody knows.
    #[error("«{0}» is no IANA time zone")]
    TimeZone(String),
    /// A name of blanks.
    #[error("must not be empty")]
    EmptyName,
    /// A name of so many characters.
    #[error("has more than {NAME_LENGTH} characters")]
    LongName(usize),
    /// A third level of categories.
    #[error("a topic belongs to a group, not to another topic")]
    TopicInTopic,
    /// Two rules for the same.
    #[error("rule «{0}» has the same category and territory")]
    SameRule(RuleId),
    /// A term of no days, or of too many.
    #[error("must be from 1 to 365")]
    Days,
    /// An extension by too many days.
    #[error("must be at most 365")]
    Extension,
    /// Some submission would have no term.
    #[error("there must be a rule without category for kind {} and clock {}", .kind.as_str(), .clock.as_str())]
    MissingTerm { kind: SubmissionKind, clock: TermKind },
    /// A person who may do nothing.
    #[error("name at least one role")]
    NoRole,
}

/// What is wrong with one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The part of the directory.
    pub section: Section,
    /// Position of the entry in its section, from 0.
    pub index: usize,
    /// Id of the entry; none if something that should be there is missing.
    pub id: Option<String>,
    /// The field at fault.
    pub field: &'static str,
    /// What is wrong with it.
    pub flaw: Flaw,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}].{}: {}", self.section, self.index, self.field, self.flaw)
    }
}

impl Reason for Flaw {
    fn code(&self) -> &'static str {
        match self {
            Self::Tree(TreeFlaw::UsedTwice { .. }) | Self::UsedTwice(_) => "used-twice",
            Self::Tree(TreeFlaw::NoParent(_)) | Self::NoSuchEntry(_) => "unknown-entry",
            Self::Tree(TreeFlaw::AboveItself(_)) => "above-itself",
            Self::NoTerritory => "no-territory",
            Self::SecondRoot => "second-root",
            Self::RootTimeZone => "root-time-zone",
            Self::RootOrganization => "root-organization",
            Self::TimeZone(_) => "no-time-zone",
            Self::EmptyName => "empty",
            Self::LongName(_) => "too-long",
            Self::TopicInTopic => "topic-in-topic",
            Self::SameRule(_) => "same-rule",
            Self::Days => "days-range",
            Self::Extension => "extension-range",
            Self::MissingTerm { .. } => "missing-term",
            Self::NoRole => "no-role",
        }
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Tree(
                TreeFlaw::UsedTwice { id, .. } | TreeFlaw::NoParent(id) | TreeFlaw::AboveItself(id),
            )
            | Self::UsedTwice(id)
            | Self::NoSuchEntry(id)
            | Self::TimeZone(id) => vec![("wanted", id.clone())],
            Self::SameRule(rule) => vec![("wanted", rule.to_string())],
            Self::LongName(length) => {
                vec![("length", length.to_string()), ("limit", NAME_LENGTH.to_string())]
            }
            Self::MissingTerm { kind, clock } => {
                vec![("kind", kind.as_str().into()), ("clock", clock.as_str().into())]
            }
            _ => Vec::new(),
        }
    }
}
