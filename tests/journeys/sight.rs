//! Who sees what of submissions, and what is told, when the index is behind the table, away, or has more than a page.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use reqwest::StatusCode;
use serde_json::{Value, json};
use vmeste::data::Data;

use crate::client::Client;
use crate::generate::{generate, printed};
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

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_away_is_answered_for_by_what_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::on(Data::Folder(folder.path().to_owned())).await;
    platform.pothole(&platform.anonymous()).await;
    let analyst = platform.person("demo-analyst");
    assert_eq!(platform.anonymous().get("/matrix").await.ok()["total"]["count"], 1);

    let manifests = platform.host.folder().join("IndexBucket").join("manifests");
    let elsewhere = folder.path().join("elsewhere");
    let away = || {
        std::fs::rename(&manifests, &elsewhere).unwrap();
        // What is no folder cannot be listed.
        std::fs::write(&manifests, "").unwrap();
    };
    let back = || {
        std::fs::remove_file(&manifests).unwrap();
        std::fs::rename(&elsewhere, &manifests).unwrap();
    };
    away();
    let counted = platform.anonymous().get("/matrix").await;
    // Words were not open yet.
    let words = analyst.find("/search", &[("q", "яма")]).await;
    back();
    assert_eq!(counted.ok()["total"]["count"], 1);
    words.problem(503, "");

    assert_eq!(analyst.find("/search", &[("q", "яма")]).await.ok()["total"], 1);
    away();
    let words = analyst.find("/search", &[("q", "яма")]).await;
    back();
    assert_eq!(words.ok()["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_more_than_it_holds_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("IndexBucket");
    let into = index.to_str().unwrap().to_owned();
    let made = move || printed(generate(&["--messages", "10001", "--index", &into]));
    tokio::task::spawn_blocking(made).await.unwrap();
    let platform = Platform::on(Data::Folder(folder.path().to_owned())).await;
    let analyst = platform.person("demo-analyst");
    assert_eq!(analyst.get("/search").await.ok()["total"], 10_001);
    for (language, said) in [
        ("ru", "Первые 10\u{202f}000 сообщений из 10\u{202f}001"),
        ("en", "The first 10,000 submissions of 10,001"),
    ] {
        let file = analyst.clone().with("accept-language", language).get("/search?format=csv").await;
        let file = file.expect(StatusCode::OK).body;
        let last = file.as_str().unwrap().trim_end().lines().last().unwrap().replace('"', "");
        assert!(last.starts_with(said), "{last}");
    }
}

/// The same under another id.
fn renamed(value: &AttributeValue, from: &str, to: &str) -> AttributeValue {
    match value {
        AttributeValue::S(text) => AttributeValue::S(text.replace(from, to)),
        AttributeValue::M(map) => AttributeValue::M(
            map.iter().map(|(key, value)| (key.clone(), renamed(value, from, to))).collect(),
        ),
        other => other.clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_submissions_none_is_forgotten() {
    let platform = Platform::start().await;
    let (first, _) = platform.pothole(&platform.anonymous()).await;
    let client = &platform.host.engines.clients.dynamodb;
    let key = AttributeValue::S(store::keys::submission(first.parse().unwrap()));
    let query = client.query().table_name("PlatformTable").key_condition_expression("pk = :pk");
    let items = query.expression_attribute_values(":pk", key).send().await.unwrap().items.unwrap();
    // More batches than are read at once, the last of them not full.
    let mut wanted = vec![first.parse().unwrap()];
    for number in 0..480 {
        let id = format!("{}{number:08x}", &first[..28]);
        let copy = |item: &HashMap<String, AttributeValue>| {
            let item = item.iter().map(|(name, value)| (name.clone(), renamed(value, &first, &id))).collect();
            let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        };
        let copies: Vec<_> = items.iter().map(copy).collect();
        client.batch_write_item().request_items("PlatformTable", copies).send().await.unwrap();
        wanted.push(id.parse().unwrap());
    }
    let read = platform.host.store.submissions(&wanted).await.unwrap();
    assert_eq!(read.len(), 481);
    assert!(read.iter().all(|(_, text)| text.starts_with("Большая яма")));
    let texts = platform.host.store.texts(&wanted).await.unwrap();
    assert!(wanted.iter().all(|id| texts[id].starts_with("Большая яма")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_opens_what_it_counts_where_days_begin_at_another_hour() {
    let platform = Platform::start().await;
    let far = json!({ "territories": [
        { "id": "far-island", "name": "Дальний остров", "parent": "priozersk-region", "time_zone": "Asia/Kamchatka" }
    ]});
    let administrator = platform.person("demo-administrator");
    administrator.post("/directory/entries", &far).await.expect(StatusCode::CREATED);
    // 15:00 UTC: 19:00 in the region, three in the morning of the next day on the island.
    let day = 86_400;
    platform.clock.advance((15 * 3_600 - platform.clock.now().as_second()).rem_euclid(day));
    let body = json!({ "kind": "report", "text": "Яма", "category": "pothole", "territory": "far-island" });
    platform.submit(&platform.anonymous(), body).await;
    let today = platform.clock.now().to_string()[..10].to_owned();

    let analyst = platform.person("demo-analyst");
    let query = [("from", today.as_str()), ("to", &today), ("q", "яма")];
    let matrix =
        platform.browser_of("demo-analyst").find("/matrix", &query).await.expect(StatusCode::OK).page();
    let cell = matrix.attribute("table.heat td a[href^='/search?']", "href");
    assert_eq!(analyst.get(cell).await.ok()["total"], 1, "{cell}");
}
