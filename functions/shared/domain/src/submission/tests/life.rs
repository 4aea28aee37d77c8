use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::submission::step::next_status;

#[test]
fn an_anonymous_appeal_is_refused() {
    let mut new = NewSubmission {
        kind: SubmissionKind::Appeal,
        author: None,
        category: None,
        territory: "root".parse().unwrap(),
        place: None,
        external_id: None,
        requested_organization: None,
    };
    let id = SubmissionId::new(Uuid::nil());
    assert_eq!(Submission::receive(new.clone(), id, at(0)), Err(StepError::AppealNeedsAuthor));
    new.kind = SubmissionKind::Report;
    assert!(Submission::receive(new, id, at(0)).is_ok());
}

#[test]
fn a_report_goes_all_the_way() {
    let steps = [draft(Outcome::Solved), Step::Approve, rate(5, true, 0), Step::Close];
    let closed =
        steps.iter().fold(assigned_report(), |submission, step| apply(&submission, step, 1).unwrap());
    assert_eq!(closed.status, Status::Closed);
    assert_eq!(closed.version, 8);
    assert_eq!(closed.mark(), Some(5));
    assert_eq!(closed.alarm(), None);
}

#[test]
fn an_appeal_is_registered_by_the_office_and_its_terms_count_from_there() {
    let routed = after(SubmissionKind::Appeal, &[Step::Route(decision())]);
    let terms = &routed.terms;
    assert_eq!(terms.registration.as_ref().unwrap().date, date(2026, 1, 8), "3 days");
    assert_eq!(
        terms.answer.as_ref().unwrap().date,
        date(2026, 2, 7),
        "30 days after the last day to register"
    );
    assert_eq!(apply(&routed, &Step::Assign(person("worker")), 1), Err(StepError::RegisterFirst));

    let registered = apply(&routed, &Step::Register, 1).unwrap();
    assert_eq!(registered.terms.redirect.as_ref().unwrap().date, date(2026, 1, 13), "7 days");
    assert_eq!(registered.terms.answer.as_ref().unwrap().date, date(2026, 2, 5), "30 days");
}

#[test]
fn an_appeal_is_redirected_within_seven_days_only() {
    let registered = after(SubmissionKind::Appeal, &[Step::Route(decision()), Step::Register]);
    let forward = Step::Forward(organization("ministry"));
    let forwarded = apply(&registered, &forward, 7).unwrap();
    assert_eq!(forwarded.terms, registered.terms, "the clock is kept");
    assert_eq!(apply(&registered, &forward, 8), Err(StepError::RedirectTermOver(date(2026, 1, 12))));
}

#[test]
fn an_appeal_is_extended_once_and_by_thirty_days_at_most() {
    let registered = after(SubmissionKind::Appeal, &[Step::Route(decision()), Step::Register]);
    assert!(matches!(
        apply(&registered, &Step::Extend(31), 5),
        Err(StepError::ExtensionTooLong { limit: 30, .. })
    ));
    assert!(matches!(apply(&registered, &Step::Extend(0), 5), Err(StepError::ExtensionTooLong { .. })));
    assert_eq!(apply(&registered, &Step::Extend(5), 31), Err(StepError::TermOver(date(2026, 2, 4))));
    let extended = apply(&registered, &Step::Extend(30), 5).unwrap();
    assert_eq!(extended.terms.answer.as_ref().unwrap().date, date(2026, 3, 6));
    assert_eq!(apply(&extended, &Step::Extend(1), 6), Err(StepError::AlreadyExtended(30)));
    assert!(matches!(apply(&registered, &Step::Pause, 5), Err(StepError::NotPausable(_))));
}

#[test]
fn an_appeal_is_not_extended_before_it_is_registered() {
    let routed = after(SubmissionKind::Appeal, &[Step::Route(decision())]);
    for step in [Step::Extend(30), Step::Pause] {
        assert!(matches!(apply(&routed, &step, 0), Err(StepError::Illegal { .. })), "{step:?}");
    }
}

#[test]
fn forward_and_return_keep_clock_and_know_the_way_back() {
    let report = assigned_report();
    let forwarded = apply(&report, &Step::Forward(organization("ministry")), 2).unwrap();
    assert_eq!((forwarded.status, forwarded.assignee.as_ref()), (Status::Routed, None));
    assert_eq!(forwarded.terms, report.terms);
    assert_eq!(apply(&forwarded, &Step::Forward(organization("ministry")), 2), Err(StepError::AlreadyThere));
    let returned = apply(&forwarded, &Step::Return, 3).unwrap();
    assert_eq!(returned.organization, Some(organization("school")));
    assert_eq!(apply(&returned, &Step::Return, 3), Err(StepError::NothingToReturn));
}

#[test]
fn only_the_assignee_drafts_and_promises_lie_ahead() {
    let report = assigned_report();
    let other = Step::Draft { by: person("other"), outcome: Outcome::Solved };
    assert_eq!(apply(&report, &other, 1), Err(StepError::NotTheAssignee));
    let yesterday = date(2026, 1, 5);
    let step = draft(Outcome::Planned { by: yesterday });
    assert_eq!(apply(&report, &step, 1), Err(StepError::PlannedInThePast(yesterday)));
}

#[test]
fn a_promise_can_be_rated_after_its_day() {
    let by = date(2026, 3, 1);
    let answered = apply(&assigned_report(), &draft(Outcome::Planned { by }), 1).unwrap();
    let answered = apply(&answered, &Step::Approve, 1).unwrap();
    assert_eq!(answered.terms.rating.as_ref().unwrap().date, date(2026, 3, 11));
}

#[test]
fn an_answer_is_rated_once_and_reopening_starts_a_new_term() {
    let drafted = apply(&assigned_report(), &draft(Outcome::Explained), 1).unwrap();
    assert_eq!(apply(&drafted, &rate(5, true, 1), 1), Err(StepError::NothingToRate));
    let answered = apply(&drafted, &Step::Approve, 2).unwrap();
    let rated = apply(&answered, &rate(1, false, 3), 3).unwrap();
    let reopened = apply(&rated, &Step::Reopen, 3).unwrap();
    assert_eq!(reopened.terms.answer.as_ref().unwrap().date, date(2026, 1, 18));
    assert_eq!(apply(&reopened, &rate(5, true, 4), 4), Err(StepError::AlreadyRated));
}

#[test]
fn a_paused_submission_waits() {
    let report = assigned_report();
    let before = report.terms.answer.as_ref().unwrap().date;
    let paused = apply(&report, &Step::Pause, 2).unwrap();
    assert!(paused.is_paused());
    assert_eq!(paused.alarm(), None);
    assert!(!paused.is_overdue(at(100)));
    assert_eq!(apply(&paused, &draft(Outcome::Solved), 3), Err(StepError::Paused));
    assert_eq!(apply(&paused, &Step::Pause, 3), Err(StepError::Paused));
    let resumed = apply(&paused, &Step::Resume, 6).unwrap();
    let expected = before.checked_add(jiff::Span::new().days(4)).unwrap();
    assert_eq!(resumed.terms.answer.as_ref().unwrap().date, expected);
    assert_eq!(apply(&resumed, &Step::Resume, 6), Err(StepError::NotPaused));
}

#[test]
fn the_clock_reminds_then_marks_then_escalates_then_is_silent() {
    let mut report = assigned_report();
    let mut seen = Vec::new();
    while let Some(alarm) = report.alarm() {
        seen.push((alarm.kind, alarm.at));
        let step = report.step_of(alarm, Some(organization("above"))).unwrap();
        report = report.apply(&step, event(1), alarm.at, &rulebook()).unwrap();
    }
    let ends = report.terms.answer.as_ref().unwrap().ends;
    let day = |days: i64| Timestamp::from_second(ends.as_second() + days * DAY).unwrap();
    let expected =
        [(AlarmKind::Remind, day(-1)), (AlarmKind::MarkOverdue, ends), (AlarmKind::Escalate, day(3))];
    assert_eq!(seen, expected);
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Register),
        Just(Step::Reject(RejectionReason::Spam)),
        Just(Step::Route(decision())),
        Just(Step::Assign(person("worker"))),
        prop_oneof![Just("a"), Just("b")].prop_map(|id| Step::Forward(organization(id))),
        Just(Step::Return),
        Just(draft(Outcome::Solved)),
        Just(Step::AnswerInterim),
        Just(Step::Approve),
        Just(Step::SendBack),
        (1_u8..=5, any::<bool>()).prop_map(|(mark, solved)| rate(mark, solved, 0)),
        Just(Step::Reopen),
        Just(Step::Close),
        Just(Step::Withdraw),
        Just(Step::Pause),
        Just(Step::Resume),
        (0_u16..40).prop_map(Step::Extend),
        Just(Step::Remind),
        Just(Step::MarkOverdue),
        Just(Step::Escalate(organization("above"))),
    ]
}

fn any_kind() -> impl Strategy<Value = SubmissionKind> {
    prop_oneof![Just(SubmissionKind::Report), Just(SubmissionKind::Appeal)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is tried in whatever order, what must always hold holds.
    #[test]
    fn no_order_of_steps_breaks_a_submission(kind in any_kind(), steps in prop::collection::vec(any_step(), 1..60)) {
        let rulebook = rulebook();
        let mut now = received(kind);
        let mut day = 0;
        for step in &steps {
            day += 1;
            let before = now.clone();
            let checked = now.check(step.name(), at(day));
            match now.apply(step, event(u128::from(now.version)), at(day), &rulebook) {
                Err(_) => continue,
                Ok(after) => now = after,
            }
            prop_assert_eq!(checked, Ok(now.status), "what was taken was allowed");
            prop_assert_eq!(now.version, before.version + 1);
            prop_assert_eq!(next_status(kind, before.status, step.name()), Some(now.status));
            let past_routing = !matches!(now.status, Status::Received | Status::Registered | Status::Rejected | Status::Withdrawn);
            prop_assert!(!past_routing || (now.organization.is_some() && now.terms.answer.is_some()));
            prop_assert!(now.status != Status::Drafted || now.draft.is_some());
            prop_assert!(!matches!(now.status, Status::Assigned | Status::Drafted) || now.assignee.is_some());
            prop_assert!(now.status != Status::Answered || !now.answers.is_empty());
            prop_assert!(now.answers.len() >= before.answers.len(), "an answer never disappears");
            if kind == SubmissionKind::Appeal {
                let extended = now.terms.answer.as_ref().map_or(0, |term| term.extended_by);
                prop_assert!(extended <= 30);
                prop_assert!(now.status != Status::Assigned || now.registered.is_some());
            }
            if !now.status.is_open() && now.status != Status::Answered {
                prop_assert_eq!(now.alarm(), None, "what is over stays quiet");
            }
        }
    }
}
