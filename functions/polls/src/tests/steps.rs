//! The wizard: what is wrong at a step is said there, and what comes later is not asked for.

use super::{Fields, codes, form, rulebook};
use crate::poll::request::PollRequest;
use crate::wizard::step::WizardStep;

#[test]
fn a_step_asks_for_itself_and_for_what_came_before() {
    let nothing_yet = [("rule", ""), ("ballot.kind", ""), ("opens", ""), ("closes", ""), ("lines", "")];
    let table: &[(WizardStep, Fields<'_>, Fields<'_>)] = &[
        (WizardStep::Question, &nothing_yet, &[]),
        (WizardStep::Question, &[("title", ""), ("lines", "")], &[("title", "empty")]),
        (WizardStep::Options, &nothing_yet, &[("options", "poll-number-of-options")]),
        (WizardStep::Options, &[("opens", ""), ("rule", ""), ("ballot.kind", "")], &[]),
        (WizardStep::Options, &[("title", "")], &[("title", "empty")]),
        (WizardStep::Voters, &[("rule", ""), ("ballot.kind", "")], &[]),
        (WizardStep::Voters, &[("closes", "2026-11-01T10:00")], &[("closes", "poll-closes-too-early")]),
        (
            WizardStep::Voters,
            &[("eligibility.minimum_age", "130")],
            &[("eligibility.minimum_age", "poll-age")],
        ),
        (WizardStep::Ballot, &[("rule", "")], &[]),
        (
            WizardStep::Ballot,
            &[("ballot.kind", "rank"), ("ballot.limit", "9")],
            &[("ballot.limit", "poll-limit")],
        ),
        (
            WizardStep::Ballot,
            &[("ballot.kind", "rank"), ("lines", "A")],
            &[("lines", "poll-number-of-options")],
        ),
        (WizardStep::Count, &[("rule", "")], &[("rule", "poll-unknown-rule")]),
        (WizardStep::Count, &[("ballot.kind", "rank")], &[]),
        (WizardStep::Count, &[("rule", "score")], &[("rule", "poll-rule-does-not-fit")]),
        (WizardStep::Check, &[("seats", "9")], &[("seats", "poll-number-of-seats")]),
    ];
    for (step, changes, expected) in table {
        let request: PollRequest = form(changes).read().unwrap();
        let checked = request.check_until(*step, &rulebook(), &[]);
        let wrong = checked.map_or_else(|failure| codes(&failure.refusal().reasons), |()| Vec::new());
        let wrong: Vec<_> = wrong.iter().map(|(field, code)| (field.as_str(), code.as_str())).collect();
        assert_eq!(wrong, *expected, "{step:?} {changes:?}");
    }
}

#[test]
fn every_field_of_a_request_belongs_to_a_step() {
    let table = [
        ("title", Some(WizardStep::Question)),
        ("options[3].name", Some(WizardStep::Options)),
        ("pb", Some(WizardStep::Options)),
        ("eligibility.minimum_age", Some(WizardStep::Voters)),
        ("ballot.limit", Some(WizardStep::Ballot)),
        ("threshold", Some(WizardStep::Count)),
        ("body", None),
    ];
    for (field, step) in table {
        assert_eq!(WizardStep::of_field(field), step, "{field}");
    }
}
