//! Alarms: the next thing that the schedule must do with a submission, and the time for it.

use jiff::Timestamp;

use super::state::Submission;
use super::status::Status;
use super::step::Step;
use crate::ids::OrganizationId;

/// Something to be done by the clock alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmKind {
    /// The deadline is near.
    Remind,
    /// The deadline has passed.
    MarkOverdue,
    /// It passed some days ago: tell the organization above.
    Escalate,
    /// The answer was not rated in time.
    Close,
}

/// When the clock does something, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm {
    pub at: Timestamp,
    pub kind: AlarmKind,
}

impl Submission {
    /// The next alarm, if the clock will ever have to do something.
    pub fn alarm(&self) -> Option<Alarm> {
        if self.status == Status::Answered {
            return self.terms.rating.as_ref().map(|term| Alarm { at: term.ends, kind: AlarmKind::Close });
        }
        if self.is_paused() {
            return None;
        }
        let term = self.running_term()?;
        if self.attention.overdue_since.is_none() {
            if term.rule.remind_before > 0 && !self.attention.reminded {
                return Some(Alarm { at: term.reminder(), kind: AlarmKind::Remind });
            }
            return Some(Alarm { at: term.ends, kind: AlarmKind::MarkOverdue });
        }
        let at = term.escalation().filter(|_| self.attention.escalated_to.is_none())?;
        Some(Alarm { at, kind: AlarmKind::Escalate })
    }

    /// The step that an alarm calls for. `above` is the organization above the responsible one; at the top of the tree the
    /// responsible one is told itself. `None` if somebody is to be told and there is nobody.
    pub fn step_of(&self, alarm: Alarm, above: Option<OrganizationId>) -> Option<Step> {
        Some(match alarm.kind {
            AlarmKind::Remind => Step::Remind,
            AlarmKind::MarkOverdue => Step::MarkOverdue,
            AlarmKind::Escalate => Step::Escalate(above.or_else(|| self.organization.clone())?),
            AlarmKind::Close => Step::Close,
        })
    }
}
