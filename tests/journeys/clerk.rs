//! The clerk's workspace as browsers without scripts use it: pages, forms, links.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::platform::Platform;

const COORDINATOR: &str = "zaozersk-roads-coordinator";
const WORKER: &str = "zaozersk-roads-caseworker";
const APPROVER: &str = "zaozersk-roads-approver";

/// A browser of this person.
fn browser(platform: &Platform, person: &str) -> Client {
    platform
        .person(person)
        .with("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
        .with("accept-language", "en")
        .with("content-type", "application/x-www-form-urlencoded")
}

async fn page(browser: &Client, path: &str) -> String {
    text(browser.get(path).await.expect(StatusCode::OK))
}

fn text(reply: Reply) -> String {
    match reply.body {
        Value::String(text) => text,
        other => panic!("no page: {other}"),
    }
}

/// Sends a form; the reply is the page that the browser is led to.
async fn send(browser: &Client, path: &str, fields: &[(&str, &str)]) -> Reply {
    let reply = browser.post_raw(path, serde_urlencoded::to_string(fields).unwrap().as_bytes()).await;
    if reply.status != StatusCode::SEE_OTHER {
        return reply;
    }
    let to = reply.headers["location"].to_str().unwrap();
    assert!(to.starts_with("/workspace/"), "{to}");
    browser.get(to).await
}

/// The value of a hidden field in the form of a step: its own form begins before `step`.
fn hidden(page: &str, step: &str, name: &str) -> String {
    let at =
        page.find(&format!("name=\"step\" value=\"{step}\"")).unwrap_or_else(|| panic!("no form for {step}"));
    let form = &page[page[..at].rfind("<form").unwrap()..];
    let form = &form[..form.find("</form>").unwrap()];
    let value = format!("name=\"{name}\" value=\"");
    let from = form.find(&value).unwrap_or_else(|| panic!("no field {name}: {form}")) + value.len();
    form[from..].split('"').next().unwrap().to_owned()
}

/// Fills in the form of a step on the page of a case and sends it.
async fn fill(browser: &Client, id: &str, list: &str, step: &str, fields: &[(&str, &str)]) -> Reply {
    let link =
        format!("/workspace/submissions/{id}?{}", serde_urlencoded::to_string([("list", list)]).unwrap());
    let page = page(browser, &link).await;
    let own: Vec<(&str, String)> =
        ["if_match", "idempotency_key"].map(|name| (name, hidden(&page, step, name))).into();
    let mut all = vec![("step", step), ("list", list)];
    all.extend(own.iter().map(|(name, value)| (*name, value.as_str())));
    all.extend(fields);
    send(browser, &format!("/workspace/submissions/{id}/steps"), &all).await
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_case_lives_through_forms_alone() {
    let platform = Platform::start().await;
    let (id, author) = platform.pothole(&platform.anonymous()).await;
    let (coordinator, worker, approver) =
        (browser(&platform, COORDINATOR), browser(&platform, WORKER), browser(&platform, APPROVER));
    let template = [
        ("name", "Pothole filled"),
        ("text", "About {category}: {place} is mended. {organization}"),
        ("category", "pothole"),
    ];
    let made = text(send(&coordinator, "/workspace/templates", &template).await.expect(StatusCode::OK));
    assert!(made.contains("The template is saved.") && made.contains("Pothole filled"));
    let listed = platform.person(WORKER).get("/workspace/templates").await.ok();
    let template = listed["items"][0]["id"].as_str().unwrap().to_owned();

    let inbox = page(&coordinator, "/workspace/inbox").await;
    assert!(inbox.contains(&format!("/workspace/submissions/{id}?list=view%3Dall")), "{inbox}");
    assert!(inbox.contains("days left") && inbox.contains("Большая яма"), "{inbox}");
    let after = fill(&coordinator, &id, "view=all", "assign", &[("assignee", WORKER)]).await;
    assert!(text(after.expect(StatusCode::OK)).contains("The caseworker is assigned."));

    // The caseworker begins with their own, and with the template the answer is nearly written.
    let inbox = page(&worker, "/workspace/inbox").await;
    assert!(inbox.contains("Mine <b>1</b>") && inbox.contains(&id), "{inbox}");
    let case = page(&worker, &format!("/workspace/submissions/{id}?template={template}")).await;
    let filled = "About Яма на дороге: Заозёрск-на-Светлой is mended. Департамент дорог";
    assert!(case.contains(filled), "{case}");
    let answer = [("text", "Заделаем."), ("outcome", "planned")];
    let refused = fill(&worker, &id, "view=mine", "draft", &answer).await;
    let refused = text(refused.expect(StatusCode::UNPROCESSABLE_ENTITY));
    assert!(
        refused.contains("href=\"#draft-planned_by\"") && refused.contains("id=\"draft-planned_by-error\"")
    );
    assert!(refused.contains("Заделаем.") && refused.contains("value=\"planned\" checked"));
    let answer = [("text", "Заделали."), ("outcome", "solved"), ("then", "next")];
    let drafted = text(fill(&worker, &id, "view=mine", "draft", &answer).await.expect(StatusCode::OK));
    assert!(drafted.contains("waits for a signature") && drafted.contains("<h1>Inbox</h1>"), "{drafted}");

    let back = fill(&approver, &id, "", "send_back", &[("note", "Add the day, please.")]).await;
    assert!(text(back.expect(StatusCode::OK)).contains("The answer is sent back."));
    let case = page(&worker, &format!("/workspace/submissions/{id}")).await;
    assert!(case.contains("Add the day, please.") && case.contains("Заделали.</textarea>"), "{case}");
    let answer = [("text", "Заделали 3 июня."), ("outcome", "solved")];
    fill(&worker, &id, "", "draft", &answer).await.expect(StatusCode::OK);
    let sign = page(&approver, "/workspace/inbox").await;
    assert!(sign.contains("To sign <b>1</b>") && sign.contains(&id), "{sign}");
    let signed = text(fill(&approver, &id, "view=sign", "approve", &[]).await.expect(StatusCode::OK));
    assert!(signed.contains("The answer is signed and published."), "{signed}");
    let view = author.get(&format!("/submissions/{id}")).await.ok();
    assert_eq!(view["answers"][0]["text"], "Заделали 3 июня.");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_steps_one_is_refused_alone() {
    let platform = Platform::start().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(platform.pothole(&platform.anonymous()).await.0);
    }
    let (coordinator, program) = (browser(&platform, COORDINATOR), platform.person(COORDINATOR));
    let chosen: Vec<String> = ids.iter().map(|id| format!("{id}@3")).collect();
    // Somebody is quicker with the second.
    program.step(&ids[1], json!({ "step": "assign", "assignee": "demo-caseworker" })).await.created();
    let form = |fields: &[(&str, &str)]| {
        let mut all: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        all.extend(chosen.iter().map(|one| ("submissions[]".to_owned(), one.clone())));
        serde_urlencoded::to_string(all).unwrap()
    };
    let body =
        form(&[("assignee", WORKER), ("return", "/workspace/inbox?view=all"), ("idempotency_key", "k")]);
    for _ in 0..2 {
        // Sent twice, done once.
        let reply = coordinator.post_raw("/workspace/inbox/steps", body.as_bytes()).await;
        let reply = text(reply.expect(StatusCode::UNPROCESSABLE_ENTITY));
        assert!(reply.contains("Not done: 1 submission"), "{reply}");
        assert!(reply.contains("It was changed while you were reading"), "{reply}");
        assert!(reply.contains(&format!("value=\"{}@4\" checked", ids[1])), "only that one stays ticked");
        assert!(!reply.contains(&format!("value=\"{}@4\" checked", ids[0])));
    }
    for (id, assignee) in ids.iter().zip([WORKER, "demo-caseworker", WORKER]) {
        let view = program.get(&format!("/workspace/submissions/{id}")).await.ok();
        assert_eq!((&view["assignee"], &view["version"]), (&json!(assignee), &json!(4)));
    }
    let inbox = program.get("/workspace/inbox").await.ok();
    let load: Vec<(&Value, &Value)> =
        inbox["load"].as_array().unwrap().iter().map(|one| (&one["person"], &one["open"])).collect();
    assert_eq!(load, [(&json!("demo-caseworker"), &json!(1)), (&json!(WORKER), &json!(2))]);

    // Programs get a result for each, in their order.
    let wanted = json!({ "step": "forward", "organization": "Заозёрское дорожное предприятие",
        "submissions": [ids[0], "nonsense", format!("{}@1", ids[2])] });
    let results = program.post("/workspace/inbox/steps", &wanted).await.ok();
    assert_eq!(
        (&results["results"][0]["id"], &results["results"][0]["status"]),
        (&json!(ids[0]), &json!("routed"))
    );
    assert_eq!(results["results"][1]["problem"]["status"], 422);
    assert_eq!(results["results"][2]["problem"]["type"], "/problems/stale");
    let view = program.get(&format!("/workspace/submissions/{}", ids[0])).await.ok();
    assert_eq!(view["organization"]["id"], "zaozersk-road-works");

    // What is wrong with all of it is said once, and nothing is done.
    let nothing = send(&coordinator, "/workspace/inbox/steps", &[("assignee", WORKER)]).await;
    assert!(text(nothing.expect(StatusCode::UNPROCESSABLE_ENTITY)).contains("Tick at least one submission"));
    let elsewhere = send(
        &coordinator,
        "/workspace/inbox/steps",
        &[("assignee", WORKER), ("return", "https://evil.example/?view=new"), ("submissions[]", &ids[1])],
    )
    .await;
    assert!(text(elsewhere.expect(StatusCode::OK)).contains("<h1>Inbox</h1>"), "never to another address");
    program.post("/workspace/inbox/steps", &json!({ "submissions": [] })).await.problem(422, "submissions");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_form_keeps_the_text_and_says_what_changed() {
    let platform = Platform::start().await;
    let (id, _) = platform.pothole(&platform.anonymous()).await;
    let (program, worker) = (platform.person(COORDINATOR), browser(&platform, WORKER));
    program.step(&id, json!({ "step": "assign", "assignee": WORKER })).await.created();
    let form = page(&worker, &format!("/workspace/submissions/{id}")).await;
    let version = hidden(&form, "draft", "if_match");
    let interim = json!({ "step": "answer_interim", "text": "Мастер выехал." });
    platform.person(WORKER).step(&id, interim).await.created();
    let fields = [
        ("step", "draft"),
        ("if_match", &version),
        ("outcome", "solved"),
        ("text", "Долго писали этот ответ."),
    ];
    let path = format!("/workspace/submissions/{id}/steps");
    let stale = text(send(&worker, &path, &fields).await.expect(StatusCode::PRECONDITION_FAILED));
    assert!(
        stale.contains("Долго писали этот ответ.</textarea>") && stale.contains("value=\"solved\" checked")
    );
    let since = stale.find("While you filled in the form").unwrap();
    assert!(stale[since..].find("Мастер выехал.").unwrap() < stale[since..].find("</section>").unwrap());
    assert_ne!(hidden(&stale, "draft", "if_match"), version, "sent again it is taken");

    // The case leaves the desk meanwhile: the text is still there to be copied.
    program.step(&id, json!({ "step": "forward", "organization": "zaozersk-road-works" })).await.created();
    let gone = text(send(&worker, &path, &fields).await.expect(StatusCode::PRECONDITION_FAILED));
    assert!(gone.contains("What you wrote") && gone.contains("Долго писали этот ответ."), "{gone}");
    assert!(!gone.contains("name=\"step\" value=\"draft\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_sees_the_steps_that_it_may_take() {
    let platform = Platform::start().await;
    let (id, _) = platform.pothole(&platform.anonymous()).await;
    let path = format!("/workspace/submissions/{id}");
    let offered = async |person: &str| -> Vec<&'static str> {
        let page = page(&browser(&platform, person), &path).await;
        let all = [
            "register",
            "reject",
            "assign",
            "forward",
            "return",
            "draft",
            "answer_interim",
            "approve",
            "send_back",
            "pause",
            "resume",
            "extend",
        ];
        all.into_iter().filter(|step| page.contains(&format!("name=\"step\" value=\"{step}\""))).collect()
    };
    assert_eq!(offered(COORDINATOR).await, ["reject", "assign", "forward", "pause"]);
    assert_eq!(offered(WORKER).await, ["pause"]);
    assert_eq!(offered(APPROVER).await, [""; 0], "the rule for potholes allows no extension");
    assert_eq!(offered("demo-analyst").await, [""; 0]);
    assert_eq!(offered("demo-moderator").await, ["reject"]);
    platform.person(COORDINATOR).step(&id, json!({ "step": "assign", "assignee": WORKER })).await.created();
    assert_eq!(offered(WORKER).await, ["draft", "answer_interim", "pause"]);
    let draft = json!({ "step": "draft", "outcome": "solved", "text": "Готово." });
    platform.person(WORKER).step(&id, draft).await.created();
    assert_eq!(offered(APPROVER).await, ["approve", "send_back"]);
    platform.person(COORDINATOR).step(&id, json!({ "step": "pause", "note": "Ждём." })).await.created();
    assert_eq!(offered(COORDINATOR).await, ["resume"]);

    let approver = browser(&platform, APPROVER);
    let inbox = page(&approver, "/workspace/inbox").await;
    assert!(!inbox.contains("type=\"checkbox\" name=\"submissions[]\""), "nothing to do with several");
    let fields = [("step", "assign"), ("assignee", WORKER)];
    send(&approver, &format!("{path}/steps"), &fields).await.expect(StatusCode::FORBIDDEN);
    let other = browser(&platform, "zaozersk-lighting-caseworker");
    other.get(&path).await.expect(StatusCode::NOT_FOUND);
    browser(&platform, "citizen-1").get("/workspace/inbox").await.expect(StatusCode::FORBIDDEN);
    send(&browser(&platform, WORKER), "/workspace/templates", &[("name", "a"), ("text", "b")])
        .await
        .expect(StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_coordinates_and_works_takes_and_answers_in_one_go() {
    let platform = Platform::start().await;
    let body = json!({ "kind": "report", "text": "Не горит фонарь", "category": "lamp-out", "territory": "zaozersk" });
    let (id, _) = platform.submit(&platform.anonymous(), body).await;
    let clerk = browser(&platform, "zaozersk-lighting-caseworker");
    let case = page(&clerk, &format!("/workspace/submissions/{id}")).await;
    assert!(case.contains("name=\"take\" value=\"true\""), "{case}");
    let answer = [("take", "true"), ("outcome", "solved"), ("text", "Лампу заменили.")];
    let done = text(fill(&clerk, &id, "", "draft", &answer).await.expect(StatusCode::OK));
    assert!(done.contains("waits for a signature"), "{done}");
    let view = platform
        .person("zaozersk-lighting-caseworker")
        .get(&format!("/workspace/submissions/{id}"))
        .await
        .ok();
    assert_eq!((&view["status"], &view["version"]), (&json!("drafted"), &json!(5)));
    assert_eq!(view["assignee"], "zaozersk-lighting-caseworker");
    assert_eq!(crate::platform::events(&view)[3..], ["submission_assigned", "answer_drafted"]);

    // What somebody else has is not taken away by an answer.
    let (id, _) = platform.pothole(&platform.anonymous()).await;
    platform.person(COORDINATOR).step(&id, json!({ "step": "assign", "assignee": WORKER })).await.created();
    let taken = json!({ "step": "draft", "take": true, "outcome": "solved", "text": "Готово." });
    platform.person("demo-caseworker").step(&id, taken).await.problem(403, "");
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_template_is_written_changed_and_removed() {
    let platform = Platform::start().await;
    let coordinator = platform.person(COORDINATOR);
    let template = json!({ "name": "Яма", "text": "Заделаем." });
    let id = coordinator.post("/workspace/templates", &template).await.created()["id"].clone();
    let path = format!("/workspace/templates/{}", id.as_str().unwrap());
    coordinator.post(&path, &json!({ "name": "Яма", "text": "Заделали." })).await.ok();
    let worker = platform.person(WORKER);
    assert_eq!(worker.get(&path).await.ok()["text"], "Заделали.");
    worker.post(&format!("{path}/removal"), &json!({})).await.problem(403, "");
    coordinator.post(&format!("{path}/removal"), &json!({})).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(worker.get("/workspace/templates").await.ok()["items"], json!([]));
    coordinator.post(&format!("{path}/removal"), &json!({})).await.problem(404, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_is_text() {
    let platform = Platform::start().await;
    let hostile = "<script>alert(1)</script><img src=x onerror=alert(2)> \"'><b> {{7*7}} </textarea></title>";
    let place = json!({ "address": hostile });
    let body = json!({ "kind": "report", "text": hostile, "category": "pothole", "territory": "zaozersk", "place": place });
    let (id, _) = platform.submit(&platform.anonymous(), body).await;
    let coordinator = browser(&platform, COORDINATOR);
    let template = [("name", "<b>\"hostile"), ("text", hostile)];
    send(&coordinator, "/workspace/templates", &template).await.expect(StatusCode::OK);
    platform.person(COORDINATOR).step(&id, json!({ "step": "assign", "assignee": WORKER })).await.created();
    let listed = platform.person(WORKER).get("/workspace/templates").await.ok();
    let template = listed["items"][0]["id"].as_str().unwrap();
    let worker = browser(&platform, WORKER);
    for (who, path) in [
        (&coordinator, "/workspace/inbox".to_owned()),
        (&coordinator, format!("/workspace/templates/{template}")),
        (&coordinator, "/workspace/templates".to_owned()),
        (&worker, format!("/workspace/submissions/{id}?template={template}&list=%22%3E%3Cscript%3E")),
    ] {
        let page = page(who, &path).await;
        assert!(page.contains("onerror=alert(2)"), "{path}");
        assert!(
            !page.contains("<script>") && !page.contains("<img src=x") && !page.contains("<b>\""),
            "{path}: {page}"
        );
        assert_eq!(page.matches("</title>").count(), 1, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_is_viewed_filtered_and_paged_by_link() {
    let platform = Platform::start().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(platform.pothole(&platform.anonymous()).await.0);
    }
    let appeal =
        json!({ "kind": "appeal", "text": "Прошу ответить", "category": "pothole", "territory": "zaozersk" });
    let (appeal, _) = platform.submit(&platform.person("citizen-1"), appeal).await;
    let program = platform.person(COORDINATOR);
    program.step(&ids[0], json!({ "step": "assign", "assignee": WORKER })).await.created();
    let inbox = program.get("/workspace/inbox").await.ok();
    let counts = json!({ "all": 4, "overdue": 0, "today": 0, "new": 3, "mine": 0, "sign": 0, "more": false });
    assert_eq!(inbox["counts"], counts);
    assert_eq!(inbox["items"][0]["id"], json!(appeal), "to be registered first");
    let found = async |query: &str| -> Vec<String> {
        let list = program.get(&format!("/workspace/inbox?{query}")).await.ok();
        list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found("kind=appeal").await, std::slice::from_ref(&appeal));
    assert_eq!(found(&format!("assignee={WORKER}")).await, [ids[0].clone()]);
    assert_eq!(found("view=new&category=pothole&status=routed").await.len(), 3);
    assert_eq!(found("category=water").await.len(), 0);
    program.get("/workspace/inbox?view=nonsense").await.problem(400, "view");
    let first = program.get("/workspace/inbox?view=new&limit=2").await.ok();
    let cursor = first["next"].as_str().unwrap();
    let second = program.get(&format!("/workspace/inbox?view=new&limit=2&cursor={cursor}")).await.ok();
    assert_eq!((second["items"].as_array().unwrap().len(), &second["next"]), (1, &Value::Null));
    assert_eq!(second["counts"], counts, "counted from the beginning");

    // Months later everything is overdue, and says by how much.
    platform.clock.advance(90 * 24 * 3_600);
    let late = browser(&platform, COORDINATOR);
    let late = page(&late, "/workspace/inbox?view=overdue").await;
    assert!(late.contains("Overdue <b>4</b>") && late.contains("days overdue"), "{late}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_inboxes_are_read_as_one_a_little_of_each_at_a_time() {
    let platform = Platform::start().await;
    let report = |category: &str| json!({ "kind": "report", "text": "Текст", "category": category, "territory": "zaozersk" });
    for index in 0..14 {
        let body = report(if index % 7 == 3 { "lamp-out" } else { "pothole" });
        platform.anonymous().post("/submissions", &body).await.expect(StatusCode::CREATED);
    }
    platform.settle().await;
    let store = &platform.host.store;
    let all: Vec<_> = store.organizations().await.unwrap().iter().map(|one| one.id.clone()).collect();
    assert!(4 * 9 / all.len() + 4 < 12, "one inbox holds more than is read of each at first");
    let first = store.inbox(&all, None, 9).await.unwrap();
    let rest = store.inbox(&all, first.next.as_deref(), 9).await.unwrap();
    assert_eq!((first.items.len(), rest.items.len(), rest.next), (9, 5, None));
    let read: Vec<_> =
        first.items.iter().chain(&rest.items).map(|entry| (entry.term().unwrap().ends, entry.id)).collect();
    assert!(read.is_sorted(), "{read:?}");
}
