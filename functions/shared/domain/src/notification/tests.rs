use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::*;
use crate::calendar::Calendar;
use crate::deadline::{Deadline, DeadlineRule, LocalDays, Pause, Roll, TermKind, Unit};
use crate::ids::SubmissionId;
use crate::submission::Submission;
use crate::submission::{NewSubmission, Status, SubmissionKind};

fn organization(id: &str) -> OrganizationId {
    id.parse().unwrap()
}

fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

fn term(clock: TermKind, days: u16) -> Deadline {
    let rule = DeadlineRule {
        id: "rule".parse().unwrap(),
        kind: SubmissionKind::Report,
        category: None,
        clock,
        days,
        unit: Unit::CalendarDays,
        roll: Roll::Keep,
        extension: 0,
        pausable: true,
        remind_before: 1,
        escalate_after: None,
    };
    let calendar = Calendar::weekends_only("weekends".parse().unwrap());
    Deadline::count(&rule, 1, Timestamp::UNIX_EPOCH, &LocalDays { calendar: &calendar, zone: TimeZone::UTC })
}

/// A report of citizen `author` that waits in the organization `roads`.
fn routed() -> Submission {
    let new = NewSubmission {
        kind: SubmissionKind::Report,
        author: Some(person("author")),
        category: None,
        territory: "town".parse().unwrap(),
        place: None,
        external_id: None,
        requested_organization: None,
    };
    let id = SubmissionId::new(Uuid::from_u128(1));
    let mut submission = Submission::receive(new, id, Timestamp::UNIX_EPOCH).unwrap();
    submission.status = Status::Routed;
    submission.organization = Some(organization("roads"));
    submission.terms.answer = Some(term(TermKind::Answer, 10));
    submission
}

/// In the hands of `clerk`.
fn assigned() -> Submission {
    Submission { status: Status::Assigned, assignee: Some(person("clerk")), ..routed() }
}

fn told(fact: &SubmissionFact, by: By<'_>, submission: &Submission) -> Vec<(String, NoticeKind)> {
    let name = |to: Recipient| match to {
        Recipient::Author => "author".to_owned(),
        Recipient::Person(person) => format!("caseworker {person}"),
        Recipient::Coordinators(organization) => format!("coordinators {organization}"),
        Recipient::Approvers(organization) => format!("approvers {organization}"),
        Recipient::Followers(territory) => format!("followers {territory}"),
    };
    whom_to_tell(fact, by, submission).into_iter().map(|told| (name(told.to), told.kind)).collect()
}

fn row(to: &str, kind: NoticeKind) -> (String, NoticeKind) {
    (to.to_owned(), kind)
}

#[test]
fn a_routed_report_is_told_to_its_author_and_to_those_who_find_a_caseworker() {
    let fact = SubmissionFact::Routed(organization("roads"));
    let both = [row("author", NoticeKind::Routed), row("coordinators roads", NoticeKind::NewCase)];
    assert_eq!(told(&fact, By::System, &routed()), both);
    assert_eq!(told(&fact, By::System, &assigned()), both[..1], "somebody works on it already");
    let elsewhere = Submission { organization: Some(organization("water")), ..routed() };
    assert_eq!(told(&fact, By::System, &elsewhere), [], "forwarded meanwhile");
    let answered = Submission { status: Status::Answered, ..routed() };
    assert_eq!(told(&fact, By::System, &answered), [], "answered meanwhile");
}

#[test]
fn an_import_wakes_nobody_until_somebody_has_taken_it_up() {
    let mut imported = Submission { external_id: Some("7".into()), author: None, ..routed() };
    imported.attention.overdue_since = Some(Timestamp::UNIX_EPOCH);
    for fact in
        [SubmissionFact::Received, SubmissionFact::Routed(organization("roads")), SubmissionFact::Overdue]
    {
        assert_eq!(told(&fact, By::System, &imported), [], "{fact:?}");
    }
    imported.assignee = Some(person("clerk"));
    assert_eq!(told(&SubmissionFact::Overdue, By::System, &imported).len(), 2);
}

#[test]
fn nobody_is_told_of_what_they_did_themselves() {
    let own = person("clerk");
    let taken = SubmissionFact::Assigned(person("clerk"));
    assert_eq!(told(&taken, By::Staff(&own), &assigned()), []);
    let row_of_clerk = [row("caseworker clerk", NoticeKind::Assigned)];
    assert_eq!(told(&taken, By::Staff(&person("chief")), &assigned()), row_of_clerk);
    let reopened = Submission { status: Status::Reopened, ..routed() };
    let coordinators = [row("coordinators roads", NoticeKind::ReopenedCase)];
    assert_eq!(told(&SubmissionFact::Reopened, By::Author, &reopened), coordinators);
    assert_eq!(told(&SubmissionFact::Reopened, By::System, &reopened).len(), 2);
    let receipt = [row("author", NoticeKind::Received)];
    assert_eq!(
        told(&SubmissionFact::Received, By::Author, &routed()),
        receipt,
        "a receipt is for whoever handed in"
    );
}

#[test]
fn work_goes_from_hand_to_hand() {
    assert_eq!(
        told(&SubmissionFact::Assigned(person("other")), By::System, &assigned()),
        [],
        "assigned to somebody else meanwhile"
    );
    let drafted = Submission { status: Status::Drafted, ..assigned() };
    assert_eq!(
        told(&SubmissionFact::Drafted, By::System, &drafted),
        [row("approvers roads", NoticeKind::ToApprove)]
    );
    assert_eq!(told(&SubmissionFact::Drafted, By::System, &assigned()), [], "sent back meanwhile");
    assert_eq!(
        told(&SubmissionFact::SentBack, By::System, &assigned()),
        [row("caseworker clerk", NoticeKind::SentBack)]
    );
    assert_eq!(told(&SubmissionFact::SentBack, By::System, &drafted), [], "drafted anew meanwhile");
    let moved = [row("author", NoticeKind::Moved), row("coordinators roads", NoticeKind::ForwardedCase)];
    assert_eq!(told(&SubmissionFact::Forwarded(organization("roads")), By::System, &routed()), moved);
    let withdrawn = Submission { status: Status::Withdrawn, ..assigned() };
    let stop = [row("caseworker clerk", NoticeKind::Withdrawn)];
    assert_eq!(told(&SubmissionFact::Withdrawn, By::Author, &withdrawn), stop);
}

#[test]
fn the_clock_speaks_to_the_caseworker_and_up() {
    let near = SubmissionFact::Approaching;
    assert_eq!(told(&near, By::System, &routed()), [row("coordinators roads", NoticeKind::Approaching)]);
    assert_eq!(told(&near, By::System, &assigned()), [row("caseworker clerk", NoticeKind::Approaching)]);
    let mut late = assigned();
    late.attention.overdue_since = Some(Timestamp::UNIX_EPOCH);
    let both = [row("caseworker clerk", NoticeKind::Overdue), row("coordinators roads", NoticeKind::Overdue)];
    assert_eq!(told(&SubmissionFact::Overdue, By::System, &late), both);
    assert_eq!(told(&near, By::System, &late), [], "it is late already");
    late.attention.escalated_to = Some(organization("town"));
    let above = [row("coordinators town", NoticeKind::Escalated)];
    assert_eq!(told(&SubmissionFact::Escalated(organization("town")), By::System, &late), above);
    let answered = Submission { status: Status::Answered, ..late.clone() };
    assert_eq!(told(&SubmissionFact::Overdue, By::System, &answered), [], "answered meanwhile");
    late.pauses.push(Pause { from: Timestamp::UNIX_EPOCH, to: None });
    assert_eq!(told(&SubmissionFact::Overdue, By::System, &late), [], "the clock stands still");
}

#[test]
fn a_report_is_registered_in_silence_and_an_appeal_is_not() {
    assert_eq!(told(&SubmissionFact::Registered, By::System, &routed()), []);
    let appeal = Submission { kind: SubmissionKind::Appeal, status: Status::Registered, ..routed() };
    assert_eq!(
        told(&SubmissionFact::Registered, By::System, &appeal),
        [row("author", NoticeKind::Registered)]
    );
}

#[test]
fn a_notice_names_the_day_that_matters() {
    let mut answered = Submission { status: Status::Answered, ..assigned() };
    answered.terms.rating = Some(term(TermKind::Rating, 14));
    let day = |day| Some(jiff::civil::date(1970, 1, day));
    assert_eq!(NoticeKind::Answered.due(&answered), day(15));
    assert_eq!(NoticeKind::Routed.due(&routed()), day(11));
    assert_eq!(NoticeKind::Assigned.due(&assigned()), day(11));
    assert_eq!(NoticeKind::Received.due(&routed()), None);
}

#[test]
fn every_kind_is_listed_once_under_the_name_it_is_stored_by() {
    let names: std::collections::BTreeSet<&str> = NoticeKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(names.len(), NoticeKind::ALL.len());
    for kind in NoticeKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
}
