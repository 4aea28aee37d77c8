//! What a member of staff wants to do, parsed: the action it needs, the step it is, the text that comes with it.

use domain::PersonId;
use domain::authorization::Action;
use domain::submission::{Outcome, RejectionReason, Step};
use domain::text::{AnswerText, InvalidText, Note};
use entrypoint::http::{Failure, FieldError};
use serde::Deserialize;
use utoipa::ToSchema;

/// The steps that staff can take.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StaffStep {
    /// An appeal gets its official standing; its terms count from now.
    Register,
    /// Not taken up: `reason`, and `note` for the author.
    Reject,
    /// `assignee` works on it.
    Assign,
    /// To another `organization`; history and clock are kept.
    Forward,
    /// Back to the organization it came from, with a `note`.
    Return,
    /// `outcome` and `text` of the answer, for approval; `planned_by` if it is planned.
    Draft,
    /// `text` for the author before the answer.
    AnswerInterim,
    /// Publish the drafted answer.
    Approve,
    /// Ask for another draft, with a `note`.
    SendBack,
    /// Stop the clock, with a `note` for the author.
    Pause,
    /// Start the clock again.
    Resume,
    /// Extend the term by `days`, with a `note` for the author.
    Extend,
}

/// A step and what it needs; fields that the step does not need are left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepRequest {
    pub(crate) step: StaffStep,
    /// `spam`, `offensive`, `duplicate`, `unclear` or `out_of_scope`.
    #[schema(value_type = Option<String>)]
    reason: Option<RejectionReason>,
    /// At most 2,000 characters.
    note: Option<String>,
    /// Id of a person.
    assignee: Option<String>,
    /// Id of an organization.
    organization: Option<String>,
    outcome: Option<OutcomeName>,
    /// The promised day, for the outcome `planned`.
    #[schema(value_type = Option<String>, format = Date)]
    planned_by: Option<jiff::civil::Date>,
    /// At most 10,000 characters.
    text: Option<String>,
    /// As many as the deadline rule allows; 30 for an appeal.
    days: Option<u16>,
}

/// What an answer says.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OutcomeName {
    Solved,
    Planned,
    Explained,
    Refused,
}

/// A parsed request.
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) action: Action,
    pub(crate) step: Step,
    pub(crate) text: Option<String>,
}

impl StepRequest {
    /// Parses what `staff` wants.
    ///
    /// # Errors
    /// Names the field that is missing or wrong.
    pub(crate) fn parse(&self, staff: &PersonId) -> Result<Decision, Failure> {
        let (action, step, text) = match self.step {
            StaffStep::Register => (Action::Register, Step::Register, None),
            StaffStep::Reject => {
                (Action::Reject, Step::Reject(needed("reason", self.reason)?), self.optional_note()?)
            }
            StaffStep::Assign => {
                (Action::Assign, Step::Assign(id("assignee", self.assignee.as_ref())?), None)
            }
            StaffStep::Forward => {
                let to = id("organization", self.organization.as_ref())?;
                (Action::Forward, Step::Forward(to), self.optional_note()?)
            }
            StaffStep::Return => (Action::Return, Step::Return, Some(self.note()?)),
            StaffStep::Draft => {
                let step = Step::Draft { by: staff.clone(), outcome: self.outcome()? };
                (Action::Draft, step, Some(self.answer()?))
            }
            StaffStep::AnswerInterim => (Action::AnswerInterim, Step::AnswerInterim, Some(self.answer()?)),
            StaffStep::Approve => (Action::Approve, Step::Approve, None),
            StaffStep::SendBack => (Action::SendBack, Step::SendBack, Some(self.note()?)),
            StaffStep::Pause => (Action::Pause, Step::Pause, Some(self.note()?)),
            StaffStep::Resume => (Action::Pause, Step::Resume, None),
            StaffStep::Extend => {
                (Action::Extend, Step::Extend(needed("days", self.days)?), Some(self.note()?))
            }
        };
        Ok(Decision { action, step, text })
    }

    fn outcome(&self) -> Result<Outcome, Failure> {
        Ok(match needed("outcome", self.outcome)? {
            OutcomeName::Solved => Outcome::Solved,
            OutcomeName::Planned => Outcome::Planned { by: needed("planned_by", self.planned_by)? },
            OutcomeName::Explained => Outcome::Explained,
            OutcomeName::Refused => Outcome::Refused,
        })
    }

    fn answer(&self) -> Result<String, Failure> {
        text("text", AnswerText::parse(self.text.as_deref().unwrap_or_default()))
    }

    fn note(&self) -> Result<String, Failure> {
        text("note", Note::parse(self.note.as_deref().unwrap_or_default()))
    }

    fn optional_note(&self) -> Result<Option<String>, Failure> {
        if self.note.is_some() { self.note().map(Some) } else { Ok(None) }
    }
}

fn needed<T>(field: &str, value: Option<T>) -> Result<T, Failure> {
    value.ok_or_else(|| Failure::Invalid(vec![FieldError::new(field, "is needed for this step")]))
}

fn id<I: std::str::FromStr>(field: &str, value: Option<&String>) -> Result<I, Failure>
where
    I::Err: std::fmt::Display,
{
    needed(field, value)?.parse().map_err(|error| Failure::field(field, format!("{error}")))
}

fn text<T: Into<String>>(field: &str, parsed: Result<T, InvalidText>) -> Result<String, Failure> {
    parsed.map(Into::into).map_err(|error| Failure::field(field, error.to_string()))
}
