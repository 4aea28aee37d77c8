//! The routes over the tables, without a platform around them.

use axum::Router;
use axum::http::StatusCode;
use engines::Workbench;
use jiff::SignedDuration;
use poll::Poll;
use serde_json::{Value, json};

async fn polls() -> (Workbench, Router, Poll) {
    let bench = Workbench::start().await.unwrap();
    let router = crate::router(bench.app("Polls").unwrap());
    let poll = bench.poll().await.unwrap();
    (bench, router, poll)
}

fn wanted(bench: &Workbench) -> Value {
    let now = bench.clock.now();
    json!({
        "title": "Что построить", "text": "Решаем вместе", "territory": "town",
        "opens": now + SignedDuration::from_hours(1), "closes": now + SignedDuration::from_hours(48),
        "ballot": { "kind": "choose_one" }, "rule": "plurality", "ties": "lot", "seats": 1,
        "options": [{ "name": "Парк" }, { "name": "Мост" }],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_its_organizers_and_a_published_poll_everybodys() {
    let (bench, router, _) = polls().await;
    for (person, status) in [(None, 401), (Some("analyst"), 403), (Some("organizer"), 201)] {
        let reply = bench.post(&router, "/polls", person, &wanted(&bench)).await.unwrap();
        assert_eq!(reply.status.as_u16(), status, "{person:?}: {}", reply.text);
    }
    let written = bench.post(&router, "/polls", Some("organizer"), &wanted(&bench)).await.unwrap().json();
    let path = format!("/polls/{}", written["id"].as_str().unwrap());
    assert_eq!(bench.get(&router, &path, None).await.unwrap().status, StatusCode::NOT_FOUND);
    assert_eq!(bench.get(&router, &path, Some("organizer")).await.unwrap().json()["status"], "draft");
    let publication = format!("{path}/publication");
    bench.post(&router, &publication, Some("organizer"), &json!({})).await.unwrap();
    assert_eq!(bench.get(&router, &path, None).await.unwrap().json()["status"], "announced");
    let late = bench.post(&router, &path, Some("organizer"), &wanted(&bench)).await.unwrap();
    assert_eq!(late.status, StatusCode::CONFLICT, "what is published is frozen: {}", late.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_gets_one_receipt_while_the_poll_is_open() {
    let (bench, router, poll) = polls().await;
    let ballots = format!("/polls/{}/ballots", poll.id);
    let (park, nothing) = (json!({ "options": ["park"] }), json!({ "options": [] }));
    let early = bench.post(&router, &ballots, Some("anna"), &park).await.unwrap();
    assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.text);
    bench.clock.advance(3_601);
    for (person, body, status) in [
        (None, &park, 401),
        (Some("anna"), &nothing, 422),
        (Some("anna"), &json!({ "options": ["park", "bridge"] }), 422),
        (Some("anna"), &json!({ "options": ["moon"] }), 422),
        (Some("anna"), &park, 201),
    ] {
        let reply = bench.post(&router, &ballots, person, body).await.unwrap();
        assert_eq!(reply.status.as_u16(), status, "{person:?} {body}: {}", reply.text);
    }
    let receipt = format!("/polls/{}/receipt", poll.id);
    assert_eq!(bench.get(&router, &receipt, Some("anna")).await.unwrap().json()["poll"], json!(poll.id));
    assert_eq!(bench.get(&router, &receipt, Some("boris")).await.unwrap().status, StatusCode::NOT_FOUND);
    let asked = bench.take("TallyingQueue").await.unwrap();
    assert_eq!(asked, [json!({ "poll": poll.id }).to_string()], "and says nothing of who voted");

    bench.clock.advance(96 * 3_600);
    let late = bench.post(&router, &ballots, Some("boris"), &park).await.unwrap();
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
}
