//! The steps that can be taken with many submissions, and a submission that was refused one.

use serde::Deserialize;
use strum::VariantArray;
use utoipa::ToSchema;

use crate::decision::StaffStep;

/// Submissions in one request, at most.
pub(super) const LIMIT: usize = 100;

/// Steps that can be taken with many submissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema, VariantArray)]
#[serde(rename_all = "snake_case")]
pub(super) enum BulkStep {
    #[default]
    Assign,
    Forward,
    Register,
    Reject,
}

impl BulkStep {
    /// The step that a form names.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::VARIANTS.iter().copied().find(|step| step.of_one().as_str() == name)
    }

    /// What the page says when it was taken: `done-` and this.
    pub(super) const fn done(self) -> &'static str {
        match self {
            Self::Assign => "bulk-assigned",
            Self::Forward => "bulk-forwarded",
            Self::Register => "bulk-registered",
            Self::Reject => "bulk-rejected",
        }
    }

    /// Id of the text that says it of so many: «Переадресовать 10 сообщений».
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Assign => "bulk-assign",
            Self::Forward => "bulk-forward",
            Self::Register => "bulk-register",
            Self::Reject => "bulk-reject",
        }
    }

    /// Id of the text of the button that leads to its page.
    pub(super) const fn button(self) -> &'static str {
        match self {
            Self::Assign => "bulk-assign-open",
            Self::Forward => "bulk-forward-open",
            Self::Register => "bulk-register-open",
            Self::Reject => "bulk-reject-open",
        }
    }

    pub(super) const fn of_one(self) -> StaffStep {
        match self {
            Self::Assign => StaffStep::Assign,
            Self::Forward => StaffStep::Forward,
            Self::Register => StaffStep::Register,
            Self::Reject => StaffStep::Reject,
        }
    }
}

/// A submission that was refused, for the page.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) id: String,
    pub(crate) why: String,
}
