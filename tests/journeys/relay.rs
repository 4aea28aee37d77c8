use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use entrypoint::Outbox;
use serde_json::json;
use tower::ServiceExt;

use crate::platform::Platform;

/// The queues take nothing, as when a process dies between commit and send: after half a minute the relay sends. A case
/// that somebody works on goes to every consumer.
#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn what_nobody_sent_the_relay_sends() {
    let platform = Platform::start().await;
    let (id, author) = platform.pothole(&platform.anonymous()).await;
    let mute = |function: &str| {
        let mut app = platform.host.context(function).unwrap();
        app.outbox = Outbox::new(platform.host.engines.clients.sqs.clone(), BTreeMap::new(), None);
        app
    };
    let body = json!({ "kind": "report", "text": "Яма", "category": "pothole", "territory": "zaozersk" });
    let submit = post("/submissions", "", &body);
    let reply = intake::router(mute("Intake")).oneshot(submit).await.unwrap();
    assert_eq!(reply.status(), StatusCode::CREATED, "acknowledged, so it must not be lost");

    let coordinator = platform.person("zaozersk-roads-coordinator");
    let step = json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" });
    let assign =
        post(&format!("/workspace/submissions/{id}/steps"), coordinator.header("authorization"), &step);
    let reply = casework::router(mute("Casework")).oneshot(assign).await.unwrap();
    assert_eq!(reply.status(), StatusCode::CREATED);
    assert_eq!(author.get(&format!("/submissions/{id}")).await.ok()["status"], "assigned");

    platform.host.run("Relay").await.unwrap();
    assert!(
        vmeste::pending(&platform.host.store).await.unwrap() >= 3,
        "they may still be on their first way"
    );
    platform.clock.advance(31);
    platform.host.run("Relay").await.unwrap();
    platform.settle().await;
    let found = |status: &'static str| {
        let anonymous = platform.anonymous();
        async move { anonymous.find("/search", &[("status", status)]).await.ok()["total"].clone() }
    };
    assert_eq!((found("routed").await, found("assigned").await), (json!(1), json!(1)));
}

fn post(path: &str, authorization: &str, body: &serde_json::Value) -> Request<Body> {
    let request = Request::post(path).header("content-type", "application/json");
    let request =
        if authorization.is_empty() { request } else { request.header("authorization", authorization) };
    request.body(Body::from(body.to_string())).unwrap()
}
