//! The rules of vmeste: what a submission is, who may do what with it, who answers and by when.
//!
//! Pure: no clock, no randomness, no I/O. Time and ids come in as arguments, decisions come out as values. A value of
//! one of these types is valid.

pub mod authorization;
pub mod calendar;
pub mod category;
pub mod deadline;
pub mod directory;
pub mod email;
pub mod ids;
pub mod notification;
pub mod organization;
pub mod person;
pub mod place;
pub mod reason;
pub mod routing;
pub mod rulebook;
pub mod secret;
pub mod statistics;
pub mod submission;
pub mod survey;
pub mod template;
pub mod territory;
pub mod text;
pub mod tree;
pub mod voter;

pub use ids::{
    BallotId, CalendarId, CategoryId, DeadlineRuleId, EventId, InvalidId, OrganizationId, PersonId, PollId,
    RuleId, SubmissionId, TemplateId, TerritoryId,
};
pub use submission::{Status, SubmissionKind};
