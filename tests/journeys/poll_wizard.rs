//! An organizer prepares a poll step by step, without scripts.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::page::Page;
use crate::platform::Platform;

/// Fills in a page of the wizard, presses a button, and looks at what comes next.
async fn press(client: &Client, page: &Page, fields: &[(&str, &str)]) -> Page {
    send(client, page, fields).await.expect(StatusCode::OK).page()
}

async fn refused(client: &Client, page: &Page, fields: &[(&str, &str)]) -> Page {
    send(client, page, fields).await.expect(StatusCode::UNPROCESSABLE_ENTITY).page()
}

async fn send(client: &Client, page: &Page, fields: &[(&str, &str)]) -> Reply {
    client.fill(page.form("main form.panel"), fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_is_prepared_step_by_step() {
    let platform = Platform::start().await;
    let organizer = platform.browser_of("demo-organizer");
    let next = ("go", "next");

    let first = organizer.page("/polls/new").await;
    let named = [("title", "Бюджет & двор"), ("text", "Что построим?"), ("territory", "zaozersk"), next];
    let page = refused(&organizer, &first, &[("text", "Что построим?"), next]).await;
    page.error("title");
    assert_eq!(page.field("text"), "Что построим?");
    assert_eq!(page.count(".error"), 1, "what comes later is not asked yet");
    let page = press(&organizer, &first, &named).await;
    page.has("textarea[name=lines]");

    // One option is none.
    refused(&organizer, &page, &[("lines", "Каток"), next]).await.error("lines");
    let lines = "Каток | 300\nСквер | 200 | у реки\nКачели | 100";
    let page = press(&organizer, &page, &[("lines", lines), next]).await;
    page.has("input[name=closes]:not([type=hidden])");
    let dates = [("opens", "2100-05-02T10:00"), ("closes", "2100-05-01T10:00"), next];
    refused(&organizer, &page, &dates).await.error("closes");
    let dates = [("opens", "2100-05-01T10:00"), ("closes", "2100-05-02T10:00"), next];
    let page = press(&organizer, &page, &dates).await;
    let page = press(&organizer, &page, &[("ballot.kind", "approve"), next]).await;
    // Only what can count these ballots.
    page.has("[name=rule][value=greedy]").has("[name=rule][value=approval]").lacks("[name=rule][value=irv]");
    refused(&organizer, &page, &[("rule", "greedy"), next]).await.error("budget");
    let page = press(&organizer, &page, &[("rule", "greedy"), ("budget", "500"), next]).await;
    // What people will see.
    page.says("у реки").says("2100");
    let back = press(&organizer, &page, &[("go", "back")]).await;
    assert_eq!(back.attribute("input[name=budget]:not([type=hidden])", "value"), "500");

    // Pressed twice, it leads to the one draft that there is.
    assert_eq!(page.attribute("main form.panel", "action"), "/polls");
    let saved = send(&organizer, &page, &[]).await.leads_to().to_owned();
    assert_eq!(send(&organizer, &page, &[]).await.leads_to(), saved);
    let poll = saved.strip_suffix("?done=poll-saved").unwrap();
    let id = poll.strip_prefix("/polls/").unwrap();
    let json = platform.person("demo-organizer");
    let draft = json.get(poll).await.ok();
    let list = json.get("/polls?drafts=true").await.ok();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["id"]), (1, &draft["id"]));
    assert_eq!((&draft["title"], &draft["budget"]), (&Value::from("Бюджет & двор"), &Value::from(500)));
    organizer.page(poll).await.has(&format!("main nav a[href='/polls/new?draft={id}&step=count']"));

    let at_count = format!("/polls/new?step=count&draft={id}");
    let page = organizer.page(&at_count).await;
    let page = press(&organizer, &page, &[("rule", "greedy"), ("budget", "600"), next]).await;
    assert_eq!(page.attribute("main form.panel", "action"), poll);
    assert_eq!(send(&organizer, &page, &[]).await.leads_to(), format!("{poll}?done=poll-saved"));
    assert_eq!(json.get(poll).await.ok()["budget"], 600);
    // Somebody has saved it meanwhile: that is told, and nothing is lost.
    let other_key = [("idempotency_key", "another")];
    let stale = send(&organizer, &page, &other_key).await.expect(StatusCode::PRECONDITION_FAILED).page();
    assert_eq!(stale.field("title"), "Бюджет & двор");
    stale.says("Бюджет & двор");
    send(&organizer, &stale, &[]).await.leads_to();
    platform.person("anna").get(&at_count).await.problem(403, "");
}

/// What a form cannot say, an edit of something else leaves alone.
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_changes_what_was_edited_and_nothing_else() {
    let platform = Platform::start().await;
    let program = platform.person("demo-organizer");
    let organizer = platform.browser_of("demo-organizer");
    let poll = json!({
        "title": "Двор", "text": "Что построим?", "territory": "zaozersk",
        "opens": "2100-05-01T10:00:00Z", "closes": "2100-05-02T20:59:59Z",
        "eligibility": { "territory": "zaozersk", "minimum_age": 16, "identified": true },
        "ballot": { "kind": "approve" }, "rule": "greedy", "budget": 900, "threshold": 2, "ties": "cheaper", "revotes": false,
        "options": [
            { "id": "a", "name": "Каток | лёд", "cost": 500, "place": "у | реки", "description": "Две\nстроки" },
            { "id": "b", "name": "Качели", "cost": 100 },
            { "id": "c", "name": "Качели", "cost": 200 },
        ],
    });
    let id = program.post("/polls", &poll).await.created()["id"].as_str().unwrap().to_owned();
    let at = |step: &str| format!("/polls/new?step={step}&draft={id}");
    let before = program.get(&format!("/polls/{id}")).await.ok();
    let mut page = organizer.page(&at("question")).await;
    page = press(&organizer, &page, &[("title", "Наш двор"), ("go", "next")]).await;
    for step in ["options", "voters", "ballot", "count"] {
        assert_eq!(page.attribute("main form.panel", "action"), at(step));
        page = press(&organizer, &page, &[("go", "next")]).await;
    }
    send(&organizer, &page, &[]).await.leads_to();
    let after = program.get(&format!("/polls/{id}")).await.ok();
    let mut expected = before.clone();
    expected["title"] = json!("Наш двор");
    assert_eq!(after, expected);

    // One of two projects of the same name goes, one is added: the others keep what they have, an empty limit stays empty.
    let page = organizer.page(&at("options")).await;
    let lines = "Качели | 100\nКачели | 250\nСквер | 50\nПруд | 60";
    let mut page = press(&organizer, &page, &[("lines", lines), ("go", "next")]).await;
    for _ in ["voters", "ballot", "count"] {
        page = press(&organizer, &page, &[("go", "next")]).await;
    }
    send(&organizer, &page, &[]).await.leads_to();
    let after = program.get(&format!("/polls/{id}")).await.ok();
    let ids: Vec<&Value> = after["options"].as_array().unwrap().iter().map(|option| &option["id"]).collect();
    assert_eq!(ids, ["b", "c", "1", "2"]);
    assert_eq!((&after["ballot"]["up_to"], &after["closes"]), (&json!(4), &before["closes"]));

    // A pasted file brings its budget along; a long one fits.
    let project = |number: i32| format!("p{number};1;Проект с длинным названием {number}");
    let projects = (0..1_500).map(project).collect::<Vec<_>>().join("\n");
    let pb = format!(
        "META\nkey;value\nvote_type;approval\nbudget;7\nPROJECTS\nproject_id;cost;name\n{projects}\nVOTES\nvoter_id;vote\n"
    );
    let page = organizer.page(&at("options")).await;
    // More than 200 options.
    refused(&organizer, &page, &[("pb", &pb), ("go", "next")]).await.error("pb");
    let pb = "META\nkey;value\nvote_type;cumulative\nbudget;7\nmax_sum_points;6\nmin_project_score_threshold;2\nPROJECTS\n\
        project_id;cost;name\nx;3;Каток\ny;4;Пруд\nVOTES\nvoter_id;vote;points\nanna;x,y;4,2\n";
    let page = press(&organizer, &page, &[("pb", pb), ("go", "next")]).await;
    for (field, value) in
        [("budget", "7"), ("threshold", "2"), ("ballot.kind", "distribute"), ("ballot.limit", "6")]
    {
        assert_eq!(page.field(field), value, "{field}");
    }
    // Votes do not travel along.
    assert!(page.field("pb").contains("Каток"));
    page.conceals("anna");
    // Published meanwhile, it cannot be saved any more, and that is said.
    let last = press(&organizer, &organizer.page(&at("count")).await, &[("go", "next")]).await;
    program.post(&format!("/polls/{id}/publication"), &json!({})).await.ok();
    let late = send(&organizer, &last, &[]).await;
    assert!(late.status.is_client_error() && late.status.as_u16() != 404, "{}", late.body);
    // Strangers are not shown the wizard, whatever is wrong with what they send.
    let stranger = platform.browser();
    assert_eq!(stranger.form(&format!("/polls/{id}"), &[("seats", "abc")]).await.status.as_u16(), 401);
}
