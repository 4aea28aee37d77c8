//! The routes over the tables, without a platform around them.

use axum::Router;
use axum::http::StatusCode;
use engines::{Reply, Workbench};
use events::Consumer;
use serde_json::{Value, json};

async fn intake() -> (Workbench, Router) {
    let bench = Workbench::start().await.unwrap();
    let router = super::router(bench.app("Intake").unwrap());
    (bench, router)
}

fn report() -> Value {
    json!({ "kind": "report", "text": "Яма у школы", "category": "pothole", "territory": "town" })
}

async fn submit(bench: &Workbench, router: &Router, person: Option<&str>, body: &Value) -> Reply {
    bench.post(router, "/submissions", person, body).await.unwrap()
}

async fn waits(bench: &Workbench) -> (usize, usize) {
    let routing = bench.pending(Consumer::Routing).await.unwrap().len();
    (routing, bench.pending(Consumer::Indexing).await.unwrap().len())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_is_stored_and_on_its_way() {
    let (bench, router) = intake().await;
    let receipt = submit(&bench, &router, None, &report()).await;
    assert_eq!(receipt.status, StatusCode::CREATED, "{}", receipt.text);
    let receipt = receipt.json();
    let id = receipt["id"].as_str().unwrap().parse().unwrap();
    let record = bench.store().record(id).await.unwrap().unwrap();
    assert_eq!(record.text(), "Яма у школы");
    assert_eq!(waits(&bench).await, (1, 1));

    let messages = bench.take("RoutingQueue").await.unwrap();
    assert!(messages.len() == 1 && !messages[0].contains("Яма"), "ids alone travel: {messages:?}");
    let code = json!({ "tracking": receipt["tracking"] });
    let found = bench.post(&router, "/tracking", None, &code).await.unwrap().json();
    assert_eq!(found["id"], receipt["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_names_its_field_and_stores_nothing() {
    let (bench, router) = intake().await;
    for (field, value) in [
        ("text", json!("  \n ")),
        ("text", json!("я".repeat(20_001))),
        ("category", json!("no-such-topic")),
        ("territory", json!("no-such-place")),
        ("email", json!("a@b@c")),
        ("kind", json!("poem")),
    ] {
        let mut body = report();
        body[field] = value.clone();
        let refused = submit(&bench, &router, None, &body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", refused.text);
        assert_eq!(refused.json()["fields"][0]["field"], field, "{}", refused.text);
    }
    assert_eq!(waits(&bench).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_needs_somebody_and_an_import_an_administrator() {
    let (bench, router) = intake().await;
    let appeal = json!({ "kind": "appeal", "text": "Прошу ответить", "category": "pothole" });
    let row = json!({ "kind": "report", "text": "Яма", "external_id": "7" });
    for (person, body, status) in [
        (None, &appeal, 401),
        (Some("author"), &appeal, 201),
        (None, &row, 401),
        (Some("coordinator"), &row, 403),
        (Some("administrator"), &row, 201),
        (Some("administrator"), &row, 200),
    ] {
        let reply = submit(&bench, &router, person, body).await;
        assert_eq!(reply.status.as_u16(), status, "{person:?} {body}: {}", reply.text);
    }
    assert_eq!(waits(&bench).await, (2, 2), "the row that came twice is there once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_takes_a_report_back_and_a_stranger_does_not_see_it() {
    let (bench, router) = intake().await;
    let id = submit(&bench, &router, Some("author"), &report()).await.json()["id"].clone();
    let path = format!("/submissions/{}", id.as_str().unwrap());
    let withdrawal = format!("{path}/withdrawal");
    let mut statuses = Vec::new();
    for person in [Some("coordinator"), None, Some("author"), Some("author")] {
        let reply = bench.post(&router, &withdrawal, person, &json!({})).await.unwrap();
        statuses.push(reply.status.as_u16());
    }
    assert_eq!(statuses, [404, 404, 204, 409]);
    assert_eq!(bench.get(&router, &path, Some("author")).await.unwrap().json()["status"], "withdrawn");
    assert_eq!(bench.get(&router, &path, None).await.unwrap().status, StatusCode::NOT_FOUND);
}
