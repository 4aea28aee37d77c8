use domain::SubmissionId;
use domain::submission::{NewSubmission, Status, Submission, SubmissionKind};
use events::{Actor, Event};
use jiff::Timestamp;
use uuid::Uuid;

use super::*;

fn submission(status: Status) -> Submission {
    let new = NewSubmission {
        kind: SubmissionKind::Report,
        author: None,
        category: None,
        territory: "town".parse().unwrap(),
        place: None,
        external_id: None,
        requested_organization: None,
    };
    let mut submission =
        Submission::receive(new, SubmissionId::new(Uuid::from_u128(1)), Timestamp::UNIX_EPOCH).unwrap();
    submission.status = status;
    submission.organization = Some("roads".parse().unwrap());
    submission
}

fn recorded(events: Vec<Event>, actor: &Actor) -> Vec<NewEvent> {
    let record = |(version, event)| NewEvent {
        envelope: Envelope {
            id: domain::EventId::new(Uuid::from_u128(u128::from(version))),
            subject: Subject::Submission(SubmissionId::new(Uuid::from_u128(1))),
            version,
            at: Timestamp::UNIX_EPOCH,
            actor: actor.clone(),
            event,
        },
        text: None,
    };
    (1..).zip(events).map(record).collect()
}

fn versions(submission: &Submission, events: &[NewEvent], consumer: Consumer) -> Vec<u64> {
    let deliveries = deliveries_for(submission, events);
    deliveries
        .iter()
        .filter(|delivery| delivery.consumer == consumer)
        .map(|delivery| delivery.version)
        .collect()
}

/// Of several events the index needs the last; people need each that is for them.
#[test]
fn every_fact_for_somebody_is_delivered_to_notifications() {
    let routed = Event::SubmissionRouted { organization: "roads".parse().unwrap(), rule: "default".into() };
    let events = recorded(vec![Event::SubmissionRegistered, routed.clone()], &Actor::System);
    let state = submission(Status::Routed);
    assert_eq!(versions(&state, &events, Consumer::Indexing), [2]);
    assert_eq!(versions(&state, &events, Consumer::Notifications), [2], "a report is registered by the way");

    let rated = Event::SatisfactionRated { mark: 1, solved: false };
    let events = recorded(vec![rated, Event::SubmissionReopened], &Actor::Author);
    let state = submission(Status::Reopened);
    assert_eq!(versions(&state, &events, Consumer::Notifications), [2]);

    // No change does this today. If one did, neither fact would be lost.
    let events = recorded(vec![Event::SubmissionReceived, routed.clone()], &Actor::System);
    assert_eq!(versions(&submission(Status::Routed), &events, Consumer::Notifications), [1, 2]);

    let imported = Submission { external_id: Some("7".into()), ..submission(Status::Routed) };
    let events = recorded(vec![routed], &Actor::System);
    assert!(versions(&imported, &events, Consumer::Notifications).is_empty());
}
