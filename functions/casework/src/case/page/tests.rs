use std::collections::HashMap;

use domain::EventId;
use domain::submission::{NewSubmission, Outcome, Submission};
use events::{Actor, Envelope};
use jiff::Timestamp;

use super::*;

/// A record with these events and their texts. The first text is the author's.
fn record(events: Vec<(Event, &str)>) -> Record {
    let new = NewSubmission {
        kind: domain::SubmissionKind::Report,
        author: None,
        category: None,
        territory: "town".parse().unwrap(),
        place: None,
        external_id: None,
        requested_organization: None,
    };
    let id = SubmissionId::new(uuid::Uuid::from_u128(1));
    let submission = Submission::receive(new, id, Timestamp::UNIX_EPOCH).unwrap();
    let mut texts = HashMap::new();
    let mut envelopes = Vec::new();
    for (version, (event, text)) in (1_u64..).zip(events) {
        let event_id = EventId::new(uuid::Uuid::from_u128(version.into()));
        texts.insert(event_id, text.to_owned());
        let (at, actor) = (Timestamp::UNIX_EPOCH, Actor::System);
        envelopes.push(Envelope { id: event_id, subject: id.into(), version, at, actor, event });
    }
    Record { submission, events: envelopes, texts }
}

fn drafted(outcome: Outcome) -> Event {
    Event::AnswerDrafted { outcome }
}

fn forwarded() -> Event {
    Event::SubmissionForwarded { to: "elsewhere".parse().unwrap() }
}

#[test]
fn an_answer_begins_with_the_draft_that_was_sent_back() {
    let by = jiff::civil::date(2026, 3, 1);
    let record = record(vec![
        (Event::SubmissionReceived, "Яма"),
        (drafted(Outcome::Solved), "Первый."),
        (drafted(Outcome::Planned { by }), "Второй."),
        (Event::AnswerSentBack, "Короче."),
    ]);
    let values = first_values(&record, None);
    assert_eq!(
        (values.get("outcome"), values.get("planned_by"), values.get("text")),
        ("planned", "2026-03-01", "Второй.")
    );
    assert_eq!(sent_back(&record).as_deref(), Some("Короче."));
    assert_eq!(first_values(&record, Some("Образец.".into())).get("text"), "Образец.");
}

#[test]
fn what_was_drafted_before_an_answer_or_elsewhere_is_over() {
    for last in [Event::SubmissionAnswered, forwarded()] {
        let record = record(vec![
            (Event::SubmissionReceived, "Яма"),
            (drafted(Outcome::Solved), "Первый."),
            (last.clone(), ""),
        ]);
        let values = first_values(&record, None);
        assert_eq!((values.get("outcome"), values.get("text")), ("", ""), "{last:?}");
    }
}

#[test]
fn a_note_on_a_draft_holds_until_the_next_draft_or_answer() {
    for later in [drafted(Outcome::Solved), Event::SubmissionAnswered] {
        let record =
            record(vec![(drafted(Outcome::Solved), "A"), (Event::AnswerSentBack, "B"), (later.clone(), "C")]);
        assert_eq!(sent_back(&record), None, "{later:?}");
    }
}
