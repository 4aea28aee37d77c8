use serde_json::{Value, json};
use vmeste::data::Data;

use crate::client::Client;
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

/// What a line finds, by its texts in the order of the alphabet.
async fn found(client: &Client, line: &str) -> Vec<String> {
    let result = client.find("/search", &[("q", line)]).await.ok();
    let mut texts: Vec<String> =
        texts(&result).into_iter().map(|text| text[..text.find(' ').unwrap()].to_owned()).collect();
    texts.sort();
    texts
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_has_words_and_filters() {
    let platform = city().await;
    // A fifth one: answered, rated with 4, and so closed.
    let (id, author) = platform.answered("solved").await;
    author.post(&format!("/submissions/{id}/rating"), &json!({ "mark": 4, "solved": true })).await.created();
    platform.settle().await;
    let analyst = platform.person("demo-analyst");
    for (line, wanted) in [
        ("фон*", vec!["Не"]),
        ("фонари*", vec!["Не"]),
        ("яма -двор* -больш*", vec!["Объезжаем"]),
        ("фонарь OR двор", vec!["Во", "Не"]),
        ("фонарь ИЛИ «каждый день»", vec!["Не", "Объезжаем"]),
        ("category:pothole", vec!["Большая", "Во", "Объезжаем"]),
        ("Тема:\"яма на дороге\" двор", vec!["Во"]),
        ("category:roads", vec!["Большая", "Во", "Объезжаем"]),
        ("category:pothole,lamp-out -территория:lugovoy", vec!["Большая", "Во", "Не"]),
        ("тема:-", vec!["Без"]),
        ("тема:-,lamp-out", vec!["Без", "Не"]),
        ("-тема:-,lamp-out", vec!["Большая", "Во", "Объезжаем"]),
        ("territory:zaozersk", vec!["Большая", "Во", "Не"]),
        ("место:луговой", vec!["Объезжаем"]),
        // Those under it as well: the lamps.
        ("org:zaozersk-roads", vec!["Большая", "Во", "Не"]),
        ("орган:zaozersk-lighting", vec!["Не"]),
        ("org:\"Предприятие уличного освещения «Светлый город»\"", vec!["Не"]),
        ("status:closed", vec!["Большая"]),
        ("статус:\"с ответом\"", vec!["Большая"]),
        ("status:answered,closed", vec!["Большая"]),
        ("status:open", vec!["Без", "Во", "Не", "Объезжаем"]),
        ("статус:\"Ждут ответа\" ям*", vec!["Во", "Объезжаем"]),
        ("kind:appeal", vec![]),
        ("вид:сообщение яма", vec!["Большая", "Во", "Объезжаем"]),
        ("kind:report,appeal двор", vec!["Во"]),
        ("mark:>3", vec!["Большая"]),
        ("оценка:4", vec!["Большая"]),
        ("mark:<=3", vec![]),
        ("-mark:4..5 ям*", vec!["Во", "Объезжаем"]),
        ("received:2001-01-01..2001-02-01", vec![]),
        ("received:>=2001-01-01 фонарь", vec!["Не"]),
        ("-дата:2001 фонарь", vec!["Не"]),
        ("дата:<2001-03", vec![]),
    ] {
        assert_eq!(found(&analyst, line).await, wanted, "{line}");
    }
    // With the form, both hold.
    let both = [("q", "category:pothole"), ("territory", "lugovoy")];
    assert_eq!(analyst.find("/search", &both).await.ok()["total"], 1);
    let neither = [("q", "category:pothole"), ("category", "lamp-out")];
    assert_eq!(analyst.find("/search", &neither).await.ok()["total"], 0);
    // Who sees a part finds nothing else, whatever the line says.
    let roads = platform.person("zaozersk-roads-coordinator");
    assert_eq!(found(&roads, "-org:zaozersk-roads").await, Vec::<String>::new());
    assert_eq!(found(&roads, "org:zaozersk-roads").await, ["Большая", "Во", "Не"]);
    assert_eq!(found(&roads, "ям*").await, ["Большая", "Во"]);

    let prefix = analyst.find("/search", &[("q", "фон*")]).await.ok();
    let pieces = prefix["items"][0]["snippet"].as_array().unwrap();
    let marked: Vec<&Value> = pieces.iter().filter(|piece| piece["highlighted"] == true).collect();
    assert_eq!(marked[0]["text"], "фонарь");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_cannot_be_understood_says_where_and_why() {
    let platform = city().await;
    let analyst = platform.person("demo-analyst");
    for (line, code, said) in [
        ("яма «на дороге", "line-quotation", "character 5: "),
        ("ёж - яма", "line-minus", "character 4: "),
        ("яма катgория:x", "line-field", "character 5: there is no field «катgория» (perhaps категория"),
        ("яма тем:x", "line-field", "character 5: there is no field «тем» (perhaps тема"),
        ("category:pothol", "line-entry", "character 10: there is no «pothol» (perhaps pothole)"),
        ("яма status:open,answred", "line-entry", "character 17: there is no «answred» (perhaps answered"),
        ("место:\"Лугавой\"", "line-entry", "character 8: there is no «Лугавой» (perhaps «Луговой»"),
        ("орган:zaozersk-road", "line-entry", "(perhaps zaozersk-roads"),
        ("kind:letter", "line-entry", "character 6: "),
        ("mark:6", "line-mark", "character 6: "),
        ("received:вчера", "line-day", "character 10: "),
        ("received:2026-02..2026-01", "line-reversed", "character 10: "),
        ("яма тема:", "line-value", "character 5: category has no value"),
        ("OR яма", "line-or", "character 1: "),
        ("ф*", "line-prefix", "character 1: "),
        ("(status:open)", "line-sign", "character 1: "),
        ("яма +статус:открыто", "line-sign", "character 5: "),
    ] {
        for path in ["/search", "/matrix"] {
            let problem = analyst.find(path, &[("q", line)]).await.problem(422, "q");
            let field = &problem["fields"][0];
            assert_eq!(field["code"], code, "{line}: {field}");
            assert!(field["message"].as_str().unwrap().contains(said), "{line}: {field}");
        }
    }
    let two = analyst.find("/search", &[("q", "mark:9 org:nobody-at-all")]).await.problem(422, "q");
    assert_eq!(
        two["fields"].as_array().unwrap().len(),
        1,
        "what cannot be read comes before what is not there"
    );
    let two = analyst.find("/search", &[("q", "kind:x org:nobody-at-all"), ("from", "soon")]).await;
    assert_eq!(two.problem(422, "from")["fields"].as_array().unwrap().len(), 3);
    // What is alike is looked for among all names: not for a hundred, in one filter or in many.
    let names = format!("место:{}", ["q"; 160].join(","));
    let filters = ["место:q"; 50].join(" ");
    for line in [names, filters] {
        let many = analyst.find("/search", &[("q", &line)]).await.problem(422, "q");
        assert_eq!(many["fields"].as_array().unwrap().len(), 10, "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_filters_and_does_not_search_in_texts() {
    let platform = city().await;
    let anonymous = platform.anonymous();
    for (line, total) in [
        ("category:pothole", 2),
        ("-category:pothole", 2),
        ("org:zaozersk-roads", 2),
        ("status:open -kind:appeal", 4),
        ("mark:5", 0),
        ("", 4),
    ] {
        let found = anonymous.find("/search", &[("q", line)]).await.ok();
        assert_eq!(found["total"], total, "{line}");
        assert!(found["items"].as_array().unwrap().iter().all(|item| item.get("text").is_none()), "{line}");
    }
    let counted = anonymous.find("/matrix", &[("q", "-category:pothole")]).await.ok();
    assert_eq!(counted["cells"].as_array().unwrap().len(), 2);
    for words in ["яма category:pothole", "-яма", "я*", "ям*", "и", "«яма» OR двор"] {
        for path in ["/search", "/matrix"] {
            let status = if words == "я*" { 422 } else { 401 };
            anonymous.find(path, &[("q", words)]).await.problem(status, "");
        }
        let file = anonymous.find("/search", &[("q", words), ("format", "csv")]).await;
        assert!(file.status.is_client_error(), "{words}");
    }
    platform.person("citizen-1").find("/search", &[("q", "mark:5 яма")]).await.problem(403, "");
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
    let index = first.host.folder().join("IndexBucket/manifests");
    let begun = std::fs::read_to_string(index.join("00000000000000000001.json")).unwrap();
    assert!(!begun.contains("\"loss\""), "nothing is missing on a new platform: {begun}");
    drop(first);

    std::fs::remove_dir_all(folder.path().join("IndexBucket")).unwrap();
    std::fs::remove_dir_all(folder.path().join("tmp")).unwrap();
    let mut second = Platform::on(data).await;
    second.may_scan = true; // an admin tool
    let analyst = second.person("demo-analyst");
    assert_eq!(analyst.find("/search", &everything).await.ok()["total"], 0);
    let (store, mut read) = (&second.host.store, 0);
    let index = second.host.index().unwrap();
    assert_eq!(indexing::rebuild(store, &index, |items| read = items).await.unwrap(), 20);
    assert!(read > 20, "other items were read too");
    let after = (analyst.find("/search", &everything).await.ok(), analyst.get("/matrix").await.ok());
    assert_eq!(before, after);
}
