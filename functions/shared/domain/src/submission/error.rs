//! Why a step is refused.

use jiff::civil::Date;

use super::status::Status;
use super::step::StepName;
use crate::reason::Reason;
use crate::rulebook::IncompleteDirectory;

/// Why a step is refused. The text is for the person who tried.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    #[error("an appeal needs an identified author: sign in, or send a report instead")]
    AppealNeedsAuthor,
    /// Not in the table.
    #[error("a submission that is {status} cannot be {step}")]
    Illegal { status: Status, step: StepName },
    /// Before anything else an appeal must be registered.
    #[error("an appeal must be registered before it is assigned")]
    RegisterFirst,
    /// The clock stands still.
    #[error("the submission is paused: resume it first")]
    Paused,
    #[error("the submission is not paused")]
    NotPaused,
    /// By its deadline rule.
    #[error("rule {0} does not allow a pause")]
    NotPausable(String),
    /// To where it is already.
    #[error("the submission is with that organization already")]
    AlreadyThere,
    /// Federal Law 59-FZ, article 8, part 3: within seven days of registration.
    #[error("an appeal could be forwarded until {0}; now it must be answered here")]
    RedirectTermOver(Date),
    /// It came straight from routing.
    #[error("there is no organization to return it to: it was not forwarded")]
    NothingToReturn,
    #[error("only the caseworker it is assigned to may draft the answer")]
    NotTheAssignee,
    /// A promise must be for the future.
    #[error("the planned day {0} is in the past")]
    PlannedInThePast(Date),
    /// By its deadline rule.
    #[error("rule {rule} allows an extension by at most {limit} days")]
    ExtensionTooLong { rule: String, limit: u16 },
    #[error("the term has been extended already, by {0} days; it can be extended once")]
    AlreadyExtended(u16),
    /// Nothing left to extend.
    #[error("the term is over since {0}; it cannot be extended any more")]
    TermOver(Date),
    /// There is no answer.
    #[error("there is no answer to rate yet")]
    NothingToRate,
    /// One rating an answer.
    #[error("this answer has been rated already")]
    AlreadyRated,
    /// The directory is not whole.
    #[error(transparent)]
    Directory(#[from] IncompleteDirectory),
}

impl StepError {
    /// The field of the request at fault, if it is one.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::AppealNeedsAuthor => Some("kind"),
            Self::AlreadyThere => Some("organization"),
            Self::PlannedInThePast(_) => Some("planned_by"),
            Self::ExtensionTooLong { .. } => Some("days"),
            _ => None,
        }
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
