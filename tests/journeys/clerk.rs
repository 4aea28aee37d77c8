//! The clerk's workspace as browsers without scripts use it: pages, forms, links.

use reqwest::StatusCode;
use serde_json::{Value, json};
use store::{InboxList, Span};

use crate::client::{Client, Reply};
use crate::platform::Platform;

const COORDINATOR: &str = "zaozersk-roads-coordinator";
const WORKER: &str = "zaozersk-roads-caseworker";
const APPROVER: &str = "zaozersk-roads-approver";

/// A browser that reads English.
fn browser(platform: &Platform, person: &str) -> Client {
    platform.browser_of(person).with("accept-language", "en")
}

/// The page that a form has led to, or the form itself if it was refused.
async fn led(browser: &Client, reply: Reply) -> Reply {
    if reply.status != StatusCode::SEE_OTHER {
        return reply;
    }
    assert!(reply.leads_to().starts_with("/workspace/"), "{}", reply.leads_to());
    browser.get(reply.leads_to()).await
}

async fn send(browser: &Client, path: &str, fields: &[(&str, &str)]) -> Reply {
    led(browser, browser.form(path, fields).await).await
}

/// The form of a step on the page of a case.
fn form_of(step: &str) -> String {
    format!("form[action$='/steps']:has(input[type=hidden][name=step][value={step}])")
}

async fn fill(browser: &Client, id: &str, list: &str, step: &str, fields: &[(&str, &str)]) -> Reply {
    let case = browser.find(&format!("/workspace/submissions/{id}"), &[("list", list)]).await;
    let case = case.expect(StatusCode::OK).page();
    led(browser, browser.fill(case.form(&form_of(step)), fields).await).await
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
    let made = send(&coordinator, "/workspace/templates", &template).await.expect(StatusCode::OK).page();
    made.shows(".done", "The template is saved.").shows("main li h2", "Pothole filled");
    let listed = platform.person(WORKER).get("/workspace/templates").await.ok();
    let template = listed["items"][0]["id"].as_str().unwrap().to_owned();

    let inbox = coordinator.page("/workspace/inbox").await;
    inbox.has(&format!("th a[href='/workspace/submissions/{id}?list=view%3Dall']"));
    assert!(inbox.text("tbody tr").contains("days left") && inbox.text(".begin").starts_with("Большая яма"));
    let after = fill(&coordinator, &id, "view=all", "assign", &[("assignee", WORKER)]).await;
    after.expect(StatusCode::OK).page().shows(".done", "The caseworker is assigned.");

    // The caseworker begins with their own, and with the template the answer is nearly written.
    let inbox = worker.page("/workspace/inbox").await;
    inbox.shows(".tabs a", "Mine 1").has(&format!("tbody a[href^='/workspace/submissions/{id}']"));
    let case = worker.page(&format!("/workspace/submissions/{id}?template={template}")).await;
    let filled = "About Яма на дороге: Заозёрск-на-Светлой is mended. Департамент дорог";
    let answer = case.form(&form_of("draft")).field("text");
    assert!(answer.starts_with(filled), "{answer}");
    let answer = [("text", "Заделаем."), ("outcome", "planned")];
    let refused = fill(&worker, &id, "view=mine", "draft", &answer).await;
    let refused = refused.expect(StatusCode::UNPROCESSABLE_ENTITY).page();
    refused.error("draft-planned_by");
    let kept = refused.form(&form_of("draft"));
    assert_eq!([kept.field("text"), kept.field("outcome")], ["Заделаем.", "planned"]);
    // Others have done meanwhile what would have come next.
    let (path, mut answer) = kept.filled(&[("text", "Заделали."), ("outcome", "solved")]);
    answer.push(("then".to_owned(), "next".to_owned()));
    let answer: Vec<_> = answer.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let drafted = send(&worker, path, &answer).await.expect(StatusCode::OK).page();
    drafted.shows(".done", "The answer waits for a signature.").shows("h1", "Inbox");

    let back = fill(&approver, &id, "", "send_back", &[("note", "Add the day, please.")]).await;
    back.expect(StatusCode::OK).page().shows(".done", "The answer is sent back.");
    let case = worker.page(&format!("/workspace/submissions/{id}")).await;
    case.shows("section[aria-labelledby=sent-back] .text", "Add the day, please.");
    assert_eq!(case.form(&form_of("draft")).field("text"), "Заделали.");
    let answer = [("text", "Заделали 3 июня."), ("outcome", "solved")];
    fill(&worker, &id, "", "draft", &answer).await.expect(StatusCode::OK);
    let sign = approver.page("/workspace/inbox").await;
    sign.shows(".tabs a", "To sign 1").has(&format!("tbody a[href^='/workspace/submissions/{id}']"));
    let signed = fill(&approver, &id, "view=sign", "approve", &[]).await.expect(StatusCode::OK).page();
    signed.shows(".done", "The answer is signed and published.");
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
    let mut form =
        vec![("assignee", WORKER), ("return", "/workspace/inbox?view=all"), ("idempotency_key", "k")];
    form.extend(chosen.iter().map(|one| ("submissions[]", one.as_str())));
    for _ in 0..2 {
        // Sent twice, done once.
        let reply = coordinator.form("/workspace/inbox/steps", &form).await;
        let page = reply.expect(StatusCode::UNPROCESSABLE_ENTITY).page();
        page.shows(".summary h2", "Not done: 1 submission");
        assert!(page.text(".summary li").contains("It was changed while you were reading"));
        let left = page.form("#bulk").field("submissions[]");
        assert_eq!(left, format!("{}@4", ids[1]), "only that one stays ticked");
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
    let nothing = nothing.expect(StatusCode::UNPROCESSABLE_ENTITY).page();
    nothing.shows(".summary a[href='#bulk-submissions']", "Tick at least one submission");
    nothing.has("#bulk-submissions [name='submissions[]']");
    let elsewhere = send(
        &coordinator,
        "/workspace/inbox/steps",
        &[("assignee", WORKER), ("return", "https://evil.example/?view=new"), ("submissions[]", &ids[1])],
    )
    .await;
    // Never to another address.
    elsewhere.expect(StatusCode::OK).page().shows("h1", "Inbox");
    program.post("/workspace/inbox/steps", &json!({ "submissions": [] })).await.problem(422, "submissions");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_with_many_has_a_page_that_says_with_how_many() {
    let platform = Platform::start().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(platform.pothole(&platform.anonymous()).await.0);
    }
    let coordinator = browser(&platform, COORDINATOR);
    let inbox = coordinator.page("/workspace/inbox?view=new").await;
    inbox.has("#bulk button[name=step][value=forward][formmethod=get][formaction='/workspace/inbox/steps']");
    let ticked = format!("&submissions[]={}@3&submissions[]={}@3", ids[0], ids[1]);
    let page = coordinator
        .page(&format!("/workspace/inbox/steps?step=forward&return=view%3Dnew%26under%3Dfalse{ticked}"))
        .await;
    page.shows("h1", "Forward 2 submissions");
    assert!(page.texts("#bulk li .soft:last-child")[1].starts_with("Большая яма"));
    assert_eq!(page.texts("#bulk li").len(), 2);

    // What is wrong is said on the page, and what was ticked stays so.
    let (path, refused) = page.form("#bulk").filled(&[("organization", "Нет такой")]);
    let refused: Vec<_> = refused.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let refused = send(&coordinator, path, &refused).await.expect(StatusCode::UNPROCESSABLE_ENTITY).page();
    refused.shows("h1", "Forward 2 submissions").error("organization");
    let (path, whole) = refused.form("#bulk").filled(&[("organization", "Заозёрское дорожное предприятие")]);
    let whole: Vec<_> = whole.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let done = send(&coordinator, path, &whole).await.expect(StatusCode::OK).page();
    done.has(".done").shows(".tabs a[aria-current]", "New 1");
    for id in &ids[..2] {
        let view = platform.person(COORDINATOR).get(&format!("/workspace/submissions/{id}")).await.ok();
        assert_eq!(view["organization"]["id"], "zaozersk-road-works");
    }

    // Somebody else's submissions are not shown to those who guess an id.
    let guess = format!("/workspace/inbox/steps?step=reject&submissions[]={}", ids[2]);
    let page = browser(&platform, "polyclinic-1-caseworker").page(&guess).await;
    page.shows("h1", "Reject 0 submissions").has(".empty");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disputed_case_begins_with_what_its_author_says() {
    let platform = Platform::start().await;
    let (id, author) = platform.answered("solved").await;
    let words = "Посыпали песком и уехали.";
    let rating = json!({ "mark": 1, "solved": false, "text": words });
    author.post(&format!("/submissions/{id}/rating"), &rating).await.created();
    let coordinator = browser(&platform, COORDINATOR);
    let inbox = coordinator.page("/workspace/inbox?view=disputed").await;
    inbox.shows(".tabs a[aria-current]", "Disputed 1").shows("tbody tr.disputed .tag", "disputed");
    let case = coordinator.page(&format!("/workspace/submissions/{id}")).await;
    case.shows(".case-act > :first-child .text", words)
        .shows(".case-act .note--bad .line span", "Says that the problem is not solved");
    assert!(case.text("section[aria-labelledby=assign] button:first-child").ends_with("answered it before"));
    assert!(case.text(".case-head").starts_with("No. "), "{}", case.text(".case-head"));
    let history = case.text("#history + .timeline");
    assert!(history.contains("Caseworker: ") && history.contains("assigned by "), "{history}");
    let beside = coordinator.page(&format!("/workspace/submissions/{id}?part=preview")).await;
    beside.shows("[data-part] .note--bad", &format!("The author disputes the answer: {words}"));
    assert!(beside.text("[data-part] h2 ~ .text").starts_with("Большая яма"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_form_keeps_the_text_and_says_what_changed() {
    let platform = Platform::start().await;
    let (id, _) = platform.pothole(&platform.anonymous()).await;
    let (program, worker) = (platform.person(COORDINATOR), browser(&platform, WORKER));
    program.step(&id, json!({ "step": "assign", "assignee": WORKER })).await.created();
    let case = worker.page(&format!("/workspace/submissions/{id}")).await;
    let version = case.form(&form_of("draft")).field("if_match");
    let interim = json!({ "step": "answer_interim", "text": "Мастер выехал." });
    platform.person(WORKER).step(&id, interim).await.created();
    let fields = [
        ("step", "draft"),
        ("if_match", &version),
        ("outcome", "solved"),
        ("text", "Долго писали этот ответ."),
    ];
    let path = format!("/workspace/submissions/{id}/steps");
    let stale = send(&worker, &path, &fields).await.expect(StatusCode::PRECONDITION_FAILED).page();
    let kept = stale.form(&form_of("draft"));
    assert_eq!([kept.field("text"), kept.field("outcome")], ["Долго писали этот ответ.", "solved"]);
    let since = stale.text("section[aria-labelledby=since]");
    assert!(since.starts_with("While you filled in the form") && since.contains("Мастер выехал."), "{since}");
    assert_ne!(kept.field("if_match"), version, "sent again it is taken");

    // The case leaves the desk meanwhile: the text is still there to be copied.
    program.step(&id, json!({ "step": "forward", "organization": "zaozersk-road-works" })).await.created();
    let gone = send(&worker, &path, &fields).await.expect(StatusCode::PRECONDITION_FAILED).page();
    gone.shows("#lost", "What you wrote");
    gone.shows("section[aria-labelledby=lost] .quote", "Долго писали этот ответ.");
    gone.lacks("[name=step][value=draft]");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_sees_the_steps_that_it_may_take() {
    let platform = Platform::start().await;
    let (id, _) = platform.pothole(&platform.anonymous()).await;
    let path = format!("/workspace/submissions/{id}");
    let offered = async |person: &str| {
        let page = browser(&platform, person).page(&path).await;
        let mut steps: Vec<_> =
            page.attributes("[name=step]", "value").into_iter().map(str::to_owned).collect();
        steps.sort();
        steps
    };
    assert_eq!(offered(COORDINATOR).await, ["assign", "forward", "pause", "reject"]);
    assert_eq!(offered(WORKER).await, ["pause"]);
    assert_eq!(offered(APPROVER).await, [""; 0], "the rule for potholes allows no extension");
    assert_eq!(offered("demo-analyst").await, [""; 0]);
    assert_eq!(offered("demo-moderator").await, ["reject"]);
    platform.person(COORDINATOR).step(&id, json!({ "step": "assign", "assignee": WORKER })).await.created();
    assert_eq!(offered(WORKER).await, ["answer_interim", "draft", "pause"]);
    let draft = json!({ "step": "draft", "outcome": "solved", "text": "Готово." });
    platform.person(WORKER).step(&id, draft).await.created();
    assert_eq!(offered(APPROVER).await, ["approve", "send_back"]);
    platform.person(COORDINATOR).step(&id, json!({ "step": "pause", "note": "Ждём." })).await.created();
    assert_eq!(offered(COORDINATOR).await, ["resume"]);

    let approver = browser(&platform, APPROVER);
    // Nothing to do with several.
    approver.page("/workspace/inbox").await.has("tbody tr").lacks("[name='submissions[]']");
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
    let case = clerk.page(&format!("/workspace/submissions/{id}")).await;
    assert_eq!(case.form(&form_of("draft")).field("take"), "true");
    let answer = [("outcome", "solved"), ("text", "Лампу заменили.")];
    let done = fill(&clerk, &id, "", "draft", &answer).await.expect(StatusCode::OK).page();
    done.shows(".done", "The answer waits for a signature.");
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
    for (who, path, shown, text) in [
        (&coordinator, "/workspace/inbox".to_owned(), ".begin", hostile),
        (&coordinator, format!("/workspace/templates/{template}"), "textarea", hostile),
        (&coordinator, format!("/workspace/templates/{template}"), "h1", "<b>\"hostile"),
        (&coordinator, "/workspace/templates".to_owned(), "main li .quote", hostile),
        (&coordinator, "/workspace/templates".to_owned(), "main li h2 a", "<b>\"hostile"),
        (
            &worker,
            format!("/workspace/submissions/{id}?template={template}&list=%22%3E%3Cscript%3E"),
            ".case-what .text",
            hostile,
        ),
    ] {
        who.page(&path).await.shows(shown, text).has_no_markup_of_others();
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
    let counts = json!({ "all": 4, "overdue": 0, "today": 0, "new": 3, "nobody": 3, "disputed": 0,
        "mine": 0, "sign": 0 });
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
    assert_eq!(second["counts"], counts, "counted as a whole");

    // Months later everything is overdue, and says by how much.
    platform.clock.advance(90 * 24 * 3_600);
    let late = browser(&platform, COORDINATOR).page("/workspace/inbox?view=overdue").await;
    late.shows(".tabs a[aria-current]", "Overdue 4");
    let due = late.texts("tbody time .full");
    assert!(due.len() == 4 && due.iter().all(|due| due.ends_with("days overdue")), "{due:?}");
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
    let list = InboxList::of_inboxes(&store.inbox_counts(&all).await.unwrap(), Span::default());
    let first = store.list_inbox(&list, None, 9).await.unwrap();
    let rest = store.list_inbox(&list, first.next.as_deref(), 9).await.unwrap();
    assert_eq!((first.items.len(), rest.items.len(), rest.next), (9, 5, None));
    let read: Vec<_> =
        first.items.iter().chain(&rest.items).map(|entry| (entry.term().unwrap().ends, entry.id)).collect();
    assert!(read.is_sorted(), "{read:?}");
}
