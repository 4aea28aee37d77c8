//! A small directory and submissions in every status, for the tests beside.

mod allowed;
mod life;
mod sequence;

use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::calendar::Calendar;
use crate::deadline::{DeadlineRule, Roll, TermKind, Unit};
use crate::directory::required_terms;
use crate::ids::{EventId, OrganizationId, PersonId, SubmissionId};
use crate::routing::{Basis, RoutingDecision, RoutingTable};
use crate::rulebook::Rulebook;
use crate::satisfaction::{Mark, SatisfactionRating};
use crate::territory::Territory;
use crate::tree::Tree;

pub(super) const DAY: i64 = 86_400;

pub(super) fn at(day: i64) -> Timestamp {
    Timestamp::from_second(1_767_603_600 + day * DAY).unwrap() // Monday 5 January 2026, 09:00 UTC
}

pub(super) fn organization(id: &str) -> OrganizationId {
    id.parse().unwrap()
}

pub(super) fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

pub(super) fn rulebook() -> Rulebook {
    let rules = required_terms().map(|(kind, clock)| DeadlineRule {
        id: format!("{}-{clock:?}", kind.as_str()).parse().unwrap(),
        kind,
        category: None,
        clock,
        days: match clock {
            TermKind::Registration => 3,
            TermKind::Redirect => 7,
            TermKind::Answer if kind == SubmissionKind::Appeal => 30,
            TermKind::Answer | TermKind::Rating => 10,
        },
        unit: Unit::CalendarDays,
        roll: Roll::Keep,
        extension: if kind == SubmissionKind::Appeal && clock == TermKind::Answer { 30 } else { 0 },
        pausable: kind == SubmissionKind::Report,
        remind_before: 1,
        escalate_after: Some(3),
    });
    let root = Territory {
        id: "root".parse().unwrap(),
        name: "Root".into(),
        parent: None,
        time_zone: Some("UTC".into()),
        calendar: None,
        default_organization: Some(organization("government")),
    };
    Rulebook {
        version: 4,
        territories: Tree::build(vec![root]).unwrap(),
        categories: Tree::build(vec![]).unwrap(),
        routing: RoutingTable::default(),
        deadline_rules: rules.to_vec(),
        calendars: vec![],
        weekends: Calendar::weekends_only("weekends".parse().unwrap()),
    }
}

pub(super) fn received(kind: SubmissionKind) -> Submission {
    let new = NewSubmission {
        kind,
        author: Some(person("citizen")),
        category: None,
        territory: "root".parse().unwrap(),
        place: None,
        external_id: None,
        requested_organization: None,
    };
    Submission::receive(new, SubmissionId::new(Uuid::from_u128(7)), at(0)).unwrap()
}

pub(super) fn event(n: u128) -> EventId {
    EventId::new(Uuid::from_u128(n))
}

pub(super) fn apply(submission: &Submission, step: &Step, day: i64) -> Result<Submission, StepError> {
    submission.apply(step, event(u128::from(submission.version)), at(day), &rulebook())
}

pub(super) fn decision() -> RoutingDecision {
    let (basis, reason) = (Basis::Import, String::new());
    RoutingDecision { organization: organization("school"), basis, reason, category: None, territory: None }
}

/// The state after these steps, all on day 0.
pub(super) fn after(kind: SubmissionKind, steps: &[Step]) -> Submission {
    steps.iter().fold(received(kind), |submission, step| apply(&submission, step, 0).unwrap())
}

pub(super) fn assigned_report() -> Submission {
    let steps = [Step::Register, Step::Route(decision()), Step::Assign(person("worker"))];
    after(SubmissionKind::Report, &steps)
}

pub(super) fn draft(outcome: Outcome) -> Step {
    Step::Draft { by: person("worker"), outcome }
}

pub(super) fn rate(mark: u8, solved: bool, day: i64) -> Step {
    Step::Rate(SatisfactionRating { mark: Mark::try_from(mark).unwrap(), solved, at: at(day) })
}
