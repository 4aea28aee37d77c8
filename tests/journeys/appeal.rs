use serde_json::json;

use crate::platform::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_runs_by_the_law_on_appeals() {
    let platform = Platform::start().await;
    let body = json!({ "kind": "appeal", "text": "Прошу принять меры", "category": "pothole", "territory": "zaozersk" });
    platform.anonymous().post("/submissions", &body).await.problem(401, "kind");

    let citizen = platform.person("citizen-1");
    let (id, _) = platform.submit(&citizen, body).await;
    let view = citizen.get(&format!("/submissions/{id}")).await.ok();
    assert_eq!(view["status"], "routed");
    assert_eq!(view["registration_deadline"]["days"], 3);
    assert_eq!(view["deadline"]["days"], 30);

    let coordinator = platform.person("zaozersk-roads-coordinator");
    let assign = json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" });
    coordinator.step(&id, assign.clone()).await.problem(409, "");
    coordinator.step(&id, json!({ "step": "register" })).await.created();
    let view = citizen.get(&format!("/submissions/{id}")).await.ok();
    assert_eq!(view["status"], "registered");
    assert_eq!(view["redirect_deadline"]["days"], 7);
    assert_eq!(view.get("registration_deadline"), None);

    coordinator.step(&id, assign).await.created();
    let approver = platform.person("zaozersk-roads-approver");
    let extend = |days: u16| json!({ "step": "extend", "days": days, "note": "Ждём экспертизу" });
    approver.step(&id, extend(31)).await.problem(422, "days");
    let before = citizen.get(&format!("/submissions/{id}")).await.ok()["deadline"]["date"].clone();
    approver.step(&id, extend(30)).await.created();
    approver.step(&id, extend(1)).await.problem(409, "");
    let after = citizen.get(&format!("/submissions/{id}")).await.ok();
    assert_eq!(after["deadline"]["extended_by"], 30);
    assert!(after["deadline"]["date"].as_str() > before.as_str());
    assert!(after.to_string().contains("Ждём экспертизу"), "the author is told why");

    coordinator.step(&id, json!({ "step": "pause", "note": "x" })).await.problem(409, "");
    if !platform.is_local() {
        return; // nobody moves the clock of a deployed platform
    }
    platform.clock.advance(8 * 86_400);
    let forward = json!({ "step": "forward", "organization": "ministry-roads" });
    coordinator.step(&id, forward).await.problem(409, "");
}
