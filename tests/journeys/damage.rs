//! A damaged search index: nobody is told less without being told so, and it is made good by itself.

use std::path::Path;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use vmeste::data::Data;

use crate::client::Client;
use crate::platform::Platform;

async fn report(platform: &Platform, text: &str) {
    let body = json!({ "kind": "report", "text": text, "category": "pothole", "territory": "zaozersk" });
    platform.submit(&platform.anonymous(), body).await;
    platform.settle().await;
}

/// Changes a bit in the middle of every file of this kind.
fn damage(index: &Path, ending: &str) {
    for entry in std::fs::read_dir(index.join("files")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|found| found == ending) {
            let mut bytes = std::fs::read(&path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::remove_file(&path).unwrap();
            std::fs::write(&path, bytes).unwrap();
        }
    }
}

/// A submission that nobody can read: its text is a number.
async fn put_unreadable(platform: &Platform) {
    let put = platform.host.engines.clients.dynamodb.put_item().table_name("PlatformTable");
    let key = store::keys::submission("01990000-0000-7000-8000-000000000009".parse().unwrap());
    let put = put.item("pk", AttributeValue::S(key)).item("sk", AttributeValue::S(store::keys::STATE.into()));
    put.item("body", AttributeValue::N("1".into())).send().await.unwrap();
}

fn total(reply: &Value) -> u64 {
    reply["total"].as_u64().unwrap()
}

async fn said(client: &Client, path: &str) -> bool {
    let notes = client.clone().in_a_browser().page(path).await.texts(".note[role=status]");
    notes.iter().any(|note| note.contains("Результаты неполные"))
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn damage_to_the_index_is_told_and_made_good() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let platform = Platform::on(data.clone()).await;
    for text in ["Яма у школы", "Яма у почты", "Яма у рынка"] {
        report(&platform, text).await;
    }
    let index = platform.host.folder().join("IndexBucket");
    drop(platform);

    for (ending, counted) in [("pos", 3), ("delta", 0)] {
        damage(&index, ending);
        // A copy that was fetched before the damage is good, so the fetched files are removed.
        std::fs::remove_dir_all(folder.path().join("tmp")).unwrap();
        let platform = Platform::on(data.clone()).await;
        let analyst = platform.person("demo-analyst");
        let found = analyst.find("/search", &[("q", "яма")]).await.ok();
        let quarters = found["missing_quarters"].as_array().unwrap().clone();
        assert_eq!((quarters.len(), total(&found)), (1, 0), "{ending}: {found}");
        assert_eq!(total(&analyst.get("/search").await.ok()), counted, "{ending}");
        for path in ["/search", "/matrix", "/search?q=%D1%8F%D0%BC%D0%B0"] {
            assert!(said(&analyst, path).await, "{ending}: {path}");
        }
        let csv = analyst.clone().with("accept-language", "ru").get("/matrix?format=csv").await;
        assert!(csv.body.as_str().unwrap().contains("Результаты неполные"), "{ending}");
        // A dashboard does not say less without saying so either.
        let figures = platform.person("zaozersk-roads-approver").get("/workspace/dashboard").await.ok();
        assert_eq!(figures["missing_quarters"], json!(quarters), "{ending}");

        // The indexing of the next submission restores the index. A submission that cannot be read does not stop it.
        put_unreadable(&platform).await;
        report(&platform, "Фонарь не горит").await;
        let found = analyst.find("/search", &[("q", "яма")]).await.ok();
        assert_eq!((total(&found), &found["missing_quarters"]), (3, &json!([])), "{ending}");
        assert!(!said(&analyst, "/search").await, "{ending}");
        assert!(index.join("quarantine").read_dir().unwrap().next().is_some(), "{ending}: it was put aside");
        std::fs::remove_dir_all(index.join("quarantine")).unwrap();
        drop(platform);
    }
}

/// Reports one more on a platform that has lost its index, or some of it; gives what was said before.
async fn refilled_with_one_more(data: &Data, text: &str, all: u64) -> Value {
    let platform = Platform::on(data.clone()).await;
    let analyst = platform.person("demo-analyst");
    let before = analyst.get("/search").await.ok();
    report(&platform, text).await;
    let after = analyst.get("/search").await.ok();
    assert_eq!((total(&after), &after["missing_quarters"]), (all, &json!([])), "{text}");
    before
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_lost_index_is_filled_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let platform = Platform::on(data.clone()).await;
    for text in ["Яма у школы", "Яма у почты"] {
        report(&platform, text).await;
    }
    platform.answered("solved").await;
    platform.settle().await;
    let (index, caches) = (platform.host.folder().join("IndexBucket"), folder.path().join("tmp"));
    drop(platform);

    // The newest manifests: those of the last submission.
    let manifests = std::fs::read_dir(index.join("manifests")).unwrap();
    let mut manifests: Vec<_> = manifests.map(|entry| entry.unwrap().path()).collect();
    manifests.sort_unstable();
    for lost in manifests.iter().rev().take(2) {
        std::fs::remove_file(lost).unwrap();
    }
    std::fs::remove_dir_all(&caches).unwrap();
    let before = refilled_with_one_more(&data, "Фонарь не горит", 4).await;
    assert!(!before["missing_quarters"].as_array().unwrap().is_empty(), "{before}");
    for lost in manifests.iter().rev().take(2) {
        assert!(!lost.exists(), "the number of a lost manifest was used again");
    }

    // All of it: nobody knows then that there was anything, before somebody looks into the table.
    std::fs::remove_dir_all(&index).unwrap();
    std::fs::remove_dir_all(&caches).unwrap();
    let before = refilled_with_one_more(&data, "Снег не убран", 5).await;
    assert_eq!(total(&before), 0);
    assert!(!before["missing_quarters"].as_array().unwrap().is_empty(), "{before}");
}
