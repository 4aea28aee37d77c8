//! The steps that can be taken with many submissions, and a submission that was refused one.

use serde::Deserialize;
use strum::VariantArray;
use utoipa::ToSchema;

use crate::decision::StaffStep;

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
    /// What the page says when it was taken: `done-` and this.
    pub(super) const fn done(self) -> &'static str {
        match self {
            Self::Assign => "bulk-assigned",
            Self::Forward => "bulk-forwarded",
            Self::Register => "bulk-registered",
            Self::Reject => "bulk-rejected",
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
