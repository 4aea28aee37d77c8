//! A poll of the demo city that is open.

use anyhow::Context;
use domain::PollId;
use jiff::{SignedDuration, Timestamp};
use reqwest::Client;
use serde_json::{Value, json};
use vmeste::Host;

pub(crate) const OPTIONS: [&str; 4] = ["a", "b", "c", "d"];
/// It is open for so many seconds.
pub(crate) const OPEN: i64 = 3_600;

/// Publishes it; gives its id.
pub(crate) async fn open(host: &Host) -> anyhow::Result<PollId> {
    let http = Client::new();
    let token = host.issuer.signer.sign(json!({ "sub": "demo-organizer" }))?;
    let options: Vec<Value> = OPTIONS.iter().map(|id| json!({ "id": id, "name": id })).collect();
    let now = Timestamp::now();
    let question = json!({
        "title": "Сквер", "text": "Выбираем вместе.", "territory": "zaozersk", "options": options,
        "opens": now - SignedDuration::from_mins(1), "closes": now + SignedDuration::from_secs(OPEN),
        "ballot": { "kind": "choose_one" }, "rule": "plurality",
    });
    let request = http.post(format!("{}/polls", host.url)).bearer_auth(&token).json(&question);
    let draft: Value = request.send().await?.error_for_status()?.json().await?;
    let id = draft["id"].as_str().context("a draft has an id")?;
    let publication = http.post(format!("{}/polls/{id}/publication", host.url)).bearer_auth(&token);
    publication.json(&json!({})).send().await?.error_for_status()?;
    Ok(id.parse()?)
}
