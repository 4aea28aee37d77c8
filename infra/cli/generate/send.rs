//! Messages through the door that citizens use.

use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures::StreamExt;
use generator::{Generator, Message, Sentences, Truth, WorldEntry};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::progress::{progress, report};

/// Requests under way at once.
const AT_ONCE: usize = 8;
/// Tries of a request that the platform has no time for.
const TRIES: u32 = 8;
/// Refusals that are shown; of more only the number is.
const SHOWN: usize = 10;

/// Sends the messages to the platform at `url`.
pub(super) async fn send(
    seed: u64,
    sentences: Option<Sentences>,
    numbers: Range<u64>,
    url: &str,
) -> anyhow::Result<Truth> {
    engines::choose_tls();
    let begun = Instant::now();
    let http = Client::builder().timeout(Duration::from_mins(1)).build()?;
    let platform = Platform { http, url: url.trim_end_matches('/') };
    let (categories, territories) =
        (platform.entries("categories").await?, platform.entries("territories").await?);
    let generator = Generator::of_directory(seed, &categories, &territories)?.with_texts(sentences);

    let mut truth = Truth::new(&generator);
    let mut refused = Vec::new();
    let mut accepted = 0;
    let bar = progress(&numbers)?;
    let platform = &platform;
    let mut replies = futures::stream::iter(generator.messages(numbers))
        .map(|message| async move {
            let reply = platform.send(&message).await;
            (message, reply)
        })
        .buffer_unordered(AT_ONCE);
    while let Some((mut message, reply)) = replies.next().await {
        match reply? {
            Ok(id) => {
                message.document.id = id;
                truth.add(&generator, &message);
                accepted += 1;
            }
            Err(reason) => refused.push(format!("message {} is refused: {reason}", message.number)),
        }
        bar.inc(1);
    }
    bar.finish();
    report(&format!("were accepted by {url}"), accepted, begun)?;
    ensure!(refused.is_empty(), "refused messages: {}\n{}", refused.len(), shown(&refused));
    Ok(truth)
}

fn shown(refused: &[String]) -> String {
    refused[..refused.len().min(SHOWN)].join("\n")
}

struct Platform<'u> {
    http: Client,
    url: &'u str,
}

impl Platform<'_> {
    async fn entries(&self, tree: &str) -> anyhow::Result<Vec<WorldEntry>> {
        let url = format!("{}/{tree}", self.url);
        let reply = self.http.get(&url).header("accept", "application/json").send().await;
        let reply = reply.with_context(|| format!("nothing answers at {url}"))?;
        let status = reply.status();
        ensure!(status.is_success(), "{url} answers {status}");
        reply.json().await.with_context(|| format!("what {url} answers cannot be read"))
    }

    /// The id that the platform gives, or why it takes no such message.
    async fn send(&self, message: &Message) -> anyhow::Result<Result<domain::SubmissionId, String>> {
        let url = format!("{}/submissions", self.url);
        let body = body(message);
        // The same in every try: if only the reply was lost, the message does not come twice.
        let key = message.document.id.to_string();
        let mut tries = 1;
        loop {
            let request = self.http.post(&url).header("idempotency-key", &key).json(&body);
            let last = tries == TRIES;
            match request.send().await {
                Ok(reply) if is_busy(reply.status()) => {
                    ensure!(!last, "{url} answers {} again and again", reply.status());
                }
                Ok(reply) => return accepted(reply).await,
                Err(error) if last => return Err(error).context(format!("nothing answers at {url}")),
                Err(_) => {}
            }
            tokio::time::sleep(Duration::from_millis(100 << tries)).await;
            tries += 1;
        }
    }
}

fn is_busy(status: StatusCode) -> bool {
    matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
}

async fn accepted(reply: reqwest::Response) -> anyhow::Result<Result<domain::SubmissionId, String>> {
    let status = reply.status();
    let body: Value = reply.json().await.unwrap_or_default();
    if status != StatusCode::CREATED {
        let detail =
            body["detail"].as_str().or_else(|| body["title"].as_str()).unwrap_or("no reason is given");
        return Ok(Err(format!("{status}, {detail}")));
    }
    let id = body["id"].as_str().context("the platform gave no id")?;
    Ok(Ok(id.parse()?))
}

/// What a citizen says. An appeal would need somebody who is signed in.
fn body(message: &Message) -> Value {
    let document = &message.document;
    let mut body = json!({
        "kind": "report",
        "text": document.text,
        "territory": document.territory,
    });
    if let Some(category) = &document.category {
        body["category"] = json!(category);
    }
    if let Some(place) = &document.place {
        body["place"] = json!({ "address": place });
    }
    body
}
