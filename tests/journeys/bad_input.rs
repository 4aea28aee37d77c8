use serde_json::json;

use crate::platform::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn bad_submissions_are_named_and_not_stored() {
    let platform = Platform::start().await;
    let client = platform.anonymous();
    let long = "я".repeat(20_001);
    for (body, field) in [
        (json!({ "kind": "report" }), "text"),
        (json!({ "kind": "report", "text": " \n " }), "text"),
        (json!({ "kind": "report", "text": long }), "text"),
        (json!({ "kind": "report", "text": "a\u{0}b" }), "text"),
        (json!({ "kind": "complaint", "text": "a" }), "kind"),
        (json!({ "kind": "report", "text": "a", "category": "no-such" }), "category"),
        (json!({ "kind": "report", "text": "a", "territory": "Марс" }), "territory"),
        (json!({ "kind": "report", "text": "a", "place": { "address": "" } }), "place.address"),
        (
            json!({ "kind": "report", "text": "a", "place": { "address": "x", "lat": 99.0, "lon": 1.0 } }),
            "place.lat",
        ),
        (json!({ "kind": "report", "text": "a", "place": { "address": "x", "lat": "north" } }), "place.lat"),
        (json!({ "kind": "report", "text": "a", "place": { "address": "x", "lat": 9.0 } }), "place"),
        (json!({ "kind": "report", "text": "a", "colour": "red" }), "colour"),
    ] {
        client.post("/submissions", &body).await.problem(422, field);
    }
    let several = json!({ "kind": "report", "text": "", "category": "x", "territory": "y" });
    let problem = client.post("/submissions", &several).await.problem(422, "text");
    assert_eq!(problem["fields"].as_array().unwrap().len(), 3, "every wrong field at once");

    client.post_raw("/submissions", b"{\"kind\":\"report\",\"text\":\"\xd0\"}").await.problem(400, "text");
    client.post_raw("/submissions", b"{\"kind\":").await.problem(400, "kind");
    let trailing = br#"{"kind":"report","text":"a"} and more"#;
    client.post_raw("/submissions", trailing).await.problem(400, "body");
    client.post_raw("/submissions", b"<xml/>").await.problem(400, "body");
    let huge = format!("{{\"kind\":\"report\",\"text\":\"{}\"}}", "я".repeat(200_000));
    client.post_raw("/submissions", huge.as_bytes()).await.problem(413, "");
    let import = json!({ "kind": "report", "text": "a", "external_id": "7" });
    client.post("/submissions", &import).await.problem(401, "");
    platform.person("demo-coordinator").post("/submissions", &import).await.problem(403, "");

    platform.settle().await;
    assert_eq!(platform.anonymous().get("/search").await.ok()["total"], 0, "nothing was stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_submission_and_an_absent_one_look_the_same() {
    let platform = Platform::start().await;
    let (id, author) = platform.pothole(&platform.anonymous()).await;
    let path = format!("/submissions/{id}");
    author.get(&path).await.ok();
    let wrong = platform.anonymous().with("tracking", "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-A").get(&path).await;
    let nobody = platform.anonymous().get(&path).await;
    let absent = platform.anonymous().get("/submissions/01990000-0000-7000-8000-000000000000").await;
    let nonsense = platform.anonymous().get("/submissions/%FF").await;
    let bodies: Vec<_> =
        [wrong, nobody, absent, nonsense].into_iter().map(|reply| reply.problem(404, "")).collect();
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_that_the_status_forbids_change_nothing() {
    let platform = Platform::start().await;
    let (id, author) = platform.pothole(&platform.anonymous()).await;
    let (coordinator, approver) =
        (platform.person("zaozersk-roads-coordinator"), platform.person("zaozersk-roads-approver"));
    let before = author.get(&format!("/submissions/{id}")).await;
    approver.step(&id, json!({ "step": "approve" })).await.problem(409, "");
    coordinator.step(&id, json!({ "step": "register" })).await.problem(409, "");
    coordinator.step(&id, json!({ "step": "resume" })).await.problem(409, "");
    coordinator.step(&id, json!({ "step": "reject" })).await.problem(422, "reason");
    coordinator.step(&id, json!({ "step": "dance" })).await.problem(422, "step");
    let forward = json!({ "step": "forward", "organization": "no-such" });
    coordinator.step(&id, forward).await.problem(422, "organization");
    coordinator
        .step(&id, json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" }))
        .await
        .created();
    let worker = platform.person("zaozersk-roads-caseworker");
    let past =
        json!({ "step": "draft", "outcome": "planned", "planned_by": "2020-01-01", "text": "Сделаем" });
    worker.step(&id, past).await.problem(422, "planned_by");
    worker
        .step(&id, json!({ "step": "draft", "outcome": "planned", "text": "x" }))
        .await
        .problem(422, "planned_by");
    worker.step(&id, json!({ "step": "draft", "outcome": "solved" })).await.problem(422, "text");
    author
        .post(&format!("/submissions/{id}/rating"), &json!({ "mark": 5, "solved": true }))
        .await
        .problem(409, "");
    let after = author.get(&format!("/submissions/{id}")).await;
    assert_eq!(before.body["version"].as_u64().unwrap() + 1, after.body["version"].as_u64().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_addresses_and_methods_are_problems_too() {
    let platform = Platform::start().await;
    platform.anonymous().get("/no/such/page").await.problem(404, "");
    // As at API Gateway: what has no route goes to the portal, whatever its method.
    platform.anonymous().post("/search", &json!({})).await.problem(404, "");
    assert_eq!(platform.anonymous().get("/health").await.status.as_u16(), 200);
}
