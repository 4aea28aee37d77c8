use std::collections::BTreeSet;

use super::*;
use crate::person::{Person, Role};

fn steps(sequence: StepSequence) -> Vec<Step> {
    sequence.with_text(None).map(|(step, _)| step).collect()
}

fn answered(outcome: Outcome) -> Submission {
    let drafted = apply(&assigned_report(), &draft(outcome), 0).unwrap();
    apply(&drafted, &Step::Approve, 0).unwrap()
}

fn rating(mark: u8, solved: bool) -> SatisfactionRating {
    SatisfactionRating { mark: Mark::try_from(mark).unwrap(), solved, at: at(0) }
}

#[test]
fn a_low_mark_reopens_any_other_closes_and_praise_for_a_promise_does_neither() {
    let solved = answered(Outcome::Solved);
    let promised = answered(Outcome::Planned { by: jiff::civil::date(2026, 3, 1) });
    for (submission, mark, is_solved, after) in [
        (&solved, 2, true, Some(Step::Reopen)),
        (&solved, 5, false, Some(Step::Reopen)),
        (&solved, 3, true, Some(Step::Close)),
        (&promised, 1, true, Some(Step::Reopen)),
        (&promised, 5, true, None),
    ] {
        let rating = rating(mark, is_solved);
        let expected: Vec<Step> = [Step::Rate(rating)].into_iter().chain(after).collect();
        assert_eq!(steps(submission.rate(rating)), expected, "{mark} {is_solved}");
    }
}

#[test]
fn a_report_is_registered_on_its_way_and_an_appeal_after_it() {
    let route = Step::Route(decision());
    let report = received(SubmissionKind::Report);
    assert_eq!(steps(report.route_to(decision())), [Step::Register, route.clone()]);
    let appeal = received(SubmissionKind::Appeal);
    assert_eq!(steps(appeal.route_to(decision())), [route]);
}

#[test]
fn a_draft_claims_what_nobody_has() {
    let routed = after(SubmissionKind::Report, &[Step::Register, Step::Route(decision())]);
    let both = BTreeSet::from([Role::Coordinator, Role::Caseworker]);
    let head = Person { id: person("worker"), organization: organization("school"), roles: both };
    let claim =
        |submission: &Submission, person| steps(submission.claim_and_draft(person, Outcome::Solved, at(0)));
    let (assign, write) = (Step::Assign(person("worker")), draft(Outcome::Solved));
    assert_eq!(claim(&routed, &head), [assign, write.clone()]);
    assert_eq!(claim(&assigned_report(), &head), std::slice::from_ref(&write), "somebody has it");
    let clerk = Person { roles: BTreeSet::from([Role::Caseworker]), ..head.clone() };
    assert_eq!(claim(&routed, &clerk), std::slice::from_ref(&write), "a caseworker does not assign");
    let unregistered = after(SubmissionKind::Appeal, &[Step::Route(decision())]);
    assert_eq!(claim(&unregistered, &head), [write], "an appeal must be registered first");
}

#[test]
fn the_text_goes_with_the_step_that_is_wanted() {
    let texts = |sequence: StepSequence| -> Vec<bool> {
        sequence.with_text(Some("why".into())).map(|(_, text)| text.is_some()).collect()
    };
    assert_eq!(texts(answered(Outcome::Solved).rate(rating(1, false))), [true, false]);
    assert_eq!(texts(received(SubmissionKind::Report).route_to(decision())), [false, true]);
    assert_eq!(texts(Step::Return.into()), [true]);
}

#[test]
fn at_the_top_an_organization_is_told_of_its_own_delay() {
    let alarm = Alarm { at: at(0), kind: AlarmKind::Escalate };
    let report = assigned_report();
    let to = |above: Option<&str>| report.step_of(alarm, above.map(organization));
    assert_eq!(to(Some("town")), Some(Step::Escalate(organization("town"))));
    assert_eq!(to(None), Some(Step::Escalate(organization("school"))));
    assert_eq!(received(SubmissionKind::Report).step_of(alarm, None), None, "nobody is responsible");
}
