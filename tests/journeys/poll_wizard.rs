//! An organizer prepares a poll step by step, without scripts.

use serde_json::Value;

use crate::client::{Client, Reply};
use crate::platform::Platform;

/// Fills in a page of the wizard over what it carries, and presses a button.
async fn press(client: &Client, address: &str, page: &Reply, fields: &[(&str, &str)]) -> Reply {
    let form = page.page().split_once("<form class=\"panel\"").unwrap().1;
    let mut all: Vec<(String, String)> = Vec::new();
    for hidden in form.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = hidden.split_once("\" value=\"").unwrap();
        let value = rest.split('"').next().unwrap().replace("&#38;", "&");
        all.push((name.to_owned(), value));
    }
    all.retain(|(name, _)| !fields.iter().any(|(field, _)| field == name));
    let filled =
        fields.iter().copied().chain(all.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    client.form(address, &filled.collect::<Vec<_>>()).await
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

    assert_eq!(
        press(&organizer, "/polls", &page, &[]).await.leads_to(),
        "/polls?drafts=true&done=poll-saved"
    );
    let list = platform.person("demo-organizer").get("/polls?drafts=true").await.ok();
    let id = list["items"][0]["id"].as_str().unwrap();
    let (poll, json) = (format!("/polls/{id}"), platform.person("demo-organizer"));
    let draft = json.get(&poll).await.ok();
    assert_eq!((&draft["title"], &draft["budget"]), (&Value::from("Бюджет & двор"), &Value::from(500)));
    assert!(organizer.get(&poll).await.page().contains(&format!("/polls/new?draft={id}&amp;step=count")));

    let at = |step: &str| format!("/polls/new?step={step}&draft={id}");
    let page = organizer.get(&at("count")).await;
    let page = press(&organizer, &at("count"), &page, &[("rule", "greedy"), ("budget", "600"), next]).await;
    assert_eq!(press(&organizer, &poll, &page, &[]).await.leads_to(), format!("{poll}?done=poll-saved"));
    assert_eq!(json.get(&poll).await.ok()["budget"], 600);
    // Somebody has saved it meanwhile: that is told, and nothing is lost.
    let other_key = [("idempotency_key", "another")];
    let stale = press(&organizer, &poll, &page, &other_key).await;
    assert!(stale.status.is_client_error() && stale.page().contains("Бюджет &#38; двор"), "{}", stale.page());
    press(&organizer, &poll, &stale, &[]).await.leads_to();
    platform.person("anna").get(&at("count")).await.problem(403, "");
}
