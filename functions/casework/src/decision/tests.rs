use std::collections::BTreeSet;

use domain::submission::Performer;
use serde_json::{Value, json};

use super::*;

/// What a request says, or its fields at fault with their codes.
fn parsed(request: Value) -> Result<Decision, Vec<(String, String)>> {
    let request: StepRequest = serde_json::from_value(request).unwrap();
    request.parse().map_err(|failure| {
        failure.refusal().reasons.into_iter().map(|reason| (reason.field, reason.code)).collect()
    })
}

fn step(step: Step, text: Option<&str>) -> Decision {
    Decision { wanted: Wanted::Step(step), text: text.map(str::to_owned) }
}

#[test]
fn each_step_is_read_with_what_comes_with_it() {
    let day = jiff::civil::date(2026, 3, 1);
    let wanted = |wanted, text: Option<&str>| Decision { wanted, text: text.map(str::to_owned) };
    for (request, expected) in [
        (json!({ "step": "register" }), step(Step::Register, None)),
        (
            json!({ "step": "reject", "reason": "out_of_scope" }),
            step(Step::Reject(RejectionReason::OutOfScope), None),
        ),
        (
            json!({ "step": "reject", "reason": "spam", "note": " реклама " }),
            step(Step::Reject(RejectionReason::Spam), Some("реклама")),
        ),
        (
            json!({ "step": "assign", "assignee": "p-1" }),
            wanted(Wanted::Assign("p-1".parse().unwrap()), None),
        ),
        (
            json!({ "step": "forward", "organization": " Школа № 1 ", "note": "ваше" }),
            wanted(Wanted::Forward("Школа № 1".into()), Some("ваше")),
        ),
        (json!({ "step": "return", "note": "не наше" }), step(Step::Return, Some("не наше"))),
        (
            json!({ "step": "draft", "outcome": "solved", "text": "Починили." }),
            wanted(Wanted::Draft { outcome: Outcome::Solved, claim: false }, Some("Починили.")),
        ),
        (
            json!({ "step": "draft", "outcome": "planned", "planned_by": "2026-03-01", "text": "Будет.", "take": true }),
            wanted(Wanted::Draft { outcome: Outcome::Planned { by: day }, claim: true }, Some("Будет.")),
        ),
        (json!({ "step": "answer_interim", "text": "Ждём." }), step(Step::AnswerInterim, Some("Ждём."))),
        (json!({ "step": "approve" }), step(Step::Approve, None)),
        (json!({ "step": "send_back", "note": "короче" }), step(Step::SendBack, Some("короче"))),
        (json!({ "step": "pause", "note": "экспертиза" }), step(Step::Pause, Some("экспертиза"))),
        (json!({ "step": "resume" }), step(Step::Resume, None)),
        (json!({ "step": "extend", "days": 5, "note": "сложно" }), step(Step::Extend(5), Some("сложно"))),
    ] {
        assert_eq!(parsed(request.clone()), Ok(expected), "{request}");
    }
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let long = "я".repeat(2_001);
    for (request, expected) in [
        (json!({ "step": "reject" }), vec![("reason", "missing")]),
        (json!({ "step": "assign" }), vec![("assignee", "missing")]),
        (json!({ "step": "assign", "assignee": "a b" }), vec![("assignee", "no-id")]),
        (json!({ "step": "forward" }), vec![("organization", "missing")]),
        (json!({ "step": "forward", "organization": "x", "note": long }), vec![("note", "too-long")]),
        (json!({ "step": "return" }), vec![("note", "empty")]),
        (json!({ "step": "draft" }), vec![("outcome", "missing"), ("text", "empty")]),
        (json!({ "step": "draft", "outcome": "planned", "text": "x" }), vec![("planned_by", "missing")]),
        (json!({ "step": "answer_interim", "text": " " }), vec![("text", "empty")]),
        (json!({ "step": "send_back" }), vec![("note", "empty")]),
        (json!({ "step": "pause" }), vec![("note", "empty")]),
        (json!({ "step": "extend" }), vec![("days", "missing"), ("note", "empty")]),
    ] {
        let expected: Vec<_> =
            expected.into_iter().map(|(field, code)| (field.to_owned(), code.to_owned())).collect();
        assert_eq!(parsed(request.clone()), Err(expected), "{request}");
    }
}

#[test]
fn unknown_steps_and_fields_are_not_read() {
    for request in [json!({ "step": "close" }), json!({ "step": "register", "colour": "red" })] {
        assert!(serde_json::from_value::<StepRequest>(request.clone()).is_err(), "{request}");
    }
}

/// A step that the domain gives to staff must be in the requests, under the same name.
#[test]
fn staff_can_ask_for_every_step_that_is_theirs() {
    let is_staffs = |step: &StepName| step.performers().iter().any(|who| matches!(who, Performer::Staff(_)));
    let theirs: BTreeSet<StepName> = StepName::ALL.into_iter().filter(is_staffs).collect();
    let asked: BTreeSet<StepName> = StaffStep::VARIANTS.iter().map(|step| step.name()).collect();
    assert_eq!(asked, theirs);
    for step in StaffStep::VARIANTS {
        let read: StaffStep = serde_json::from_value(step.as_str().into()).unwrap();
        assert_eq!(read, *step);
    }
}
