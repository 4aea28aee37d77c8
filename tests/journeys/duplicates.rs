use events::{Consumer, Delivery};
use serde_json::{Value, json};

use crate::platform::Platform;

/// Every queue message comes twice, and once more after everything is done: the state is the same.
#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn duplicate_messages_leave_the_same_state() {
    let platform = Platform::start().await;
    let mut authors = Vec::new();
    for _ in 0..20 {
        let body = json!({ "kind": "report", "text": "Яма", "category": "pothole", "territory": "zaozersk" });
        let reply = platform.anonymous().post("/submissions", &body).await.created();
        resend(&platform, &reply["id"]).await;
        let tracking = reply["tracking"].as_str().unwrap();
        authors.push((reply["id"].clone(), platform.anonymous().with("tracking", tracking)));
    }
    platform.settle().await;
    drained(&platform).await;
    let before = state(&platform, &authors).await;
    for view in &before.0 {
        assert_eq!(view["version"], 3, "routed once: {view}");
    }
    for (id, _) in &authors {
        resend(&platform, id).await;
    }
    drained(&platform).await;
    assert_eq!(before, state(&platform, &authors).await);
    for queue in ["RoutingDeadLetters", "IndexingDeadLetters", "NotificationsDeadLetters"] {
        assert_eq!(platform.depth(queue).await, 0, "{queue}");
    }
}

/// Sends every message that the submission's events so far ever caused.
async fn resend(platform: &Platform, id: &Value) {
    let id = id.as_str().unwrap().parse().unwrap();
    let record = platform.host.store.record(id).await.unwrap().unwrap();
    for envelope in record.events {
        for &consumer in events::audience(&envelope.event) {
            let delivery = Delivery {
                consumer,
                event: envelope.id,
                subject: envelope.subject,
                version: envelope.version,
            };
            let queue = match consumer {
                Consumer::Routing => "RoutingQueue",
                Consumer::Indexing => "IndexingQueue",
                Consumer::Notifications => "NotificationsQueue",
            };
            platform.enqueue(queue, &serde_json::to_string(&delivery).unwrap()).await;
        }
    }
}

async fn drained(platform: &Platform) {
    platform.until_depth("RoutingQueue", 0).await;
    platform.until_depth("IndexingQueue", 0).await;
    platform.until_depth("NotificationsQueue", 0).await;
}

async fn state(
    platform: &Platform,
    authors: &[(Value, crate::client::Client)],
) -> (Vec<Value>, Value, Value) {
    let mut views = Vec::new();
    for (id, author) in authors {
        views.push(author.get(&format!("/submissions/{}", id.as_str().unwrap())).await.ok());
    }
    let analyst = platform.person("demo-analyst");
    (views, analyst.find("/search", &[("limit", "100")]).await.ok(), analyst.get("/matrix").await.ok())
}
