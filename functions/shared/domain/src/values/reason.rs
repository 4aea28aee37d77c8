//! Why something is refused, in a form that pages can say in their own language.

use std::fmt::Display;

use crate::email::InvalidEmail;
use crate::ids::InvalidId;
use crate::place::InvalidPlace;
use crate::satisfaction::InvalidMark;
use crate::submission::StepError;
use crate::text::InvalidText;

/// An error that says why in English (`Display`), and by a stable name with the parts that a text needs.
pub trait Reason: Display {
    /// The name, for programs and for texts: `too-long`.
    fn code(&self) -> &'static str;

    /// What a text mentions, by name.
    fn parts(&self) -> Vec<(&'static str, String)> {
        Vec::new()
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

impl Reason for InvalidPlace {
    fn code(&self) -> &'static str {
        match self {
            Self::Address(text) => text.code(),
            Self::HalfAPoint => "half-a-point",
            Self::Latitude => "latitude",
            Self::Longitude => "longitude",
        }
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Address(text) => text.parts(),
            _ => Vec::new(),
        }
    }
}

impl Reason for InvalidId {
    fn code(&self) -> &'static str {
        "no-id"
    }
}

impl Reason for InvalidEmail {
    fn code(&self) -> &'static str {
        "no-email"
    }
}

impl Reason for InvalidMark {
    fn code(&self) -> &'static str {
        "no-mark"
    }
}

impl Reason for StepError {
    fn code(&self) -> &'static str {
        match self {
            Self::AppealNeedsAuthor => "appeal-needs-author",
            Self::Illegal { .. } => "not-in-this-status",
            Self::RegisterFirst => "register-first",
            Self::Paused => "paused",
            Self::NotPaused => "not-paused",
            Self::NotPausable(_) => "not-pausable",
            Self::AlreadyThere => "already-there",
            Self::RedirectTermOver(_) => "redirect-term-over",
            Self::NothingToReturn => "nothing-to-return",
            Self::NotTheAssignee => "not-the-assignee",
            Self::PlannedInThePast(_) => "planned-in-the-past",
            Self::ExtensionTooLong { .. } => "extension-too-long",
            Self::AlreadyExtended(_) => "already-extended",
            Self::TermOver(_) => "term-over",
            Self::NothingToRate => "nothing-to-rate",
            Self::AlreadyRated => "already-rated",
            Self::Directory(_) => "incomplete-directory",
        }
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Illegal { status, .. } => vec![("status", status.as_str().to_owned())],
            Self::RedirectTermOver(date) | Self::PlannedInThePast(date) | Self::TermOver(date) => {
                vec![("date", date.to_string())]
            }
            Self::ExtensionTooLong { limit, .. } => vec![("limit", limit.to_string())],
            Self::AlreadyExtended(days) => vec![("days", days.to_string())],
            _ => Vec::new(),
        }
    }
}
