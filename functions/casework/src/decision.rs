//! What a member of staff asks for, parsed: the step and the text that comes with it.

use domain::PersonId;
use domain::authorization::Action;
use domain::submission::{Outcome, RejectionReason, Step, StepName};
use domain::template::all_filled;
use domain::text::{AnswerText, Note};
use entrypoint::http::{Failure, FieldErrors};
use serde::Deserialize;
use strum::{IntoStaticStr, VariantArray};
use utoipa::ToSchema;

/// The steps that staff can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, ToSchema, VariantArray)]
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

impl StaffStep {
    pub(crate) const fn name(self) -> StepName {
        match self {
            Self::Register => StepName::Register,
            Self::Reject => StepName::Reject,
            Self::Assign => StepName::Assign,
            Self::Forward => StepName::Forward,
            Self::Return => StepName::Return,
            Self::Draft => StepName::Draft,
            Self::AnswerInterim => StepName::AnswerInterim,
            Self::Approve => StepName::Approve,
            Self::SendBack => StepName::SendBack,
            Self::Pause => StepName::Pause,
            Self::Resume => StepName::Resume,
            Self::Extend => StepName::Extend,
        }
    }

    /// The name in requests.
    pub(crate) const fn as_str(self) -> &'static str {
        self.name().as_str()
    }

    pub(crate) const fn action(self) -> Action {
        Action::Step(self.name())
    }

    /// What a page says when it was taken: `done-` and this.
    pub(crate) const fn done(self) -> &'static str {
        match self {
            Self::Register => "case-registered",
            Self::Reject => "case-rejected",
            Self::Assign => "case-assigned",
            Self::Forward => "case-forwarded",
            Self::Return => "case-returned",
            Self::Draft => "case-drafted",
            Self::AnswerInterim => "case-answered-interim",
            Self::Approve => "case-approved",
            Self::SendBack => "case-sent-back",
            Self::Pause => "case-paused",
            Self::Resume => "case-resumed",
            Self::Extend => "case-extended",
        }
    }

    /// Whether the submission leaves the inbox of the person who takes the step.
    pub(crate) const fn leaves_the_inbox(self) -> bool {
        matches!(self, Self::Forward | Self::Return | Self::Reject)
    }
}

/// A step and what it needs; fields that the step does not need are left out.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepRequest {
    pub(crate) step: StaffStep,
    /// `spam`, `offensive`, `duplicate`, `unclear` or `out_of_scope`.
    #[schema(value_type = Option<String>)]
    pub(crate) reason: Option<RejectionReason>,
    /// At most 2,000 characters.
    pub(crate) note: Option<String>,
    /// Id of a person.
    pub(crate) assignee: Option<String>,
    /// Id of an organization, or its name if no other has the same.
    pub(crate) organization: Option<String>,
    pub(crate) outcome: Option<OutcomeName>,
    /// The promised day, for the outcome `planned`.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) planned_by: Option<jiff::civil::Date>,
    /// At most 10,000 characters.
    pub(crate) text: Option<String>,
    /// As many as the deadline rule allows; 30 for an appeal.
    pub(crate) days: Option<u16>,
    /// With `draft`: assign it to oneself first, if nobody has it yet.
    #[serde(rename = "take")]
    pub(crate) claim: Option<bool>,
    /// Forms: `next` to go on to the submission `next` of the inbox `list`.
    #[schema(ignore)]
    pub(crate) then: Option<String>,
    #[schema(ignore)]
    pub(crate) next: Option<String>,
    #[schema(ignore)]
    pub(crate) list: Option<String>,
}

/// What an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema, VariantArray, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub(crate) enum OutcomeName {
    Solved,
    Planned,
    Explained,
    Refused,
}

/// A parsed request.
#[derive(Debug, PartialEq)]
pub(crate) struct Decision {
    pub(crate) wanted: Wanted,
    pub(crate) text: Option<String>,
}

/// A step as it is asked for, before the directory is read.
#[derive(Debug, PartialEq)]
pub(crate) enum Wanted {
    /// A step that needs nothing of the directory.
    Step(Step),
    Assign(PersonId),
    /// To an organization, given by id or by name.
    Forward(String),
    /// `claim`: assign it to oneself first.
    Draft {
        outcome: Outcome,
        claim: bool,
    },
}

impl StepRequest {
    /// A step with nothing besides.
    pub(crate) const fn plain(step: StaffStep) -> Self {
        Self {
            step,
            reason: None,
            note: None,
            assignee: None,
            organization: None,
            outcome: None,
            planned_by: None,
            text: None,
            days: None,
            claim: None,
            then: None,
            next: None,
            list: None,
        }
    }

    /// # Errors
    /// Names every field that is missing or wrong.
    pub(crate) fn parse(&self) -> Result<Decision, Failure> {
        let mut errors = FieldErrors::default();
        let wanted = self.wanted(&mut errors);
        let text = self.written(&mut errors);
        errors.finish(wanted.map(|wanted| Decision { wanted, text }))
    }

    fn wanted(&self, errors: &mut FieldErrors) -> Option<Wanted> {
        Some(Wanted::Step(match self.step {
            StaffStep::Register => Step::Register,
            StaffStep::Reject => Step::Reject(errors.given("reason", self.reason)?),
            StaffStep::Assign => {
                let assignee = errors.given("assignee", self.assignee.as_deref())?;
                return errors.check("assignee", assignee.parse::<PersonId>()).map(Wanted::Assign);
            }
            StaffStep::Forward => {
                let to = errors.given("organization", self.organization.as_deref())?;
                return Some(Wanted::Forward(to.trim().to_owned()));
            }
            StaffStep::Return => Step::Return,
            StaffStep::Draft => {
                let outcome = self.outcome(errors)?;
                return Some(Wanted::Draft { outcome, claim: self.claim == Some(true) });
            }
            StaffStep::AnswerInterim => Step::AnswerInterim,
            StaffStep::Approve => Step::Approve,
            StaffStep::SendBack => Step::SendBack,
            StaffStep::Pause => Step::Pause,
            StaffStep::Resume => Step::Resume,
            StaffStep::Extend => Step::Extend(errors.given("days", self.days)?),
        }))
    }

    /// What is written with the step: an answer, a note, or nothing.
    fn written(&self, errors: &mut FieldErrors) -> Option<String> {
        match self.step {
            StaffStep::Draft | StaffStep::AnswerInterim => {
                let text = self.text.as_deref().unwrap_or_default();
                let text = errors.check("text", AnswerText::parse(text)).map(String::from)?;
                errors.check("text", all_filled(&text)).map(|()| text)
            }
            StaffStep::Return | StaffStep::SendBack | StaffStep::Pause | StaffStep::Extend => {
                note(self.note.as_deref().unwrap_or_default(), errors)
            }
            StaffStep::Reject | StaffStep::Forward => note(self.note.as_deref()?, errors),
            StaffStep::Register | StaffStep::Assign | StaffStep::Approve | StaffStep::Resume => None,
        }
    }

    fn outcome(&self, errors: &mut FieldErrors) -> Option<Outcome> {
        Some(match errors.given("outcome", self.outcome)? {
            OutcomeName::Solved => Outcome::Solved,
            OutcomeName::Planned => Outcome::Planned { by: errors.given("planned_by", self.planned_by)? },
            OutcomeName::Explained => Outcome::Explained,
            OutcomeName::Refused => Outcome::Refused,
        })
    }
}

fn note(given: &str, errors: &mut FieldErrors) -> Option<String> {
    errors.check("note", Note::parse(given)).map(String::from)
}

#[cfg(test)]
mod tests;
