//! The routes over the tables, without a platform around them.

use axum::Router;
use engines::Workbench;
use serde_json::json;

async fn directory() -> (Workbench, Router) {
    let bench = Workbench::start().await.unwrap();
    let router = super::router(bench.app("Directory").unwrap());
    (bench, router)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_written_by_an_administrator_and_makes_a_version() {
    let (bench, router) = directory().await;
    let entry = json!({ "name": "Выбоина", "parent": "streets" });
    for (person, body, status) in [
        (None, &entry, 401),
        (Some("coordinator"), &entry, 403),
        (Some("administrator"), &json!({ "name": " ", "parent": "streets" }), 422),
        (Some("administrator"), &json!({ "name": "Выбоина", "parent": "tree" }), 422),
    ] {
        let reply = bench.post(&router, "/directory/entries/categories/pothole", person, body).await.unwrap();
        assert_eq!(reply.status.as_u16(), status, "{person:?} {body}: {}", reply.text);
    }
    let version = async || bench.get(&router, "/directory", None).await.unwrap().json()["version"].clone();
    assert_eq!(version().await, 1, "nothing was stored");
    let change = json!({ "categories": [{ "id": "manhole", "name": "Люк", "parent": "streets" }] });
    let written = bench.post(&router, "/directory/entries", Some("administrator"), &change).await.unwrap();
    assert_eq!(written.status.as_u16(), 201, "{}", written.text);
    assert_eq!(version().await, 2);
    let categories = bench.get(&router, "/categories", None).await.unwrap().json();
    assert!(
        categories.as_array().unwrap().iter().any(|category| category["id"] == "manhole"),
        "{categories}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_need_stays() {
    let (bench, router) = directory().await;
    let removal = "/directory/entries/organizations/roads/removal";
    let refused = bench.post(&router, removal, Some("administrator"), &json!({})).await.unwrap();
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
    assert_eq!(refused.json()["fields"][0]["code"], "still-used");
    assert_eq!(bench.get(&router, "/organizations/roads", None).await.unwrap().status.as_u16(), 200);
}
