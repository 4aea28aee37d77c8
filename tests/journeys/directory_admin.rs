//! The directory's pages, as a browser without scripts uses them.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::page::Page;
use crate::platform::Platform;

const ADMINISTRATOR: &str = "demo-administrator";

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
fn refused(reply: Reply) -> Page {
    reply.expect(StatusCode::UNPROCESSABLE_ENTITY).page()
}

/// The form that changes what is shown, beside the one that removes it.
const ENTRY: &str = "main form[action^='/directory/entries/']:not([action$='/removal'])";

async fn version(platform: &Platform) -> u64 {
    platform.anonymous().get("/directory").await.ok()["version"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_changed_by_its_form_and_a_mistake_stands_beside_its_field() {
    let platform = Platform::start().await;
    let admin = platform.browser_of(ADMINISTRATOR);
    let path = "/directory/entries/categories/pothole";
    let page = admin.page(path).await;
    let form = page.form(ENTRY);
    assert_eq!([form.field("name"), form.field("parent")], ["Яма на дороге", "roads"]);
    let version_read = form.field("if_match");

    // A topic in a topic, and one that is no parent at all: the values stay, the reason stands beside the field.
    for (parent, reason) in [
        ("pavement-broken", "Тема входит в группу, а не в другую тему"),
        ("no-such", "«no-such» нет в справочнике. Выберите из списка"),
    ] {
        let fields = [("if_match", &*version_read), ("name", "Провал «<img onerror=x>»"), ("parent", parent)];
        let page = refused(admin.form(path, &fields).await);
        assert_eq!(page.error("parent"), reason);
        assert_eq!(page.form(ENTRY).field("name"), "Провал «<img onerror=x>»");
        page.has_no_markup_of_others();
    }
    let nameless = refused(admin.form(path, &[("name", " "), ("parent", "roads")]).await);
    assert_eq!(nameless.error("name"), "Заполните это поле");
    assert_eq!(version(&platform).await, 1, "nothing was stored");

    let fields = [
        ("if_match", &*version_read),
        ("idempotency_key", "once"),
        ("name", "Провал <img onerror=x>"),
        ("parent", "roads"),
    ];
    assert_eq!(admin.form(path, &fields).await.leads_to(), format!("{path}?done=entry-saved"));
    // Sent twice is stored once.
    assert_eq!(admin.form(path, &fields).await.leads_to(), format!("{path}?done=entry-saved"));
    assert_eq!(version(&platform).await, 2);
    let shown = admin.page(&format!("{path}?done=entry-saved")).await;
    assert!(shown.text(".done").contains("Сохранено"));
    shown.shows("h1", "Провал <img onerror=x>").has_no_markup_of_others();

    // Somebody who read the version before is told, and keeps what they wrote.
    let late = [("if_match", &*version_read), ("name", "Моё название"), ("parent", "roads")];
    let stale = admin.form(path, &late).await.expect(StatusCode::PRECONDITION_FAILED).page();
    assert!(stale.text(".summary[role=alert] li").starts_with("Пока вы заполняли форму, это изменили"));
    let form = stale.form(ENTRY);
    assert_eq!([form.field("name"), form.field("if_match")], ["Моё название", "2"], "it can be sent again");
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
        // No text is missing: its name would stand there.
        platform
            .browser_of(ADMINISTRATOR)
            .page(&format!("/directory/entries/{path}"))
            .await
            .conceals("directory-");
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
    let (admin, path) = (platform.browser_of(ADMINISTRATOR), "/directory/entries/categories/new");
    assert_eq!(refused(admin.form(path, &new).await).error("id"), "Код «pothole» уже занят");
    let new = [("id", "новая яма"), ("name", "Яма"), ("parent", "roads")];
    let spaced = refused(admin.form(path, &new).await).error("id");
    assert!(spaced.contains("В коде не может быть пробелов"), "{spaced}");
    let new = [("id", "новая"), ("name", "Яма"), ("parent", "roads")];
    assert_eq!(
        admin.form(path, &new).await.leads_to(),
        "/directory/entries/categories/%D0%BD%D0%BE%D0%B2%D0%B0%D1%8F?done=entry-saved"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_a_role_and_loses_everything_by_removal() {
    let platform = Platform::start().await;
    let admin = platform.browser_of(ADMINISTRATOR);
    let inbox = "/workspace/inbox";
    let newcomer = platform.person("newcomer");
    newcomer.get(inbox).await.problem(403, "");

    let form = [("id", "newcomer"), ("organization", "заозёрская школа № 1")];
    let path = "/directory/entries/people/new";
    let roleless = refused(admin.form(path, &form).await);
    assert_eq!(roleless.error("roles"), "Выберите хотя бы одну роль");
    let form = [form[0], form[1], ("roles[]", "coordinator"), ("roles[]", "caseworker")];
    let saved = admin.form(path, &form).await;
    assert_eq!(saved.leads_to(), "/directory/entries/people/newcomer?done=entry-saved");
    newcomer.get(inbox).await.ok();
    let list = platform.person(ADMINISTRATOR).get("/directory/entries?section=people&q=NEWCOM").await.ok();
    assert_eq!(
        (&list["total"], &list["items"][0]["names"]["organization"]),
        (&json!(1), &json!("Заозёрская школа № 1"))
    );

    let gone = admin.form("/directory/entries/people/newcomer/removal", &[("if_match", "2")]).await;
    assert_eq!(gone.leads_to(), "/directory/entries?section=people&done=entry-removed");
    newcomer.get(inbox).await.problem(403, "");
    admin.get("/directory/entries/people/newcomer").await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_need_cannot_be_taken_out() {
    let platform = Platform::start().await;
    let admin = platform.browser_of(ADMINISTRATOR);
    let removal = |path: &str| format!("/directory/entries/{path}/removal");
    for (path, reasons) in [
        (
            "organizations/zaozersk-roads",
            &["Правило направления «roads-zaozersk»", "Сотрудник «zaozersk-roads-approver»"][..],
        ),
        ("deadline_rules/report-answer", &["Нужно общее правило без темы: сообщение, ответ"]),
        ("people/demo-administrator", &["Вы бы перестали быть администратором"]),
    ] {
        let told = refused(admin.form(&removal(path), &[]).await).texts("main li");
        for reason in reasons {
            assert!(told.iter().any(|told| told.contains(reason)), "{reason}: {told:?}");
        }
    }
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

    let page = platform.browser_of(ADMINISTRATOR).page("/directory/versions/2").await;
    page.says("Ольга Тихонова").shows("td li", "Название: было: Яма на дороге → стало: Яма");
    page.shows("td del", "было: Яма на дороге").shows("td ins", "стало: Яма");
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
    let admin = platform.browser_of(ADMINISTRATOR);
    let file = json!({ "categories": [{ "id": "ufo", "name": "НЛО <img onerror=x> \"летает\"", "parent": "safety" }] });
    let store = "form[action='/directory/entries']:has(button)";
    let preview = upload(&admin, &file.to_string(), "merge").await.expect(StatusCode::OK).page();
    preview.shows(".tag", "добавлено 1").shows("form button", "Записать изменения").has_no_markup_of_others();
    preview.says("НЛО <img onerror=x> \"летает\"");
    assert_eq!(version(&platform).await, 1, "nothing is stored by looking");

    let draft = preview.form(store).field("draft");
    assert_eq!(serde_json::from_str::<Value>(&draft).unwrap(), file);
    let fields = [("draft", &*draft), ("if_match", &preview.form(store).field("if_match"))];
    assert_eq!(
        admin.form("/directory/entries", &fields).await.leads_to(),
        "/directory/versions/2?done=directory-changed"
    );
    // Once more it would change nothing; from the old version it is refused.
    let same = upload(&admin, &file.to_string(), "merge").await.expect(StatusCode::OK).page();
    same.says("менять нечего").lacks(store).conceals("Записать изменения");
    let stale = admin.form("/directory/entries", &fields).await;
    stale.expect(StatusCode::PRECONDITION_FAILED).page().says("это изменили");

    // To replace a section takes out what the file does not have; what is wrong is named and cannot be stored.
    let wrong = json!({ "people": [{ "id": "p", "organization": "no-such", "roles": ["analyst"] }] });
    let looked_at = upload(&admin, &wrong.to_string(), "replace").await.expect(StatusCode::OK).page();
    let told = looked_at.text(".summary li");
    assert!(told.contains("Сотрудники, p, Организация: «no-such» нет в справочнике"), "{told}");
    looked_at.shows(".tag--bad", "удалено 41").lacks(store).conceals("Записать изменения");
    let fields = [("draft", &*wrong.to_string()), ("replace", "true")];
    refused(admin.form("/directory/entries", &fields).await);

    let broken = refused(upload(&admin, "{\n\"people\": [}", "replace").await);
    assert_eq!(broken.error("file"), "Это не JSON: ошибка в строке 2");
    assert_eq!(broken.field("mode"), "replace", "what was chosen stays");
    let large = refused(upload(&admin, &"x".repeat(1_100_000), "merge").await);
    assert!(large.error("file").contains("Файл больше 1 МБ"));
    assert!(refused(upload(&admin, "", "merge").await).error("file").contains("Выберите файл"));

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
        let sent = platform.browser().get(path).await;
        assert!(sent.leads_to().starts_with("/sign-in?return=%2Fdirectory"), "{path}");
        for subject in ["demo-coordinator", "citizen-1"] {
            let refused = platform.browser_of(subject).get(path).await.expect(StatusCode::FORBIDDEN);
            refused.page().shows("h1", "Недостаточно прав");
        }
        // No text is missing: its name would stand there.
        platform
            .browser_of(ADMINISTRATOR)
            .with("accept-language", "en")
            .page(path)
            .await
            .conceals("directory-");
    }
    let form = [("organization", "government"), ("roles[]", "workspace_admin")];
    let coordinator = platform.browser_of("demo-coordinator");
    let own = "/directory/entries/people/demo-coordinator";
    for refused in [
        coordinator.form(own, &form).await,
        upload(&coordinator, "{}", "replace").await,
        coordinator.form("/directory/entries", &[("draft", "{}"), ("replace", "true")]).await,
    ] {
        refused.expect(StatusCode::FORBIDDEN).page();
    }
    // What everybody may see stays as it was.
    let view = platform.anonymous().get("/directory").await.ok();
    assert!(view.get("by").is_none() && view["root_organization"] == "government");
    platform.person("demo-coordinator").get("/directory/entries?section=people").await.problem(403, "");
    let found = platform.browser_of(ADMINISTRATOR).page("/directory?q=%D1%8F%D0%BC%D0%B0+%D0%BD%D0%B0").await;
    found.has("main li a[href='/directory/entries/categories/pothole']");
}
