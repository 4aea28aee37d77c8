//! An organizer prepares a poll step by step, without scripts.

use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::platform::Platform;

/// Fills in a page of the wizard as a browser does: over all that it shows and carries; and presses a button.
async fn press(client: &Client, address: &str, page: &Reply, fields: &[(&str, &str)]) -> Reply {
    let form = page.page().split_once("<form class=\"panel\"").unwrap().1;
    let mut all = controls(form);
    all.retain(|(name, _)| !fields.iter().any(|(field, _)| field == name));
    let filled =
        fields.iter().copied().chain(all.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    client.form(address, &filled.collect::<Vec<_>>()).await
}

/// The fields of a form as they are.
fn controls(form: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        Some(plain(rest.split('"').next().unwrap()))
    };
    let mut fields = Vec::new();
    for part in form.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        let name = attribute(tag, "name");
        match (tag.split(' ').next().unwrap(), name) {
            ("input", Some(name)) => {
                let is_radio = attribute(tag, "type").as_deref() == Some("radio");
                if !is_radio || tag.contains(" checked") {
                    fields.push((name, attribute(tag, "value").unwrap_or_default()));
                }
            }
            // Browsers drop the first line break, and send two characters for the others.
            ("textarea", Some(name)) => {
                let text = plain(text.strip_prefix('\n').unwrap_or(text));
                fields.push((name, text.replace('\n', "\r\n")));
            }
            ("select", Some(name)) => fields.push((name, String::new())),
            ("option", None) if tag.contains(" selected") => {
                let select = fields.last_mut().unwrap();
                select.1 = attribute(tag, "value").unwrap_or_default();
            }
            _ => {}
        }
    }
    fields
}

fn plain(html: &str) -> String {
    html.replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_is_prepared_step_by_step() {
    let platform = Platform::start().await;
    let organizer =
        platform.person("demo-organizer").with("accept", "text/html").with("accept-language", "ru");
    let at = |step: &str| format!("/polls/new?step={step}");
    let next = ("go", "next");

    let first = organizer.get("/polls/new").await;
    let named = [("title", "Бюджет & двор"), ("text", "Что построим?"), ("territory", "zaozersk"), next];
    let refused = press(&organizer, &at("question"), &first, &[("text", "Что построим?"), next]).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.page());
    assert!(
        refused.page().contains("id=\"title-error\"") && refused.page().contains("Что построим?"),
        "{}",
        refused.page()
    );
    assert!(!refused.page().contains("opens-error"), "what comes later is not asked yet");
    let page = press(&organizer, &at("question"), &first, &named).await;
    assert!(page.page().contains("name=\"lines\""), "{}", page.page());

    let refused = press(&organizer, &at("options"), &page, &[("lines", "Каток"), next]).await;
    assert!(refused.page().contains("id=\"lines-error\""), "one option is none: {}", refused.page());
    let lines = "Каток | 300\nСквер | 200 | у реки\nКачели | 100";
    let page = press(&organizer, &at("options"), &page, &[("lines", lines), next]).await;
    assert!(page.page().contains("name=\"closes\""));
    let dates = [("opens", "2100-05-02T10:00"), ("closes", "2100-05-01T10:00"), next];
    let refused = press(&organizer, &at("voters"), &page, &dates).await;
    assert!(refused.page().contains("id=\"closes-error\""));
    let dates = [("opens", "2100-05-01T10:00"), ("closes", "2100-05-02T10:00"), next];
    let page = press(&organizer, &at("voters"), &page, &dates).await;
    let page = press(&organizer, &at("ballot"), &page, &[("ballot.kind", "approve"), next]).await;
    let offers = |rule: &str| page.page().contains(&format!("name=\"rule\" value=\"{rule}\""));
    assert!(offers("greedy") && offers("approval") && !offers("irv"), "only what can count these ballots");
    let refused = press(&organizer, &at("count"), &page, &[("rule", "greedy"), next]).await;
    assert!(refused.page().contains("id=\"budget-error\""));
    let page = press(&organizer, &at("count"), &page, &[("rule", "greedy"), ("budget", "500"), next]).await;
    assert!(page.page().contains("у реки") && page.page().contains("2100"), "what people will see");
    let back = press(&organizer, &at("check"), &page, &[("go", "back")]).await;
    assert!(back.page().contains("value=\"500\""), "{}", back.page());

    // Pressed twice, it leads to the one draft that there is.
    let saved = press(&organizer, "/polls", &page, &[]).await.leads_to().to_owned();
    assert_eq!(press(&organizer, "/polls", &page, &[]).await.leads_to(), saved);
    let poll = saved.strip_suffix("?done=poll-saved").unwrap();
    let id = poll.strip_prefix("/polls/").unwrap();
    let json = platform.person("demo-organizer");
    let draft = json.get(poll).await.ok();
    let list = json.get("/polls?drafts=true").await.ok();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["id"]), (1, &draft["id"]));
    assert_eq!((&draft["title"], &draft["budget"]), (&Value::from("Бюджет & двор"), &Value::from(500)));
    assert!(organizer.get(poll).await.page().contains(&format!("/polls/new?draft={id}&amp;step=count")));

    let at = |step: &str| format!("/polls/new?step={step}&draft={id}");
    let page = organizer.get(&at("count")).await;
    let page = press(&organizer, &at("count"), &page, &[("rule", "greedy"), ("budget", "600"), next]).await;
    assert_eq!(press(&organizer, poll, &page, &[]).await.leads_to(), format!("{poll}?done=poll-saved"));
    assert_eq!(json.get(poll).await.ok()["budget"], 600);
    // Somebody has saved it meanwhile: that is told, and nothing is lost.
    let other_key = [("idempotency_key", "another")];
    let stale = press(&organizer, poll, &page, &other_key).await;
    assert!(stale.status.as_u16() == 412 && stale.page().contains("Бюджет &#38; двор"), "{}", stale.page());
    press(&organizer, poll, &stale, &[]).await.leads_to();
    platform.person("anna").get(&at("count")).await.problem(403, "");
}

/// What a form cannot say, an edit of something else leaves alone.
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_changes_what_was_edited_and_nothing_else() {
    let platform = Platform::start().await;
    let program = platform.person("demo-organizer");
    let organizer = program.clone().with("accept", "text/html").with("accept-language", "ru");
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
    let mut page = organizer.get(&at("question")).await;
    page = press(&organizer, &at("question"), &page, &[("title", "Наш двор"), ("go", "next")]).await;
    for step in ["options", "voters", "ballot", "count"] {
        page = press(&organizer, &at(step), &page, &[("go", "next")]).await;
        assert_eq!(page.status.as_u16(), 200, "{step}: {}", page.page());
    }
    press(&organizer, &format!("/polls/{id}"), &page, &[]).await.leads_to();
    let after = program.get(&format!("/polls/{id}")).await.ok();
    let mut expected = before.clone();
    expected["title"] = json!("Наш двор");
    assert_eq!(after, expected);

    // One of two projects of the same name goes, one is added: the others keep what they have, an empty limit stays empty.
    let page = organizer.get(&at("options")).await;
    let lines = "Качели | 100\nКачели | 250\nСквер | 50\nПруд | 60";
    let mut page = press(&organizer, &at("options"), &page, &[("lines", lines), ("go", "next")]).await;
    for step in ["voters", "ballot", "count"] {
        page = press(&organizer, &at(step), &page, &[("go", "next")]).await;
    }
    press(&organizer, &format!("/polls/{id}"), &page, &[]).await.leads_to();
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
    let page = organizer.get(&at("options")).await;
    let refused = press(&organizer, &at("options"), &page, &[("pb", &pb), ("go", "next")]).await;
    assert!(refused.page().contains("id=\"pb-error\""), "more than 200 options: {}", refused.status);
    let pb = "META\nkey;value\nvote_type;cumulative\nbudget;7\nmax_sum_points;6\nmin_project_score_threshold;2\nPROJECTS\n\
        project_id;cost;name\nx;3;Каток\ny;4;Пруд\nVOTES\nvoter_id;vote;points\nanna;x,y;4,2\n";
    let page = press(&organizer, &at("options"), &page, &[("pb", pb), ("go", "next")]).await;
    for (field, value) in
        [("budget", "7"), ("threshold", "2"), ("ballot.kind", "distribute"), ("ballot.limit", "6")]
    {
        assert!(
            page.page().contains(&format!("name=\"{field}\" value=\"{value}\"")),
            "{field}: {}",
            page.page()
        );
    }
    assert!(page.page().contains("Каток") && !page.page().contains("anna"), "votes do not travel along");
    // Published meanwhile, it cannot be saved any more, and that is said.
    let last = press(&organizer, &at("count"), &organizer.get(&at("count")).await, &[("go", "next")]).await;
    program.post(&format!("/polls/{id}/publication"), &json!({})).await.ok();
    let late = press(&organizer, &format!("/polls/{id}"), &last, &[]).await;
    assert!(late.status.is_client_error() && late.status.as_u16() != 404, "{}", late.page());
    // Strangers are not shown the wizard, whatever is wrong with what they send.
    let stranger = platform.browser();
    assert_eq!(stranger.form(&format!("/polls/{id}"), &[("seats", "abc")]).await.status.as_u16(), 401);
}
