//! The directory's pages, as a browser without scripts uses them.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::platform::Platform;

const ADMINISTRATOR: &str = "demo-administrator";

fn browser(platform: &Platform, subject: &str) -> Client {
    platform.person(subject).with("accept", "text/html")
}

async fn post(client: &Client, path: &str, fields: &[(&str, &str)]) -> Reply {
    let body = serde_urlencoded::to_string(fields).unwrap();
    client
        .clone()
        .with("content-type", "application/x-www-form-urlencoded")
        .post_raw(path, body.as_bytes())
        .await
}

/// A file as a browser uploads it.
async fn upload(client: &Client, file: &str, mode: &str) -> Reply {
    let part = |name: &str, value: &str| {
        format!("--XX\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let named = format!(
        "--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"d.json\"\r\n\r\n{file}\r\n"
    );
    let body = format!("{}{named}--XX--\r\n", part("mode", mode));
    let client = client.clone().with("content-type", "multipart/form-data; boundary=XX");
    client.post_raw("/directory/preview", body.as_bytes()).await
}

#[track_caller]
fn page(reply: Reply, status: StatusCode) -> String {
    reply.expect(status).body.as_str().expect("a page").to_owned()
}

#[track_caller]
fn goes_to(reply: Reply, path: &str) {
    let reply = reply.expect(StatusCode::SEE_OTHER);
    assert_eq!(reply.headers["location"].to_str().unwrap(), path);
}

/// The value of a hidden field, unescaped as far as JSON needs it.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect(name);
    rest.split('"').next().unwrap().replace("&#34;", "\"").replace("&quot;", "\"").replace("&#38;", "&")
}

async fn version(platform: &Platform) -> u64 {
    platform.anonymous().get("/directory").await.ok()["version"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_changed_by_its_form_and_a_mistake_stands_beside_its_field() {
    let platform = Platform::start().await;
    let admin = browser(&platform, ADMINISTRATOR);
    let path = "/directory/entries/categories/pothole";
    let form = page(admin.get(path).await, StatusCode::OK);
    assert!(form.contains("value=\"Яма на дороге\"") && form.contains("<option value=\"roads\" selected>"));
    let version_read = hidden(&form, "if_match");

    // A topic in a topic, and one that is no parent at all: the values stay, the reason stands beside the field.
    for (parent, reason) in [
        ("pavement-broken", "Тема входит в группу, а не в другую тему"),
        ("no-such", "«no-such» нет в справочнике. Выберите из списка"),
    ] {
        let fields = [("if_match", &*version_read), ("name", "Провал «<img onerror=x>»"), ("parent", parent)];
        let refused = page(post(&admin, path, &fields).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.contains(&format!("<a href=\"#parent\">{reason}</a>")), "{refused}");
        assert!(refused.contains("id=\"parent-error\"") && refused.contains("Провал «"));
        assert!(!refused.contains("<img onerror"), "what was typed is shown as text");
    }
    let nameless = page(
        post(&admin, path, &[("name", " "), ("parent", "roads")]).await,
        StatusCode::UNPROCESSABLE_ENTITY,
    );
    assert!(nameless.contains("<a href=\"#name\">Заполните это поле</a>"));
    assert_eq!(version(&platform).await, 1, "nothing was stored");

    let fields = [
        ("if_match", &*version_read),
        ("idempotency_key", "once"),
        ("name", "Провал <img onerror=x>"),
        ("parent", "roads"),
    ];
    goes_to(post(&admin, path, &fields).await, &format!("{path}?done=entry-saved"));
    // Sent twice is stored once.
    goes_to(post(&admin, path, &fields).await, &format!("{path}?done=entry-saved"));
    assert_eq!(version(&platform).await, 2);
    let shown = page(admin.get(&format!("{path}?done=entry-saved")).await, StatusCode::OK);
    assert!(shown.contains("Сохранено") && !shown.contains("<img onerror"), "{shown}");

    // Somebody who read the version before is told, and keeps what they wrote.
    let late = [("if_match", &*version_read), ("name", "Моё название"), ("parent", "roads")];
    let stale = page(post(&admin, path, &late).await, StatusCode::PRECONDITION_FAILED);
    assert!(
        stale.contains("Пока вы заполняли форму, это изменили") && stale.contains("value=\"Моё название\"")
    );
    assert_eq!(hidden(&stale, "if_match"), "2", "and can send it again");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_section_has_its_form() {
    let platform = Platform::start().await;
    let admin = platform.person(ADMINISTRATOR);
    for (path, form) in [
        ("calendars/priozersk-calendar", "days_off=2026-01-01+%D0%B0"),
        (
            "territories/lugovoy",
            "name=L&parent=priozersk-region&time_zone=Europe/Moscow&default_organization=lugovoy-administration",
        ),
        ("organizations/school-1", "name=S&parent=zaozersk-education"),
        ("routing_rules/roads-zaozersk", "category=roads&territory=zaozersk&organization=school-1"),
        (
            "deadline_rules/report-answer",
            "kind=report&clock=answer&days=9&unit=working_days&roll=keep&pausable=true&remind_before=2",
        ),
        ("people/demo-analyst", "organization=school-1&roles%5B%5D=analyst&roles%5B%5D=moderator"),
    ] {
        let html = page(
            browser(&platform, ADMINISTRATOR).get(&format!("/directory/entries/{path}")).await,
            StatusCode::OK,
        );
        assert!(!html.contains("directory-"), "a text is missing: {path}");
        let client = admin.clone().with("content-type", "application/x-www-form-urlencoded");
        client
            .post_raw(&format!("/directory/entries/{path}"), form.as_bytes())
            .await
            .expect(StatusCode::SEE_OTHER);
    }
    let person = admin.get("/directory/entries/people/demo-analyst").await.ok();
    assert_eq!(person["entry"]["roles"], json!(["moderator", "analyst"]));
    let rule = admin.get("/directory/entries/deadline_rules/report-answer").await.ok();
    let wanted = json!({ "id": "report-answer", "kind": "report", "clock": "answer", "days": 9, "unit": "working_days",
        "roll": "keep", "extension": 0, "pausable": true, "remind_before": 2 });
    assert_eq!(rule["entry"], wanted);
    // A new one needs an id that is free.
    let new = [("id", "pothole"), ("name", "Снова яма"), ("parent", "roads")];
    let taken = page(
        post(&browser(&platform, ADMINISTRATOR), "/directory/entries/categories/new", &new).await,
        StatusCode::UNPROCESSABLE_ENTITY,
    );
    assert!(taken.contains("<a href=\"#id\">Код «pothole» уже занят</a>"), "{taken}");
    let new = [("id", "новая яма"), ("name", "Яма"), ("parent", "roads")];
    let spaced = post(&browser(&platform, ADMINISTRATOR), "/directory/entries/categories/new", &new).await;
    assert!(page(spaced, StatusCode::UNPROCESSABLE_ENTITY).contains("В коде не может быть пробелов"));
    let new = [("id", "новая"), ("name", "Яма"), ("parent", "roads")];
    goes_to(
        post(&browser(&platform, ADMINISTRATOR), "/directory/entries/categories/new", &new).await,
        "/directory/entries/categories/%D0%BD%D0%BE%D0%B2%D0%B0%D1%8F?done=entry-saved",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_a_role_and_loses_everything_by_removal() {
    let platform = Platform::start().await;
    let admin = browser(&platform, ADMINISTRATOR);
    let inbox = "/workspace/inbox";
    let newcomer = platform.person("newcomer");
    newcomer.get(inbox).await.problem(403, "");

    let form = [("id", "newcomer"), ("organization", "заозёрская школа № 1")];
    let path = "/directory/entries/people/new";
    let roleless = page(post(&admin, path, &form).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(roleless.contains("<a href=\"#roles\">Выберите хотя бы одну роль</a>"), "{roleless}");
    let form = [form[0], form[1], ("roles[]", "coordinator"), ("roles[]", "caseworker")];
    goes_to(post(&admin, path, &form).await, "/directory/entries/people/newcomer?done=entry-saved");
    newcomer.get(inbox).await.ok();
    let list = platform.person(ADMINISTRATOR).get("/directory/entries?section=people&q=NEWCOM").await.ok();
    assert_eq!(
        (&list["total"], &list["items"][0]["names"]["organization"]),
        (&json!(1), &json!("Заозёрская школа № 1"))
    );

    let gone = post(&admin, "/directory/entries/people/newcomer/removal", &[("if_match", "2")]).await;
    goes_to(gone, "/directory/entries?section=people&done=entry-removed");
    newcomer.get(inbox).await.problem(403, "");
    admin.get("/directory/entries/people/newcomer").await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_need_cannot_be_taken_out() {
    let platform = Platform::start().await;
    let admin = browser(&platform, ADMINISTRATOR);
    let removal = |path: &str| format!("/directory/entries/{path}/removal");
    let used = post(&admin, &removal("organizations/zaozersk-roads"), &[]).await;
    let used = page(used, StatusCode::UNPROCESSABLE_ENTITY);
    for reason in ["Правило направления «roads-zaozersk»", "Сотрудник «zaozersk-roads-approver»"]
    {
        assert!(used.contains(reason), "{reason}: {used}");
    }
    let term = post(&admin, &removal("deadline_rules/report-answer"), &[]).await;
    assert!(
        page(term, StatusCode::UNPROCESSABLE_ENTITY)
            .contains("Нужно общее правило без темы: сообщение, ответ")
    );
    let own = post(&admin, &removal("people/demo-administrator"), &[]).await;
    assert!(page(own, StatusCode::UNPROCESSABLE_ENTITY).contains("Вы бы перестали быть администратором"));
    let problem =
        platform.person(ADMINISTRATOR).post(&removal("categories/roads"), &json!({})).await.problem(422, "");
    assert_eq!(problem["fields"][0]["code"], "still-used");
    platform.person(ADMINISTRATOR).post(&removal("categories/no-such"), &json!({})).await.problem(404, "");
    assert_eq!(version(&platform).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn the_history_names_who_and_what() {
    let platform = Platform::start().await;
    let admin = platform.person(ADMINISTRATOR);
    let change = json!({ "categories": [
        { "id": "pothole", "name": "Яма", "parent": "roads" }, { "id": "ufo", "name": "НЛО", "parent": "safety" }] });
    admin.post("/directory/entries", &change).await.created();
    admin.post("/directory/entries/categories/ufo/removal", &json!({})).await.created();

    let versions = admin.get("/directory/versions").await.ok();
    let numbers: Vec<u64> =
        versions["items"].as_array().unwrap().iter().map(|v| v["version"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [3, 2, 1]);
    assert_eq!(
        versions["items"][1]["changes"],
        json!({ "categories": { "added": 1, "changed": 1, "removed": 0 } })
    );
    assert_eq!(versions["items"][1]["by"], json!({ "id": ADMINISTRATOR, "name": "Ольга Тихонова" }));
    assert_eq!(versions["items"][2]["by"], Value::Null);

    let second = admin.get("/directory/versions/2").await.ok();
    let field = json!({ "field": "name", "old": "Яма на дороге", "new": "Яма" });
    assert_eq!(
        second["entries"][0],
        json!({ "section": "categories", "id": "pothole", "name": "Яма", "kind": "changed", "fields": [field] })
    );
    assert_eq!((&second["entries"][1]["kind"], &second["total"]), (&json!("added"), &json!(2)));
    let third = admin.get("/directory/versions/3").await.ok();
    assert_eq!(third["entries"][0]["kind"], "removed");
    assert_eq!(third["entries"][0]["fields"][0], json!({ "field": "name", "old": "НЛО", "new": null }));

    let html = page(browser(&platform, ADMINISTRATOR).get("/directory/versions/2").await, StatusCode::OK);
    assert!(
        html.contains("Ольга Тихонова") && html.contains("Яма на дороге</del>") && html.contains("Яма</ins>"),
        "{html}"
    );
    // A long version is read page by page.
    let first = admin.get("/directory/versions/1").await.ok();
    assert_eq!((first["entries"].as_array().unwrap().len(), &first["next"]), (200, &json!("200")));
    let rest = admin.get("/directory/versions/1?cursor=200").await.ok();
    assert_eq!(first["total"].as_u64().unwrap(), 200 + rest["entries"].as_array().unwrap().len() as u64);
    admin.get("/directory/versions/4").await.problem(404, "");
    admin.get("/directory/versions?cursor=nonsense").await.problem(422, "cursor");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_looked_at_before_it_is_in_force() {
    let platform = Platform::start().await;
    let admin = browser(&platform, ADMINISTRATOR);
    let file = json!({ "categories": [{ "id": "ufo", "name": "НЛО <img onerror=x> \"летает\"", "parent": "safety" }] });
    let preview = page(upload(&admin, &file.to_string(), "merge").await, StatusCode::OK);
    assert!(preview.contains("добавлено 1") && preview.contains("Записать изменения"), "{preview}");
    assert!(!preview.contains("<img onerror"));
    assert_eq!(version(&platform).await, 1, "nothing is stored by looking");

    let draft = hidden(&preview, "draft").replace("&#60;", "<").replace("&#62;", ">");
    assert_eq!(serde_json::from_str::<Value>(&draft).unwrap(), file);
    let fields = [("draft", &*draft), ("if_match", &hidden(&preview, "if_match"))];
    goes_to(
        post(&admin, "/directory/entries", &fields).await,
        "/directory/versions/2?done=directory-changed",
    );
    // Once more it would change nothing; from the old version it is refused.
    let same = page(upload(&admin, &file.to_string(), "merge").await, StatusCode::OK);
    assert!(same.contains("менять нечего") && !same.contains("Записать изменения"));
    let stale = page(post(&admin, "/directory/entries", &fields).await, StatusCode::PRECONDITION_FAILED);
    assert!(stale.contains("это изменили"));

    // To replace a section takes out what the file does not have; what is wrong is named and cannot be stored.
    let wrong = json!({ "people": [{ "id": "p", "organization": "no-such", "roles": ["analyst"] }] });
    let refused = page(upload(&admin, &wrong.to_string(), "replace").await, StatusCode::OK);
    assert!(refused.contains("Сотрудники, p, Организация: «no-such» нет в справочнике"), "{refused}");
    assert!(refused.contains("удалено 41") && !refused.contains("Записать изменения"));
    let fields = [("draft", &*wrong.to_string()), ("replace", "true")];
    page(post(&admin, "/directory/entries", &fields).await, StatusCode::UNPROCESSABLE_ENTITY);

    let broken = page(upload(&admin, "{\n\"people\": [}", "replace").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.contains("<a href=\"#file\">Это не JSON: ошибка в строке 2</a>"), "{broken}");
    assert!(broken.contains("value=\"replace\" checked"), "what was chosen stays");
    let large = page(upload(&admin, &"x".repeat(1_100_000), "merge").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(large.contains("Файл больше 1 МБ"));
    assert!(
        page(upload(&admin, "", "merge").await, StatusCode::UNPROCESSABLE_ENTITY).contains("Выберите файл")
    );

    let view = platform.person(ADMINISTRATOR).post("/directory/preview", &wrong).await.ok();
    assert_eq!(view["problems"][0]["field"], "people/p.organization");
    assert_eq!((&view["changes"]["people"]["added"], version(&platform).await), (&json!(1), 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_of_the_whole_see_the_pages() {
    let platform = Platform::start().await;
    let pages = [
        "/directory",
        "/directory/entries?section=people",
        "/directory/entries/people/demo-analyst",
        "/directory/versions",
        "/directory/versions/1",
        "/directory/load",
    ];
    for path in pages {
        let sent =
            platform.anonymous().with("accept", "text/html").get(path).await.expect(StatusCode::SEE_OTHER);
        assert!(
            sent.headers["location"].to_str().unwrap().starts_with("/sign-in?return=%2Fdirectory"),
            "{path}"
        );
        for subject in ["demo-coordinator", "citizen-1"] {
            let refused = page(browser(&platform, subject).get(path).await, StatusCode::FORBIDDEN);
            assert!(refused.contains("Недостаточно прав"));
        }
        let shown = page(
            browser(&platform, ADMINISTRATOR).with("accept-language", "en").get(path).await,
            StatusCode::OK,
        );
        assert!(!shown.contains(">directory-"), "a text is missing: {path}");
    }
    let form = [("organization", "government"), ("roles[]", "workspace_admin")];
    let coordinator = browser(&platform, "demo-coordinator");
    page(
        post(&coordinator, "/directory/entries/people/demo-coordinator", &form).await,
        StatusCode::FORBIDDEN,
    );
    page(upload(&coordinator, "{}", "replace").await, StatusCode::FORBIDDEN);
    page(
        post(&coordinator, "/directory/entries", &[("draft", "{}"), ("replace", "true")]).await,
        StatusCode::FORBIDDEN,
    );
    // What everybody may see stays as it was.
    let view = platform.anonymous().get("/directory").await.ok();
    assert!(view.get("by").is_none() && view["root_organization"] == "government");
    platform.person("demo-coordinator").get("/directory/entries?section=people").await.problem(403, "");
    let found = browser(&platform, ADMINISTRATOR).get("/directory?q=%D1%8F%D0%BC%D0%B0+%D0%BD%D0%B0").await;
    assert!(page(found, StatusCode::OK).contains("/directory/entries/categories/pothole"));
}
