//! The wizard: what is wrong at a step is said there, and what comes later is not asked for.

use super::{Fields, codes, form, rulebook};
use crate::poll::request::PollRequest;
use crate::wizard::step::Step;

#[test]
fn a_step_asks_for_itself_and_for_what_came_before() {
    let nothing_yet = [("rule", ""), ("ballot.kind", ""), ("opens", ""), ("closes", ""), ("lines", "")];
    let table: &[(Step, Fields<'_>, Fields<'_>)] = &[
        (Step::Question, &nothing_yet, &[]),
        (Step::Question, &[("title", ""), ("lines", "")], &[("title", "empty")]),
        (Step::Options, &nothing_yet, &[("options", "poll-number-of-options")]),
        (Step::Options, &[("opens", ""), ("rule", ""), ("ballot.kind", "")], &[]),
        (Step::Options, &[("title", "")], &[("title", "empty")]),
        (Step::Voters, &[("rule", ""), ("ballot.kind", "")], &[]),
        (Step::Voters, &[("closes", "2026-11-01T10:00")], &[("closes", "poll-closes-too-early")]),
        (Step::Voters, &[("eligibility.minimum_age", "130")], &[("eligibility.minimum_age", "poll-age")]),
        (Step::Ballot, &[("rule", "")], &[]),
        (Step::Ballot, &[("ballot.kind", "rank"), ("ballot.limit", "9")], &[("ballot.limit", "poll-limit")]),
        (Step::Ballot, &[("ballot.kind", "rank"), ("lines", "A")], &[("lines", "poll-number-of-options")]),
        (Step::Count, &[("rule", "")], &[("rule", "poll-unknown-rule")]),
        (Step::Count, &[("ballot.kind", "rank")], &[]),
        (Step::Count, &[("rule", "score")], &[("rule", "poll-rule-does-not-fit")]),
        (Step::Check, &[("seats", "9")], &[("seats", "poll-number-of-seats")]),
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
        ("title", Some(Step::Question)),
        ("options[3].name", Some(Step::Options)),
        ("pb", Some(Step::Options)),
        ("eligibility.minimum_age", Some(Step::Voters)),
        ("ballot.limit", Some(Step::Ballot)),
        ("threshold", Some(Step::Count)),
        ("body", None),
    ];
    for (field, step) in table {
        assert_eq!(Step::of_field(field), step, "{field}");
    }
}
