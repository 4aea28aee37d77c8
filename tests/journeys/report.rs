use serde_json::{Value, json};

use crate::platform::{Platform, events};

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_routed_answered_and_rated() {
    let platform = Platform::start().await;
    let (id, author) = platform.pothole(&platform.anonymous()).await;

    let view = author.get(&format!("/submissions/{id}")).await.ok();
    assert_eq!(view["status"], "routed");
    assert_eq!(view["organization"]["id"], "zaozersk-roads");
    assert_eq!(view["rule"], "roads-zaozersk");
    assert!(view["reason"].as_str().unwrap().contains("roads-zaozersk"));
    assert_eq!(view["deadline"]["days"], 10);
    assert!(view["deadline"]["explanation"].as_str().unwrap().contains("10 working days"));
    assert_eq!(events(&view), ["submission_received", "submission_registered", "submission_routed"]);

    let coordinator = platform.person("zaozersk-roads-coordinator");
    let inbox = coordinator.get("/workspace/inbox").await.ok();
    assert_eq!(inbox["organization"], "zaozersk-roads");
    assert!(items(&inbox).contains(&id.as_str()), "{inbox}");

    let worker = platform.person("zaozersk-roads-caseworker");
    let approver = platform.person("zaozersk-roads-approver");
    coordinator
        .step(&id, json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" }))
        .await
        .created();
    worker.step(&id, json!({ "step": "answer_interim", "text": "Выезжаем на место." })).await.created();
    worker
        .step(&id, json!({ "step": "draft", "outcome": "explained", "text": "Это не яма." }))
        .await
        .created();
    approver.step(&id, json!({ "step": "send_back", "note": "Съездите ещё раз." })).await.created();
    worker
        .step(&id, json!({ "step": "draft", "outcome": "solved", "text": "Яму заделали." }))
        .await
        .created();
    approver.step(&id, json!({ "step": "approve" })).await.created();

    let view = author.get(&format!("/submissions/{id}")).await.ok();
    assert_eq!(view["status"], "answered");
    assert_eq!(view["rating_deadline"]["days"], 14);
    assert_eq!(
        (&view["answers"][0]["outcome"], &view["answers"][0]["text"]),
        (&json!("solved"), &json!("Яму заделали."))
    );
    let text = view.to_string();
    assert!(text.contains("Выезжаем на место."), "an interim answer is for the author");
    assert!(!text.contains("Съездите ещё раз."), "a note between colleagues is not");
    assert!(!text.contains("Это не яма."), "nor is a draft");
    assert!(!text.contains("zaozersk-roads-caseworker"), "nor is who worked on it");

    let staff = worker.get(&format!("/workspace/submissions/{id}")).await.ok();
    assert!(staff.to_string().contains("Съездите ещё раз."));
    assert_eq!(staff["history"].as_array().unwrap().len(), 9);

    let rated = author
        .post(&format!("/submissions/{id}/rating"), &json!({ "mark": 5, "solved": true }))
        .await
        .created();
    assert_eq!(rated["status"], "closed");
    let inbox = coordinator.get("/workspace/inbox").await.ok();
    assert!(!items(&inbox).contains(&id.as_str()), "what is over leaves the inbox");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_category_or_rule_the_default_organization_decides() {
    let platform = Platform::start().await;
    let body = json!({ "kind": "report", "text": "Не ловит связь", "territory": "zaozersk" });
    let (id, author) = platform.submit(&platform.anonymous(), body).await;
    let view = author.get(&format!("/submissions/{id}")).await.ok();
    assert_eq!(
        (&view["rule"], &view["organization"]["id"]),
        (&json!("default"), &json!("zaozersk-administration"))
    );

    let body = json!({ "kind": "report", "text": "Не ловит связь", "category": "mobile-signal" });
    let (id, author) = platform.submit(&platform.anonymous(), body).await;
    let view = author.get(&format!("/submissions/{id}")).await.ok();
    assert_eq!((&view["rule"], &view["organization"]["id"]), (&json!("default"), &json!("government")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_sees_and_withdraws_what_is_theirs() {
    let platform = Platform::start().await;
    let citizen = platform.person("citizen-1");
    let place = json!({ "address": "ул. Озёрная, 5", "lat": 52.5, "lon": 49.25 });
    let body = json!({ "kind": "report", "text": "Яма", "place": place });
    let (id, _) = platform.submit(&citizen, body).await;
    assert_eq!(citizen.get(&format!("/submissions/{id}")).await.ok()["place"], place, "as it was sent");
    let own = citizen.get("/submissions").await.ok();
    assert_eq!(own["items"][0]["id"], json!(id), "the newest first");
    assert_eq!(platform.person("citizen-2").get("/submissions").await.ok()["items"], json!([]));
    platform.anonymous().get("/submissions").await.problem(401, "");

    platform
        .person("citizen-2")
        .post(&format!("/submissions/{id}/withdrawal"), &json!({}))
        .await
        .problem(404, "");
    let reply = citizen.post(&format!("/submissions/{id}/withdrawal"), &json!({})).await;
    assert_eq!(reply.status.as_u16(), 204);
    assert_eq!(citizen.get(&format!("/submissions/{id}")).await.ok()["status"], "withdrawn");
    citizen.post(&format!("/submissions/{id}/withdrawal"), &json!({})).await.problem(409, "");
}

/// The ids in a list.
fn items(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn categories_are_suggested_while_a_text_is_written() {
    let platform = Platform::start().await;
    let anonymous = platform.anonymous();
    let suggest = async |text: &str| {
        let reply = anonymous.post("/submissions/new/categories", &json!({ "text": text })).await.ok();
        let items = reply["items"].as_array().unwrap().clone();
        items.into_iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(suggest("Не горят фонари у подъезда").await[0], "lamp-out");
    assert_eq!(suggest("Соседи").await, Vec::<String>::new());
    anonymous.post("/submissions/new/categories", &json!({ "words": "яма" })).await.problem(400, "");
}
