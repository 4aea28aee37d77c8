use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::StatusCode;
use domain::EventId;
use events::{Consumer, Delivery};
use serde_json::{Value, json};
use vmeste::mailbox::Mail;

use crate::client::Client;
use crate::page::Page;
use crate::platform::Platform;

const DAY: i64 = 86_400;
const TEXT: &str = "Большая яма у дома Ивановых";
const ANSWER: &str = "Заделали горячим асфальтом";

/// The mails that have gone out, by file, the earliest first.
fn mails(platform: &Platform) -> Vec<(String, Mail)> {
    let Ok(files) = std::fs::read_dir(platform.host.folder().join("mail")) else { return Vec::new() };
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let name = |path: &std::path::Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), Mail::parse(&std::fs::read_to_string(path).unwrap()))).collect()
}

/// Subjects of the mails to somebody, up to the dash.
fn subjects(platform: &Platform, to: &str) -> Vec<String> {
    let mails = mails(platform).into_iter().filter(|(_, mail)| mail.header("To").contains(to));
    mails.map(|(_, mail)| mail.header("Subject").split(" — ").next().unwrap().to_owned()).collect()
}

fn citizen(platform: &Platform) -> Client {
    platform.token(json!({ "sub": "demo-citizen", "name": "Мария", "email": "maria@mail.example" }))
}

async fn report(platform: &Platform, author: &Client) -> (String, Client) {
    let body = json!({ "kind": "report", "text": TEXT, "category": "pothole", "territory": "zaozersk" });
    platform.submit(author, body).await
}

async fn step(platform: &Platform, person: &str, id: &str, body: Value) {
    platform.person(person).step(id, body).await.created();
    platform.settle().await;
}

fn assign() -> Value {
    json!({ "step": "assign", "assignee": "zaozersk-roads-caseworker" })
}

async fn kinds(client: &Client) -> Vec<String> {
    let notices = client.get("/notices").await.ok();
    let items = notices["items"].as_array().unwrap().iter();
    items.map(|notice| notice["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_hand_is_told_when_it_is_its_turn() {
    let platform = Platform::start().await;
    let author = citizen(&platform);
    let (id, _) = report(&platform, &author).await;
    step(&platform, "zaozersk-roads-coordinator", &id, assign()).await;
    let draft = json!({ "step": "draft", "outcome": "solved", "text": ANSWER });
    step(&platform, "zaozersk-roads-caseworker", &id, draft.clone()).await;
    step(&platform, "zaozersk-roads-approver", &id, json!({ "step": "send_back", "note": "Без фото" })).await;
    step(&platform, "zaozersk-roads-caseworker", &id, draft).await;
    step(&platform, "zaozersk-roads-approver", &id, json!({ "step": "approve" })).await;

    let of_author = ["Сообщение принято", "Сообщение направлено в организацию", "Есть ответ: оцените его"];
    assert_eq!(subjects(&platform, "maria@"), of_author);
    assert_eq!(subjects(&platform, "zaozersk-roads-coordinator@"), ["Новое сообщение"]);
    let of_worker = ["Вам назначено сообщение", "Ответ вернули на доработку"];
    assert_eq!(subjects(&platform, "zaozersk-roads-caseworker@"), of_worker);
    assert_eq!(subjects(&platform, "zaozersk-roads-approver@"), ["Ответ ждёт подписи"; 2]);
    let mails = mails(&platform);
    assert_eq!(mails.len(), 8, "and nobody else");

    let ids: BTreeSet<String> = mails.iter().map(|(_, mail)| mail.header("Message-ID")).collect();
    assert_eq!(ids.len(), mails.len());
    for (name, mail) in &mails {
        let (event, _) = name.rsplit_once('-').unwrap();
        event.parse::<EventId>().unwrap();
        assert!(mail.header("Message-ID").starts_with(&format!("<{event}.")), "{name}");
        let place = if mail.header("To").contains("maria") { "" } else { "/workspace" };
        let link = format!("{}{place}/submissions/{id}", platform.host.url);
        let (text, html) = (mail.text(), Page::of(&mail.part("text/html")));
        assert!(text.contains(&link) && text.contains("/settings"), "{text}");
        assert!(text.contains("Яма на дороге") && !text.contains("tracking="), "{text}");
        assert_eq!(html.attributes("a", "href"), [link, format!("{}/settings", platform.host.url)]);
        html.says("Яма на дороге").conceals("tracking=");
        for private in ["Ивановых", "асфальт", "Без фото", "Мария"] {
            assert!(!text.contains(private), "{private}: {text}");
            html.conceals(private);
        }
    }

    // Notices: looking marks nothing, the button does.
    assert_eq!(kinds(&author).await, ["answered", "routed", "received"]);
    let first = author.find("/notices", &[("limit", "2")]).await.ok();
    let rest = author.find("/notices", &[("cursor", first["next"].as_str().unwrap())]).await.ok();
    assert_eq!(rest["items"][0]["kind"], "received");
    assert_eq!(rest["items"][0]["read"], false);
    let browser = author.clone().in_a_browser();
    assert_eq!(browser.page("/").await.texts("main li .tag--warn"), ["Новое"; 3]);
    let shown = browser.page("/notices").await;
    let answered = shown.texts(&format!("main li a[href='/submissions/{id}'] b"));
    assert!(answered[0].starts_with("Есть ответ"), "{answered:?}");
    let reply = browser.fill(shown.form("form[action='/notices/read']"), &[]).await;
    assert_eq!(reply.leads_to(), "/notices?done=notices-read");
    let notices = author.get("/notices").await.ok();
    assert!(notices["items"].as_array().unwrap().iter().all(|notice| notice["read"] == true));
    browser.page("/").await.has(".figures").lacks("main .tag--warn");
    browser.page("/notices").await.lacks("[name=until]");

    platform.anonymous().get("/notices").await.problem(401, "");
    assert_eq!(kinds(&platform.person("citizen-2")).await, Vec::<String>::new(), "another's are not seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_late_is_told_to_the_caseworker_and_up() {
    let platform = Platform::start().await;
    let (id, author) = report(&platform, &platform.anonymous()).await;
    step(&platform, "zaozersk-roads-coordinator", &id, assign()).await;
    let before = mails(&platform).len();
    platform.clock.advance(40 * DAY);
    for _ in 0..4 {
        platform.host.run("Deadlines").await.unwrap();
        platform.settle().await;
    }
    // The reminder comes with the term over already: the first run that is late says both.
    let worker = subjects(&platform, "zaozersk-roads-caseworker@");
    assert_eq!(worker[1..], ["Срок скоро истечёт", "Срок истёк"]);
    assert_eq!(subjects(&platform, "zaozersk-roads-coordinator@")[1..], ["Срок истёк"]);
    assert_eq!(subjects(&platform, "zaozersk-coordinator@"), ["Организация просрочила ответ"]);
    assert_eq!(mails(&platform).len(), before + 4);

    // A low mark sends it back; who is told is who must find a caseworker.
    let draft = json!({ "step": "draft", "outcome": "solved", "text": ANSWER });
    step(&platform, "zaozersk-roads-caseworker", &id, draft).await;
    step(&platform, "zaozersk-roads-approver", &id, json!({ "step": "approve" })).await;
    let low = json!({ "mark": 1, "solved": false });
    author.post(&format!("/submissions/{id}/rating"), &low).await.created();
    platform.settle().await;
    let coordinator = platform.person("zaozersk-roads-coordinator");
    assert_eq!(kinds(&coordinator).await, ["reopened_case", "overdue", "new_case"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_without_a_coordinator_is_looked_after_from_above() {
    let platform = Platform::start().await;
    let (id, _) = report(&platform, &platform.anonymous()).await;
    assert_eq!(subjects(&platform, "zaozersk-roads-coordinator@"), ["Новое сообщение"]);
    // Nobody works at the road works; the department above has a coordinator, who does it themselves.
    let forward = |to: &str| json!({ "step": "forward", "organization": to });
    step(&platform, "zaozersk-roads-coordinator", &id, forward("zaozersk-road-works")).await;
    assert_eq!(mails(&platform).len(), 1, "nobody is told of what they did themselves");
    step(&platform, "zaozersk-coordinator", &id, forward("zaozersk-green")).await;
    let both = ["Новое сообщение", "Сообщение переадресовано вам"];
    assert_eq!(subjects(&platform, "zaozersk-roads-coordinator@"), both);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn settings_stop_mail_but_no_notices() {
    let platform = Platform::start().await;
    let author = citizen(&platform);
    let (first, _) = report(&platform, &author).await;
    assert_eq!(subjects(&platform, "maria@").len(), 2);
    let kept = author.get("/settings").await.ok();
    assert_eq!(
        kept,
        json!({ "mail": ["own", "work", "deadlines", "polls"], "polls_of": null, "language": "ru",
            "email": "maria@mail.example" })
    );
    platform.anonymous().get("/settings").await.problem(401, "");
    author.post("/settings", &json!({ "language": "de" })).await.problem(422, "language");
    author.post("/settings", &json!({ "language": "en", "mail": ["spam"] })).await.problem(422, "mail[0]");

    // A form: a citizen sees two boxes, and unticks them; what they do not see stays.
    let browser = author.clone().in_a_browser();
    let shown = browser.page("/settings").await;
    assert_eq!(shown.attributes("input[type=checkbox][checked]", "value"), ["own", "polls"]);
    assert_eq!(shown.attributes("input[type=hidden][name='mail[]']", "value"), ["work", "deadlines"]);
    assert_eq!(shown.count("input[type=checkbox]"), 2);
    let refused = browser.form("/settings", &[("mail[]", "work")]).await;
    refused.expect(StatusCode::UNPROCESSABLE_ENTITY).page().error("language");
    let hidden = [("mail[]", "work"), ("mail[]", "deadlines"), ("language", "en")];
    let reply = browser.fill(shown.form("form[action='/settings']"), &hidden).await;
    assert_eq!(reply.leads_to(), "/settings?done=settings-saved");
    assert_eq!(author.get("/settings").await.ok()["mail"], json!(["work", "deadlines"]));
    report(&platform, &author).await;
    assert_eq!(subjects(&platform, "maria@").len(), 2, "no more mail");
    assert_eq!(kinds(&author).await.len(), 4, "but notices");

    // Mail speaks the language that was chosen, whatever the browser speaks.
    let chosen = json!({ "mail": ["own"], "language": "en" });
    assert_eq!(author.post("/settings", &chosen).await.ok()["language"], "en");
    step(&platform, "zaozersk-roads-coordinator", &first, assign()).await;
    let interim = json!({ "step": "answer_interim", "text": "Едем" });
    step(&platform, "zaozersk-roads-caseworker", &first, interim).await;
    assert_eq!(subjects(&platform, "maria@")[2..], ["There is an interim answer"]);
}

/// Puts a delivery back and sends its message again, as if the process had died before it was removed.
async fn repeat(platform: &Platform, delivery: &Delivery) {
    let key = store::keys::delivery(delivery);
    let body = serde_json::to_value(delivery).unwrap();
    let text = |name: &str| AttributeValue::S(body[name].as_str().unwrap().to_owned());
    let mut fields: std::collections::HashMap<String, AttributeValue> =
        ["consumer", "event", "submission"].map(|name| (name.to_owned(), text(name))).into();
    fields.insert("version".into(), AttributeValue::N(delivery.version.to_string()));
    let put = platform.host.engines.clients.dynamodb.put_item().table_name("PlatformTable");
    let put = put.item("pk", AttributeValue::S(key.pk)).item("sk", AttributeValue::S(key.sk));
    put.item("body", AttributeValue::M(fields)).send().await.unwrap();
    platform.enqueue("NotificationsQueue", &body.to_string()).await;
    platform.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_repeated_delivery_tells_nothing_twice() {
    let platform = Platform::start().await;
    let author = citizen(&platform);
    let (id, _) = report(&platform, &author).await;
    let record = platform.host.store.record(id.parse().unwrap()).await.unwrap().unwrap();
    let routed = record.events.last().unwrap();
    let delivery = Delivery {
        consumer: Consumer::Notifications,
        event: routed.id,
        subject: routed.subject,
        version: routed.version,
    };
    let file = |name: &str| platform.host.folder().join("mail").join(format!("{name}.eml"));
    let mailed = |name: &(String, Mail)| name.0.starts_with(&routed.id.to_string());
    let (name, mail) =
        mails(&platform).into_iter().filter(mailed).find(|(_, m)| m.header("To").contains("maria")).unwrap();
    let message_id = mail.header("Message-ID");

    // It was mailed, and that is known.
    std::fs::remove_file(file(&name)).unwrap();
    repeat(&platform, &delivery).await;
    assert!(!file(&name).exists(), "mailed twice");

    // It was mailed, and nobody knows: the same mail again, which mail programs show once.
    let mark = store::keys::mail(routed.id, name.rsplit_once('-').unwrap().1);
    let delete = platform.host.engines.clients.dynamodb.delete_item().table_name("PlatformTable");
    let delete = delete.key("pk", AttributeValue::S(mark.pk)).key("sk", AttributeValue::S(mark.sk));
    delete.send().await.unwrap();
    repeat(&platform, &delivery).await;
    let again = Mail::parse(&std::fs::read_to_string(file(&name)).unwrap());
    assert_eq!(again.header("Message-ID"), message_id);
    assert_eq!(kinds(&author).await, ["routed", "received"], "one notice each");

    // A message whose delivery is gone does nothing; news that has been overtaken is told to nobody.
    step(&platform, "zaozersk-roads-coordinator", &id, assign()).await;
    platform.enqueue("NotificationsQueue", &serde_json::to_string(&delivery).unwrap()).await;
    platform.enqueue("NotificationsQueue", "poison").await;
    platform.until_depth("NotificationsDeadLetters", 1).await;
    platform.until_depth("NotificationsQueue", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_make_no_header_and_no_tag() {
    let platform = Platform::start().await;
    let name = "Ямы\r\nBcc: all@mail.example\r\n\r\n<script>alert(1)</script>\u{202E}";
    let entries = json!({
        "categories": [{ "id": "pothole", "name": name, "parent": "roads" }],
        "organizations": [{ "id": "zaozersk-roads", "name": name, "parent": "zaozersk-administration" }],
    });
    platform.person("demo-administrator").post("/directory/entries", &entries).await.created();
    let author = citizen(&platform);
    report(&platform, &author).await;
    let sent = mails(&platform);
    assert_eq!(sent.len(), 3);
    for (name, mail) in &sent {
        assert_eq!(mail.header("Bcc"), "");
        assert!(mail.header("Subject").contains("Ямы Bcc: all@mail.example <script>"), "one line");
        let html = Page::of(&mail.part("text/html"));
        html.says("<script>alert(1)</script>").has_no_markup_of_others().lacks("script");
        let shown = platform.browser().page(&format!("/dev/mail/{name}")).await;
        shown.says("Bcc: all").has_no_markup_of_others();
    }
    let browser = author.in_a_browser();
    for path in ["/notices", "/", "/dev/mail"] {
        browser.page(path).await.says("<script>alert(1)</script>").has_no_markup_of_others();
    }
    for name in ["..%2Frunning", "%2Fetc%2Fpasswd", "running.json", "0"] {
        let reply = platform.anonymous().get(&format!("/dev/mail/{name}")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_who_has_not_signed_in_gets_a_link_with_their_code() {
    let platform = Platform::start().await;
    let body = json!({ "kind": "report", "text": TEXT, "category": "pothole", "territory": "zaozersk", "email": "anna@mail.example" });
    let receipt = platform.anonymous().post("/submissions", &body).await.created();
    platform.settle().await;
    let (id, tracking) = (receipt["id"].as_str().unwrap(), receipt["tracking"].as_str().unwrap());
    step(&platform, "zaozersk-roads-coordinator", id, assign()).await;
    let interim = json!({ "step": "answer_interim", "text": "Едем" });
    step(&platform, "zaozersk-roads-caseworker", id, interim).await;

    let told = ["Сообщение принято", "Сообщение направлено в организацию", "Есть промежуточный ответ"];
    assert_eq!(subjects(&platform, "anna@"), told);
    let path = format!("/submissions/{id}?tracking={tracking}");
    for (_, mail) in mails(&platform).iter().filter(|(_, mail)| mail.header("To") == "anna@mail.example") {
        let (text, link) = (mail.text(), format!("{}{path}", platform.host.url));
        assert!(text.contains(&link) && !text.contains("/settings") && !text.contains("Ивановых"), "{text}");
        let names_the_code = text.contains(&format!("Код сообщения: {tracking}"));
        assert_eq!(names_the_code, text.contains("Сообщение принято"), "once is enough: {text}");
    }
    let reply = platform.browser().get(&path).await;
    assert_ne!(reply.status, StatusCode::NOT_FOUND, "the link leads to the submission");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_tells_nobody_and_a_bad_address_is_in_nobodys_way() {
    let platform = Platform::start().await;
    for number in 0..3 {
        let body = json!({ "kind": "report", "text": TEXT, "category": "pothole", "territory": "zaozersk", "external_id": number.to_string() });
        platform.person("demo-administrator").post("/submissions", &body).await.created();
    }
    platform.settle().await;
    platform.clock.advance(40 * DAY);
    for _ in 0..4 {
        platform.host.run("Deadlines").await.unwrap();
    }
    platform.settle().await;
    assert_eq!(mails(&platform).len(), 0);
    assert!(kinds(&platform.person("zaozersk-roads-coordinator")).await.is_empty());

    let author =
        platform.token(json!({ "sub": "citizen-2", "email": "no address>\r\nBcc: all@mail.example" }));
    report(&platform, &author).await;
    assert_eq!(subjects(&platform, "zaozersk-roads-coordinator@"), ["Новое сообщение"]);
    assert_eq!(mails(&platform).len(), 1);
    assert_eq!(kinds(&author).await, ["routed", "received"], "what mail cannot bring stands in the pages");
}
