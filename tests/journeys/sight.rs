//! Who sees what of submissions, also when the index is behind the table.

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::Client;
use crate::platform::Platform;

const COORDINATOR: &str = "zaozersk-roads-coordinator";

/// Gives a submission to another organization in the table alone, as after a forward that is not indexed yet.
async fn forward_unindexed(platform: &Platform, id: &str, organization: &str) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let update = platform.host.engines.clients.dynamodb.update_item().table_name("PlatformTable");
    let update = update
        .key("pk", text(&store::keys::submission(id.parse().unwrap())))
        .key("sk", text(store::keys::STATE))
        .update_expression("SET #body.#organization = :organization")
        .expression_attribute_names("#body", "body")
        .expression_attribute_names("#organization", "organization")
        .expression_attribute_values(":organization", text(organization));
    update.send().await.unwrap();
}

fn ids(found: &Value) -> Vec<&str> {
    found["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_behind_shows_nobody_what_left_them() {
    let platform = Platform::start().await;
    let (left, _) = platform.pothole(&platform.anonymous()).await;
    let (kept, _) = platform.pothole(&platform.anonymous()).await;
    let roads = platform.person(COORDINATOR);
    let similar = format!("/search/similar/{kept}");
    assert_eq!(roads.find("/search", &[("q", "яма")]).await.ok()["items"].as_array().unwrap().len(), 2);
    assert_eq!(ids(&roads.get(&similar).await.ok()), [left.as_str()]);

    forward_unindexed(&platform, &left, "ministry-roads").await;
    for query in [&[("q", "яма")][..], &[("q", "org:zaozersk-roads")], &[]] {
        assert_eq!(ids(&roads.find("/search", query).await.ok()), [kept.as_str()], "{query:?}");
    }
    let file = roads.find("/search", &[("format", "csv")]).await.expect(StatusCode::OK).body;
    let file = file.as_str().unwrap();
    assert!(file.contains(&kept) && !file.contains(&left), "{file}");
    assert_eq!(ids(&roads.get(&similar).await.ok()), Vec::<&str>::new());
    // Who reads everything, and who reads no text, is shown as much as before.
    for other in [platform.person("demo-analyst"), platform.person("demo-coordinator"), platform.anonymous()]
    {
        assert_eq!(other.get("/search").await.ok()["items"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_sees_no_organization_and_no_number_of_another_system() {
    let platform = Platform::start().await;
    let text = "Яма у дома";
    let body = json!({ "kind": "report", "text": text, "category": "pothole", "territory": "zaozersk",
        "external_id": "4711" });
    platform.person("demo-administrator").post("/submissions", &body).await.created();
    platform.settle().await;
    let seen = async |client: Client| client.get("/search").await.ok();
    for public in [platform.anonymous(), platform.person("citizen-1")] {
        let found = seen(public).await;
        assert_eq!((&found["total"], &found["facets"]["category"][0]["id"]), (&json!(1), &json!("pothole")));
        assert_eq!(found["facets"].get("organization"), None, "{found}");
        assert_eq!(found["items"][0].get("external_id"), None, "{found}");
    }
    for staff in ["demo-analyst", COORDINATOR] {
        let found = seen(platform.person(staff)).await;
        assert_eq!(found["facets"]["organization"][0]["id"], "zaozersk-roads");
        assert_eq!(found["items"][0]["external_id"], "4711");
    }
}
