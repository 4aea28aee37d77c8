use serde_json::json;

use crate::platform::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_ends_in_the_dead_letter_queue_and_the_rest_go_through() {
    let platform = Platform::start().await;
    let absent = json!({
        "consumer": "routing",
        "event": "01990000-0000-7000-8000-000000000001",
        "submission": "01990000-0000-7000-8000-000000000002",
        "version": 1
    });
    platform.retry_soon("RoutingQueue").await;
    platform.retry_soon("IndexingQueue").await;
    platform.enqueue("RoutingQueue", "poison").await;
    platform.enqueue("IndexingQueue", "{\"consumer\":\"indexing\"}").await;
    platform.enqueue("RoutingQueue", &absent.to_string()).await;
    for _ in 0..30 {
        let body = json!({ "kind": "report", "text": "Яма", "category": "pothole", "territory": "zaozersk" });
        platform.anonymous().post("/submissions", &body).await.created();
    }
    platform.settle().await;
    let found = platform.anonymous().find("/search", &[("status", "routed")]).await.ok()["total"].as_u64();
    // Others have been on a deployed platform before.
    assert!(found == Some(30) || (!platform.is_local() && found > Some(30)), "{found:?}");
    platform.until_depth("RoutingDeadLetters", 2).await;
    platform.until_depth("IndexingDeadLetters", 1).await;
    platform.until_depth("RoutingQueue", 0).await;
    platform.until_depth("IndexingQueue", 0).await;
}
