//! The routes over the tables, without a platform around them.

mod inbox;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use domain::submission::{Outcome, Status, Step, Submission};
use engines::Workbench;
use events::Consumer;
use serde_json::json;

/// A workbench, the routes, and a report on the desk of the road service.
async fn desk() -> (Workbench, Router, Submission) {
    let bench = Workbench::start().await.unwrap();
    let router = super::router(bench.app("Casework").unwrap());
    let report = bench.routed().await.unwrap();
    (bench, router, report)
}

fn steps(report: &Submission) -> String {
    format!("/workspace/submissions/{}/steps", report.id)
}

async fn now(bench: &Workbench, report: &Submission) -> Submission {
    bench.store().submission(report.id).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_changes_the_state_and_tells_the_consumers() {
    let (bench, router, report) = desk().await;
    let before = bench.pending(Consumer::Indexing).await.unwrap().len();
    let assign = json!({ "step": "assign", "assignee": "caseworker" });
    let reply = bench.post(&router, &steps(&report), Some("coordinator"), &assign).await.unwrap();
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    assert_eq!(reply.headers[header::ETAG], format!("\"{}\"", report.version + 1));

    let assigned = now(&bench, &report).await;
    assert_eq!((assigned.status, assigned.version), (Status::Assigned, report.version + 1));
    assert_eq!(bench.pending(Consumer::Indexing).await.unwrap().len(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_changes_nothing() {
    let (bench, router, report) = desk().await;
    let assign = json!({ "step": "assign", "assignee": "caseworker" });
    for (person, body, status) in [
        (None, assign.clone(), 401),
        (Some("author"), assign.clone(), 403),
        (Some("gardener"), assign.clone(), 404),
        (Some("caseworker"), assign, 403),
        (Some("coordinator"), json!({ "step": "assign", "assignee": "gardener" }), 422),
        (Some("coordinator"), json!({ "step": "assign" }), 422),
        (Some("coordinator"), json!({ "step": "resume" }), 409),
        (Some("coordinator"), json!({ "step": "fly" }), 422),
    ] {
        let reply = bench.post(&router, &steps(&report), person, &body).await.unwrap();
        assert_eq!(reply.status.as_u16(), status, "{person:?} {body}: {}", reply.text);
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json");
    }
    assert_eq!(now(&bench, &report).await, report);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_read_another_version_is_told() {
    let (bench, router, report) = desk().await;
    let body = json!({ "step": "pause", "note": "Ждём автора." }).to_string();
    let pause = |version: u64| {
        let request = bench.request(Method::POST, &steps(&report), Some("coordinator")).unwrap();
        let request = request.header(header::CONTENT_TYPE, "application/json");
        request.header(header::IF_MATCH, format!("\"{version}\"")).body(Body::from(body.clone())).unwrap()
    };
    let stale = bench.send(&router, pause(1)).await.unwrap();
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED, "{}", stale.text);
    assert_eq!(now(&bench, &report).await, report);

    let paused = bench.send(&router, pause(report.version)).await.unwrap();
    assert_eq!(paused.status, StatusCode::CREATED, "{}", paused.text);
    assert!(now(&bench, &report).await.is_paused());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_twice_is_one_step() {
    let (bench, router, report) = desk().await;
    let form = || {
        let request = bench.request(Method::POST, &steps(&report), Some("coordinator")).unwrap();
        request
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("step=assign&assignee=caseworker&idempotency_key=once"))
            .unwrap()
    };
    for _ in 0..2 {
        let reply = bench.send(&router, form()).await.unwrap();
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text);
    }
    assert_eq!(now(&bench, &report).await.version, report.version + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_has_the_cases_of_its_organization() {
    let (bench, router, report) = desk().await;
    for (person, expected) in [("coordinator", vec![json!(report.id)]), ("gardener", vec![])] {
        let inbox = bench.get(&router, "/workspace/inbox", Some(person)).await.unwrap().json();
        let ids: Vec<_> = inbox["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
        assert_eq!(ids, expected, "{person}");
    }
    let refused = bench.get(&router, "/workspace/inbox", Some("author")).await.unwrap();
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_template_left_blank_is_neither_drafted_nor_signed() {
    let (bench, router, report) = desk().await;
    let by: domain::PersonId = "caseworker".parse().unwrap();
    bench.step(report.id, &[Step::Assign(by.clone())], None).await.unwrap();
    let draft = json!({ "step": "draft", "outcome": "solved", "text": "Заделаем до [дата]." });
    let refused = bench.post(&router, &steps(&report), Some("caseworker"), &draft).await.unwrap();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let field = &refused.json()["fields"][0];
    assert_eq!(
        (&field["field"], &field["code"]),
        (&json!("text"), &json!("unfilled-blank")),
        "{}",
        refused.text
    );

    // One that was drafted before this was checked.
    let draft = Step::Draft { by, outcome: Outcome::Solved };
    let drafted = bench.step(report.id, &[draft], Some("Заделаем до […].")).await.unwrap();
    let approve = json!({ "step": "approve" });
    let refused = bench.post(&router, &steps(&report), Some("approver"), &approve).await.unwrap();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert_eq!(now(&bench, &report).await, drafted, "nothing is signed");
}
