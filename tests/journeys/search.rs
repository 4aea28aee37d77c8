use serde_json::{Value, json};
use vmeste::data::Data;

use crate::platform::Platform;

async fn city() -> Platform {
    let platform = Platform::start().await;
    let anonymous = platform.anonymous();
    for (text, category, territory) in [
        ("Во дворе огромные ямы, чёрный лёд зимой", "pothole", "zaozersk-center"),
        ("Объезжаем яму каждый день", "pothole", "lugovoy"),
        ("Не горит фонарь у школы", "lamp-out", "zaozersk-zarechny"),
    ] {
        let body = json!({ "kind": "report", "text": text, "category": category, "territory": territory });
        anonymous.post("/submissions", &body).await.created();
    }
    anonymous.post("/submissions", &json!({ "kind": "report", "text": "Без категории" })).await.created();
    platform.settle().await;
    platform
}

fn texts(result: &Value) -> Vec<&str> {
    result["items"].as_array().unwrap().iter().map(|item| item["text"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_word_form_finds_a_text() {
    let platform = city().await;
    let analyst = platform.person("demo-analyst");
    for words in ["яма", "ямами", "ЯМ", "черный лед", "не яма"] {
        let found = analyst.find("/search", &[("q", words)]).await.ok();
        assert!(found["total"].as_u64().unwrap() >= 1, "{words}: {found}");
    }
    let found = analyst.find("/search", &[("q", "фонари школа")]).await.ok();
    assert_eq!(texts(&found), ["Не горит фонарь у школы"]);
    let marked: Vec<&Value> = found["items"][0]["snippet"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|piece| piece["highlighted"] == true)
        .collect();
    assert_eq!(marked.len(), 2);
    assert_eq!(analyst.find("/search", &[("q", "трамвай")]).await.ok()["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_walk_down_the_trees() {
    let platform = city().await;
    let analyst = platform.person("demo-analyst");
    let count =
        async |query: &[(&str, &str)]| analyst.find("/search", query).await.ok()["total"].as_u64().unwrap();
    assert_eq!(count(&[]).await, 4);
    assert_eq!(count(&[("territory", "zaozersk")]).await, 2);
    assert_eq!(count(&[("territory", "Луговой")]).await, 1, "by name as well");
    assert_eq!(count(&[("category", "roads")]).await, 2);
    assert_eq!(count(&[("organization", "zaozersk-roads")]).await, 1);
    assert_eq!(count(&[("status", "open")]).await, 4);
    assert_eq!(count(&[("status", "answered,closed")]).await, 0);
    assert_eq!(count(&[("to", "2001-01-01")]).await, 0);
    assert_eq!(count(&[("from", "2001-01-01")]).await, 4);
    let page = analyst.find("/search", &[("limit", "3")]).await.ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 3);
    let next = page["next"].as_str().unwrap();
    let last = analyst.find("/search", &[("limit", "3"), ("cursor", next)]).await.ok();
    assert_eq!((last["items"].as_array().unwrap().len(), &last["next"]), (1, &Value::Null));
    for (field, value) in [
        ("category", "no-such"),
        ("territory", "no-such"),
        ("organization", "no-such"),
        ("status", "no-such"),
        ("from", "soon"),
        ("from", "2026-11-22T23:59:59"),
        ("limit", "1000"),
        ("cursor", "abc"),
    ] {
        analyst.find("/search", &[(field, value)]).await.problem(422, field);
    }
    analyst.find("/search", &[("limit", "many")]).await.problem(400, "limit");
    analyst.find("/search", &[("colour", "red")]).await.problem(400, "colour");
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_for_analysts_until_they_are_masked() {
    let platform = city().await;
    platform.anonymous().find("/search", &[("q", "яма")]).await.problem(401, "");
    platform.person("citizen-1").find("/search", &[("q", "яма")]).await.problem(403, "");
    platform.anonymous().find("/matrix", &[("q", "яма")]).await.problem(401, "");
    // Staff search in what their organization, and those under it, work on.
    let roads = platform.person("zaozersk-roads-coordinator").find("/search", &[("q", "яма")]).await.ok();
    assert_eq!(texts(&roads), ["Во дворе огромные ямы, чёрный лёд зимой"]);
    let lugovoy = [("q", "яма"), ("territory", "lugovoy")];
    assert_eq!(
        platform.person("zaozersk-roads-coordinator").find("/search", &lugovoy).await.ok()["total"],
        0
    );
    assert_eq!(platform.person("demo-coordinator").find("/search", &[("q", "яма")]).await.ok()["total"], 2);
    let public = platform.anonymous().get("/search").await.ok();
    assert_eq!(public["total"], 4);
    let shown = &public["items"][0];
    assert!(
        shown.get("text").is_none() && shown.get("snippet").is_none() && shown.get("organization").is_none()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_matrix_adds_up() {
    let platform = city().await;
    let anonymous = platform.anonymous();
    let matrix = anonymous.get("/matrix").await.ok();
    let cell = |matrix: &Value, row: &str, column: &str| {
        let cells = matrix["cells"].as_array().unwrap();
        let found = cells.iter().find(|cell| cell["row"] == row && cell["column"] == column);
        found.map_or(0, |cell| cell["count"].as_u64().unwrap())
    };
    assert_eq!(cell(&matrix, "roads", "zaozersk"), 1);
    assert_eq!(cell(&matrix, "roads", "lugovoy"), 1);
    assert_eq!(cell(&matrix, "-", "priozersk-region"), 1);
    let total: u64 =
        matrix["cells"].as_array().unwrap().iter().map(|cell| cell["count"].as_u64().unwrap()).sum();
    assert_eq!(total, 4);
    let finer = anonymous.find("/matrix", &[("territory", "zaozersk"), ("rows", "2")]).await.ok();
    assert_eq!(cell(&finer, "pothole", "zaozersk-center"), 1);
    assert_eq!(cell(&finer, "lamp-out", "zaozersk-zarechny"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_can_be_thrown_away_and_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let everything = [("q", "яма"), ("limit", "100")];
    let first = Platform::on(data.clone()).await;
    for number in 0..20 {
        let body = json!({ "kind": "report", "text": format!("Яма номер {number}"), "category": "pothole" });
        first.anonymous().post("/submissions", &body).await.created();
    }
    first.settle().await;
    let analyst = first.person("demo-analyst");
    let before = (analyst.find("/search", &everything).await.ok(), analyst.get("/matrix").await.ok());
    assert_eq!(before.0["total"], 20);
    drop(first);

    std::fs::remove_dir_all(folder.path().join("IndexBucket")).unwrap();
    std::fs::remove_dir_all(folder.path().join("tmp")).unwrap();
    let mut second = Platform::on(data).await;
    second.may_scan = true; // an admin tool
    let analyst = second.person("demo-analyst");
    assert_eq!(analyst.find("/search", &everything).await.ok()["total"], 0);
    assert_eq!(second.host.reindex().await.unwrap(), 20);
    let after = (analyst.find("/search", &everything).await.ok(), analyst.get("/matrix").await.ok());
    assert_eq!(before, after);
}
