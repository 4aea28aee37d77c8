use serde_json::json;

use crate::platform::{Platform, events};

#[tokio::test(flavor = "multi_thread")]
async fn a_low_mark_sends_it_back_to_work_once_an_answer() {
    let platform = Platform::start().await;
    let (id, author) = platform.answered("explained").await;
    let rating = format!("/submissions/{id}/rating");
    platform.anonymous().post(&rating, &json!({ "mark": 1, "solved": false })).await.problem(404, "");
    author.post(&rating, &json!({ "mark": 6, "solved": false })).await.problem(422, "mark");
    author.post(&rating, &json!({ "mark": 3 })).await.problem(422, "solved");

    let low = json!({ "mark": 2, "solved": false, "text": "Яма на месте" });
    assert_eq!(author.post(&rating, &low).await.created()["status"], "reopened");
    author.post(&rating, &low).await.problem(409, "");
    platform.settle().await;

    let view = author.get(&format!("/submissions/{id}")).await.ok();
    assert_eq!(events(&view)[5..], ["satisfaction_rated", "submission_reopened"]);
    let inbox = platform.person("zaozersk-roads-coordinator").get("/workspace/inbox").await.ok();
    assert_eq!((&inbox["items"][0]["id"], &inbox["items"][0]["status"]), (&json!(id), &json!("reopened")));

    // A second answer may be rated anew.
    let worker = platform.person("zaozersk-roads-caseworker");
    let assign = json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" });
    platform.person("zaozersk-roads-coordinator").step(&id, assign).await.created();
    worker
        .step(&id, json!({ "step": "draft", "outcome": "solved", "text": "Теперь точно." }))
        .await
        .created();
    platform.person("zaozersk-roads-approver").step(&id, json!({ "step": "approve" })).await.created();
    assert_eq!(
        author.post(&rating, &json!({ "mark": 4, "solved": true })).await.created()["status"],
        "closed"
    );

    let satisfaction = platform.anonymous().get("/organizations/zaozersk-roads/satisfaction").await.ok();
    assert_eq!((&satisfaction["answers"], &satisfaction["ratings"]), (&json!(2), &json!(2)));
    assert_eq!((&satisfaction["mean_mark"], &satisfaction["response_rate"]), (&json!(3.0), &json!(1.0)));
    assert_eq!(satisfaction["satisfied"]["share"], json!(0.5));
    let low = satisfaction["satisfied"]["low"].as_f64().unwrap();
    assert!((low - 0.0945).abs() < 1e-4, "Wilson interval of 1 in 2: {low}");
}
