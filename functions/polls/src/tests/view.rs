//! What programs read of a poll and of its result.

use domain::person::{Person, Role};
use jiff::Timestamp;
use poll::proof::PollOutcome;
use poll::{Poll, Stage};

use super::{form, parsed, rulebook};
use crate::poll::view::{PollLine, zone};
use crate::result::view::{ResultView, plain};

fn poll_in(territory: &str) -> Poll {
    let organizer = Person {
        id: "organizer".parse().unwrap(),
        organization: "hall".parse().unwrap(),
        roles: [Role::PollOrganizer].into(),
    };
    let id = "00000000-0000-7000-8000-000000000001".parse().unwrap();
    let question = parsed(&form(&[("territory", territory)])).unwrap();
    Poll { stage: Stage::Published, ..Poll::draft(id, &organizer, question) }
}

#[test]
fn a_line_of_the_list_says_what_the_clock_makes_of_the_poll() {
    let poll = poll_in("east");
    for (now, status) in [
        ("2026-11-30T23:59:59Z", "announced"),
        ("2026-12-01T00:00:00Z", "open"),
        ("2026-12-15T09:59:59Z", "open"),
        ("2026-12-15T10:00:00Z", "closed"),
    ] {
        let now: Timestamp = now.parse().unwrap();
        let line = serde_json::to_value(PollLine::of(&poll, &rulebook(), now)).unwrap();
        assert_eq!(
            (line["status"].as_str(), line["territory"]["name"].as_str()),
            (Some(status), Some("The east"))
        );
    }
}

#[test]
fn the_clock_of_a_poll_is_its_territorys_and_not_the_countrys() {
    for (territory, name) in
        [("country", "Europe/Moscow"), ("east", "Asia/Vladivostok"), ("valley", "Asia/Vladivostok")]
    {
        assert_eq!(zone(&rulebook(), &poll_in(territory)).iana_name(), Some(name));
    }
}

#[test]
fn a_result_names_winners_in_their_order_and_options_in_the_polls() {
    let poll = poll_in("country");
    let ids = poll.question.option_ids();
    let outcome = PollOutcome {
        ballots: 9,
        totals: ids.iter().cloned().zip([2, 3, 4]).collect(),
        winners: vec![ids[2].clone(), ids[1].clone()],
        lot: None,
        protocol: vec![],
    };
    let view = ResultView::of(&poll, &outcome, Timestamp::UNIX_EPOCH);
    assert_eq!(view.winners, ["3", "2"]);
    let options: Vec<_> =
        view.options.iter().map(|option| (option.name.as_str(), option.total, option.won)).collect();
    assert_eq!(options, [("Park", 2, false), ("Bridge", 3, true), ("School", 4, true)]);
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    for (name, cell) in [("=1+1", "'=1+1"), ("@x", "'@x"), ("-5", "'-5"), ("a=b", "a=b"), ("", "")] {
        assert_eq!(plain(name), cell);
    }
}
