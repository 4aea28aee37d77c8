//! What an organizer sends, field by field.

use entrypoint::http::Failure;
use serde_json::{Value, json};

use super::{Fields, codes, form, parsed, rulebook};
use crate::poll::options::as_lines;
use crate::poll::request::PollRequest;
use crate::wizard::filled::filled;

#[test]
fn every_field_that_is_wrong_is_named_with_its_reason() {
    let long = "x".repeat(201);
    let table: &[(Fields<'_>, Fields<'_>)] = &[
        (&[], &[]),
        (&[("title", "")], &[("title", "empty")]),
        (&[("title", &long)], &[("title", "too-long")]),
        (&[("text", "")], &[("text", "empty")]),
        (&[("territory", "atlantis")], &[("territory", "unknown-entry")]),
        (&[("opens", "tomorrow")], &[("opens", "poll-instant")]),
        (&[("closes", "")], &[("closes", "poll-instant")]),
        (&[("closes", "2026-12-01T10:00")], &[("closes", "poll-closes-too-early")]),
        (&[("closes", "2200-01-01T12:00")], &[("closes", "poll-closes-too-late")]),
        (&[("eligibility.territory", "atlantis")], &[("eligibility.territory", "unknown-entry")]),
        (&[("eligibility.minimum_age", "120")], &[]),
        (&[("eligibility.minimum_age", "121")], &[("eligibility.minimum_age", "poll-age")]),
        (&[("ballot.kind", "tarot")], &[("ballot.kind", "poll-unknown-ballot")]),
        (&[("ballot.kind", "approve"), ("rule", "approval"), ("ballot.limit", "3")], &[]),
        (
            &[("ballot.kind", "approve"), ("rule", "approval"), ("ballot.limit", "4")],
            &[("ballot.limit", "poll-limit")],
        ),
        (
            &[("ballot.kind", "score"), ("rule", "score"), ("ballot.limit", "0")],
            &[("ballot.limit", "poll-limit")],
        ),
        (&[("rule", "loudest")], &[("rule", "poll-unknown-rule")]),
        (&[("rule", "schulze")], &[("rule", "poll-rule-does-not-fit")]),
        (&[("seats", "2")], &[]),
        (&[("seats", "3")], &[("seats", "poll-number-of-seats")]),
        (&[("ballot.kind", "rank"), ("rule", "irv"), ("seats", "2")], &[("seats", "poll-one-seat")]),
        (&[("rule", "greedy")], &[("budget", "poll-no-budget")]),
        (&[("rule", "greedy"), ("budget", "300")], &[]),
        (
            &[("rule", "greedy"), ("budget", "300"), ("lines", "Park | 100\nBridge")],
            &[("lines", "poll-no-cost")],
        ),
        (&[("budget", "1000000000000001")], &[("budget", "poll-too-much-money")]),
        (&[("threshold", "1000000000000001")], &[("threshold", "poll-too-much-money")]),
        (&[("lines", "Park")], &[("lines", "poll-number-of-options")]),
        (&[("lines", "")], &[("options", "poll-number-of-options")]),
        (&[("lines", "Park | 1\nBridge | dear")], &[("lines", "poll-line-cost")]),
        (&[("pb", "no file")], &[("pb", "poll-pb")]),
        (&[("title", ""), ("closes", "never")], &[("title", "empty"), ("closes", "poll-instant")]),
    ];
    for (changes, expected) in table {
        let expected: Vec<(String, String)> =
            expected.iter().map(|(field, code)| ((*field).into(), (*code).into())).collect();
        assert_eq!(parsed(&form(changes)).err().unwrap_or_default(), expected, "{changes:?}");
    }
}

#[test]
fn options_of_programs_are_named_by_their_place() {
    let table = [
        (json!([{ "name": "Park" }, { "name": " " }]), vec![("options[1].name", "empty")]),
        (
            json!([{ "name": "Park", "id": "a b" }, { "name": "B" }]),
            vec![("options[0].id", "poll-option-id")],
        ),
        (json!([{ "name": "A", "id": "2" }, { "name": "B" }]), vec![("options", "poll-same-option")]),
        (
            json!([{ "name": "A", "place": "x".repeat(301) }, { "name": "B" }]),
            vec![("options[0].place", "too-long")],
        ),
    ];
    for (options, expected) in table {
        let mut request: Value = json!({
            "title": "t", "text": "t", "territory": "country", "rule": "plurality",
            "opens": "2026-12-01T10:00", "closes": "2026-12-02T10:00", "ballot": { "kind": "choose_one" },
        });
        request["options"] = options;
        let request: PollRequest = serde_json::from_value(request).unwrap();
        let Err(Failure::Invalid(wrong)) = request.parse(&rulebook(), &[]) else { panic!("{request:?}") };
        let found = codes(&wrong);
        let found: Vec<_> = found.iter().map(|(field, code)| (field.as_str(), code.as_str())).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_time_without_an_offset_is_the_territorys() {
    let table = [
        ("country", "2026-12-01T10:00", "2026-12-01T07:00:00Z"),
        ("east", "2026-12-01T10:00", "2026-12-01T00:00:00Z"),
        ("valley", "2026-12-01T10:00", "2026-12-01T00:00:00Z"),
        ("east", "2026-12-01T10:00+03:00", "2026-12-01T07:00:00Z"),
    ];
    for (territory, typed, instant) in table {
        let question = parsed(&form(&[("territory", territory), ("opens", typed)])).unwrap();
        assert_eq!(question.opens.to_string(), instant, "{typed} in {territory}");
    }
}

#[test]
fn what_is_left_out_has_its_usual_value() {
    let question = parsed(&form(&[("ballot.kind", "rank"), ("rule", "borda"), ("ties", "")])).unwrap();
    let usual = (question.seats, question.revotes, question.budget, question.ties.as_str());
    assert_eq!(usual, (1, true, 0, "lot"));
    assert_eq!(question.format.limit(), Some(3), "all options can be ranked");
    let ids: Vec<&str> = question.options.iter().map(|option| option.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!(question.options[1].place.as_ref().unwrap().as_str(), "Old town");
}

#[test]
fn a_draft_that_is_filled_in_and_sent_back_is_the_same() {
    let table: [&[(&str, &str)]; 4] = [
        &[("territory", "east"), ("revotes", "false"), ("eligibility.identified", "true")],
        &[("ballot.kind", "approve"), ("rule", "approval"), ("ballot.limit", "2"), ("seats", "2")],
        &[("ballot.kind", "score"), ("rule", "equal-shares"), ("budget", "400"), ("threshold", "3")],
        &[
            ("ballot.kind", "rank"),
            ("rule", "schulze"),
            ("ties", "listed"),
            ("eligibility.minimum_age", "14"),
        ],
    ];
    for changes in table {
        let question = parsed(&form(changes)).unwrap();
        let zone = rulebook().local_days(&question.territory).zone;
        let values = filled(&question, &zone);
        assert_eq!(values.get("opens"), "2026-12-01T10:00", "as clocks show it there");
        assert_eq!(parsed(&values).unwrap(), question, "{changes:?}");
    }
}

#[test]
fn what_does_not_fit_into_a_line_is_kept_when_the_lines_change() {
    let mut before = parsed(&form(&[])).unwrap().options;
    let two_lines = poll::OptionText::parse("one\ntwo").unwrap();
    before[2].description = Some(two_lines.clone());
    assert_eq!(as_lines(&before), "Park | 100 | \nBridge | 200 | Old town\nSchool | 300 | ");
    let values = form(&[("lines", "Square | 5\nSchool | 350")]);
    let request: PollRequest = values.read().unwrap();
    let after = request.parse(&rulebook(), &before).unwrap().options;
    let seen: Vec<_> = after.iter().map(|option| (option.id.as_str(), option.cost)).collect();
    assert_eq!(seen, [("4", 5), ("3", 350)], "a new option gets a number that none had");
    assert_eq!(after[1].description, Some(two_lines));
}
