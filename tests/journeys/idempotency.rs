use serde_json::json;

use crate::platform::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_and_body_give_the_same_reply() {
    let platform = Platform::start().await;
    let citizen = platform.person("citizen-1").with("idempotency-key", "k-1");
    let body =
        json!({ "kind": "report", "text": "Нет воды", "category": "no-cold-water", "territory": "zaozersk" });
    let first = citizen.post("/submissions", &body).await.created();
    let second = citizen.post("/submissions", &body).await.created();
    assert_eq!(first, second);
    let other = json!({ "kind": "report", "text": "Нет света" });
    citizen.post("/submissions", &other).await.problem(422, "Idempotency-Key");
    let neighbour = platform.person("citizen-2").with("idempotency-key", "k-1");
    assert_ne!(
        neighbour.post("/submissions", &other).await.created()["id"],
        first["id"],
        "keys are the caller's own"
    );
    platform.settle().await;
    assert_eq!(citizen.get("/submissions").await.ok()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_equal_requests_at_once_make_one_submission() {
    let platform = Platform::start().await;
    let citizen = platform.person("citizen-1").with("idempotency-key", "at-once");
    let body = json!({ "kind": "report", "text": "Нет воды" });
    let requests = (0..10).map(|_| citizen.post("/submissions", &body));
    let replies = futures::future::join_all(requests).await;
    let ids: std::collections::BTreeSet<String> =
        replies.into_iter().map(|reply| reply.created()["id"].to_string()).collect();
    assert_eq!(ids.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_nobody_cannot_be_guessed() {
    let platform = Platform::start().await;
    let body = json!({ "kind": "report", "text": "Нет воды" });
    let guessed = platform.anonymous().with("idempotency-key", "1");
    guessed.post("/submissions", &body).await.problem(400, "Idempotency-Key");
    let own = platform.anonymous().with("idempotency-key", "0b2f6c0e-8a1f-4b6e-9f0e-3f5d2c1b0a99");
    let first = own.post("/submissions", &body).await.created();
    assert_eq!(own.post("/submissions", &body).await.created(), first, "the tracking number too");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_equal_steps_at_once_are_one_step_with_one_answer() {
    let platform = Platform::start().await;
    for round in 0..10 {
        let (id, _) = platform.pothole(&platform.anonymous()).await;
        let coordinator =
            platform.person("zaozersk-roads-coordinator").with("idempotency-key", format!("round-{round}"));
        let reject = json!({ "step": "reject", "reason": "spam" });
        let replies = futures::future::join_all((0..10).map(|_| coordinator.step(&id, reject.clone()))).await;
        let bodies: Vec<_> = replies.into_iter().map(crate::client::Reply::created).collect();
        assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_with_a_key_is_taken_once_and_answered_the_same() {
    let platform = Platform::start().await;
    let (id, _) = platform.pothole(&platform.anonymous()).await;
    let coordinator = platform.person("zaozersk-roads-coordinator").with("idempotency-key", "step-1");
    let assign = json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" });
    let first = coordinator.step(&id, assign.clone()).await.created();
    let worker = platform.person("zaozersk-roads-caseworker");
    worker.step(&id, json!({ "step": "draft", "outcome": "solved", "text": "Готово" })).await.created();
    assert_eq!(coordinator.step(&id, assign).await.created(), first, "the reply of then, not of now");
    let view = worker.get(&format!("/workspace/submissions/{id}")).await.ok();
    assert_eq!((&view["status"], &view["version"]), (&json!("drafted"), &json!(5)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_version_is_refused() {
    let platform = Platform::start().await;
    let (id, _) = platform.pothole(&platform.anonymous()).await;
    let coordinator = platform.person("zaozersk-roads-coordinator");
    let tag = coordinator.get(&format!("/workspace/submissions/{id}")).await.etag();
    let assign = json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" });
    coordinator.clone().with("if-match", &tag).step(&id, assign.clone()).await.created();
    coordinator.clone().with("if-match", &tag).step(&id, assign.clone()).await.problem(412, "If-Match");
    let weak = coordinator.clone().with("if-match", "W/\"4\"");
    weak.step(&id, assign.clone()).await.problem(412, "If-Match");
    coordinator
        .clone()
        .with("if-match", "yesterday")
        .step(&id, assign.clone())
        .await
        .problem(400, "If-Match");
    coordinator.with("if-match", "*").step(&id, assign).await.created();
}
