//! The rules of vmeste: what a submission is, who may do what with it, who answers and by when.
//!
//! Pure: no clock, no randomness, no I/O. Time and ids come in as arguments, decisions come out as values. A value of
//! one of these types is valid.

pub mod directory;
pub mod notification;
mod procedure;
pub mod secret;
pub mod submission;
mod values;
mod variants;

pub use directory::{authorization, category, organization, person, territory, tree, voter};
pub use procedure::{calendar, deadline, routing, rulebook};
pub use submission::{satisfaction, template};
pub use values::subject::{NotASubmission, Subject};
pub use values::{email, ids, place, reason, statistics, text};

pub use ids::{
    BallotId, CalendarId, CategoryId, DeadlineRuleId, EventId, InvalidId, OrganizationId, PersonId, PollId,
    RuleId, SubmissionId, TemplateId, TerritoryId,
};
pub use submission::{Status, SubmissionKind};
