use serde_json::json;

use crate::platform::{Platform, events};

const DAY: i64 = 86_400;

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn the_clock_reminds_marks_overdue_and_tells_the_organization_above() {
    let platform = Platform::start().await;
    let (id, author) = platform.pothole(&platform.anonymous()).await;
    let staff = platform.person("zaozersk-roads-coordinator");
    let path = format!("/workspace/submissions/{id}");

    platform.host.run("Deadlines").await.unwrap();
    assert_eq!(staff.get(&path).await.ok()["history"].as_array().unwrap().len(), 3, "nothing is due yet");

    platform.clock.advance(40 * DAY);
    for _ in 0..4 {
        platform.host.run("Deadlines").await.unwrap();
    }
    let view = staff.get(&path).await.ok();
    assert_eq!(events(&view)[3..], ["deadline_approaching", "submission_overdue", "submission_escalated"]);
    assert_eq!(view["history"][5]["details"]["to"], "zaozersk-administration");
    assert_eq!(view["deadline"]["overdue"], true);
    assert_eq!(events(&author.get(&format!("/submissions/{id}")).await.ok())[3..], ["submission_overdue"]);

    let cell = &platform.anonymous().get("/matrix").await.ok()["cells"][0];
    assert_eq!((&cell["open"], &cell["overdue"]), (&json!(1), &json!(1)));
}

/// The state as a version without counters of inboxes wrote it.
async fn uncount(platform: &Platform, id: &str) {
    let attribute = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
    let key = store::keys::state(id.parse().unwrap());
    let call = platform.host.engines.clients.dynamodb.update_item().table_name("PlatformTable");
    let call = call.key(store::keys::PK, attribute(key.pk)).key(store::keys::SK, attribute(key.sk));
    call.update_expression("REMOVE cell_pk, cell_sk, entry").send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn what_no_counter_knows_is_counted_when_its_alarm_rings() {
    let platform = Platform::start().await;
    let (id, _) = platform.pothole(&platform.anonymous()).await;
    let staff = platform.person("zaozersk-roads-coordinator");
    let all = async || staff.get("/workspace/inbox").await.ok()["counts"]["all"].clone();
    uncount(&platform, &id).await;
    assert_eq!(all().await, 1);
    platform.clock.advance(40 * DAY);
    platform.host.run("Deadlines").await.unwrap();
    assert_eq!(all().await, 2, "it was counted already, and has been counted anew");
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn an_answer_that_nobody_rates_is_closed() {
    let platform = Platform::start().await;
    let (id, author) = platform.answered("solved").await;
    platform.host.run("Deadlines").await.unwrap();
    assert_eq!(author.get(&format!("/submissions/{id}")).await.ok()["status"], "answered");
    platform.clock.advance(16 * DAY);
    platform.host.run("Deadlines").await.unwrap();
    assert_eq!(author.get(&format!("/submissions/{id}")).await.ok()["status"], "closed");
    author
        .post(&format!("/submissions/{id}/rating"), &json!({ "mark": 1, "solved": false }))
        .await
        .problem(409, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_stops_the_clock() {
    let platform = Platform::start().await;
    let (id, author) = platform.pothole(&platform.anonymous()).await;
    let staff = platform.person("zaozersk-roads-coordinator");
    let path = format!("/submissions/{id}");
    let day = |view: &serde_json::Value| -> jiff::civil::Date {
        view["deadline"]["date"].as_str().unwrap().parse().unwrap()
    };
    let before = day(&author.get(&path).await.ok());
    staff.step(&id, json!({ "step": "pause", "note": "Ждём ответа автора" })).await.created();
    platform.clock.advance(30 * DAY);
    platform.host.run("Deadlines").await.unwrap();
    let view = author.get(&path).await.ok();
    assert_eq!((&view["paused"], &view["deadline"]["overdue"]), (&json!(true), &json!(false)));
    staff
        .step(&id, json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" }))
        .await
        .problem(409, "");
    staff.step(&id, json!({ "step": "resume" })).await.created();
    let after = author.get(&path).await.ok();
    // It was paused on its first day, so all ten working days lie behind the pause: 12 to 14 days, more with holidays.
    let resumed = platform.clock.now().in_tz("Europe/Samara").unwrap().date();
    let left = resumed.until(day(&after)).unwrap().get_days();
    assert!(
        day(&after) > before && (12..=30).contains(&left),
        "{before} -> {}, resumed {resumed}",
        day(&after)
    );
    assert!(after["deadline"]["explanation"].as_str().unwrap().contains("paused days"));
}
