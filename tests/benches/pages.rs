//! How much each page weighs, and how long the platform takes to make it, with 2,000 reports in the demo city.
//!
//! ```text
//! cargo bench --bench pages
//! ```
//!
//! Starts the whole platform in this process, in memory, and asks for every page 100 times, one request after the other, as
//! a browser does. Time is from the request to the last byte as a client on the same machine sees it. Weight is what goes
//! over the line with gzip: the page alone, and with style sheet and script, which browsers fetch once. Fails if a page is
//! not 200, weighs more than 60 KB with everything, or is not what it should be.

#[path = "city.rs"]
mod city;

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{anyhow, ensure};
use city::{send_all, settle};
use reqwest::{Client, header};
use serde_json::{Value, json};
use vmeste::data::Data;
use vmeste::{Host, Options};

const TIMES: usize = 100;
/// The most that a page may weigh with style sheet and script, in bytes.
const WEIGHT: usize = 60_000;

/// Who looks at what; `{id}` is a submission that the roads department works on, `{own}` one of the citizen's.
const PAGES: &[(&str, &str)] = &[
    ("", "/"),
    ("", "/help"),
    ("", "/submissions/new"),
    ("", "/tracking"),
    ("", "/matrix"),
    ("demo-citizen", "/submissions"),
    ("demo-citizen", "/submissions/{own}"),
    ("demo-citizen", "/notices"),
    ("demo-citizen", "/settings"),
    ("zaozersk-roads-coordinator", "/workspace/inbox"),
    ("demo-coordinator", "/workspace/inbox"),
    ("zaozersk-roads-coordinator", "/workspace/submissions/{id}"),
    ("zaozersk-roads-coordinator", "/workspace/templates"),
    ("zaozersk-roads-coordinator", "/workspace/dashboard"),
    ("demo-coordinator", "/workspace/dashboard"),
    ("demo-analyst", "/search"),
    ("demo-analyst", "/search?q=%D1%8F%D0%BC%D0%B0"),
    ("demo-analyst", "/search/similar/{id}"),
    ("demo-analyst", "/matrix?rows=2&columns=2"),
    ("demo-administrator", "/directory"),
    ("demo-administrator", "/directory/entries?section=organizations"),
    ("demo-administrator", "/directory/entries/people/demo-coordinator"),
    ("demo-administrator", "/directory/versions"),
];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    entrypoint::init_telemetry("warn,dynoxide=error", false);
    let host = Host::start(Options::new(Data::Memory)).await.map_err(|error| anyhow!(error))?;
    send_all(&host.url).await?;
    let http = Client::new();
    let (own, _) = submit(&host, &http, "demo-citizen").await?;
    settle(&host).await?;
    let id = first_case(&host, &http).await?;

    let mut shared = 0;
    for asset in ["vmeste.css", "vmeste.js"] {
        let address = pages::asset(asset).ok_or_else(|| anyhow!("no {asset}"))?.address();
        shared += ask(&host, &http, "", &address).await?.1;
    }
    let mut out = std::io::stdout();
    writeln!(out, "style sheet and script: {shared} bytes, fetched once")?;
    writeln!(out, "{:<64} {:>8} {:>8} {:>8} {:>8}", "page", "bytes", "with all", "p50 ms", "p95 ms")?;
    for (subject, path) in PAGES {
        let path = path.replace("{id}", &id).replace("{own}", &own);
        let mut took = Vec::with_capacity(TIMES);
        let mut weight = 0;
        for _ in 0..TIMES {
            let (time, bytes) = ask(&host, &http, subject, &path).await?;
            took.push(time);
            weight = bytes;
        }
        took.sort();
        let milliseconds = |percent: usize| took[(TIMES - 1) * percent / 100].as_secs_f64() * 1e3;
        let name = format!("{} {path}", if subject.is_empty() { "anybody" } else { subject });
        let (p50, p95) = (milliseconds(50), milliseconds(95));
        writeln!(out, "{name:<64.64} {weight:>8} {:>8} {p50:>8.1} {p95:>8.1}", weight + shared)?;
        ensure!(weight + shared < WEIGHT, "{path} weighs {} bytes", weight + shared);
    }
    Ok(())
}

/// Time and weight of a page.
async fn ask(host: &Host, http: &Client, subject: &str, path: &str) -> anyhow::Result<(Duration, usize)> {
    let request = http.get(format!("{}{path}", host.url));
    let request = request.header(header::ACCEPT, "text/html").header(header::ACCEPT_ENCODING, "gzip");
    let request = match subject {
        "" => request,
        subject => request.header(header::COOKIE, format!("session={}", token(host, subject)?)),
    };
    let started = Instant::now();
    let reply = request.send().await?;
    let status = reply.status();
    let body = reply.bytes().await?;
    let took = started.elapsed();
    ensure!(status.is_success(), "{path}: {status}");
    Ok((took, body.len()))
}

fn token(host: &Host, subject: &str) -> anyhow::Result<String> {
    Ok(host.issuer.signer.sign(json!({ "sub": subject, "name": subject }))?)
}

async fn submit(host: &Host, http: &Client, subject: &str) -> anyhow::Result<(String, Value)> {
    let report =
        json!({ "kind": "report", "category": "pothole", "territory": "zaozersk", "text": "Яма у дома." });
    let request = http.post(format!("{}/submissions", host.url)).bearer_auth(token(host, subject)?);
    let receipt: Value = request.json(&report).send().await?.error_for_status()?.json().await?;
    Ok((receipt["id"].as_str().unwrap_or_default().to_owned(), receipt))
}

async fn first_case(host: &Host, http: &Client) -> anyhow::Result<String> {
    let request = http.get(format!("{}/workspace/inbox", host.url));
    let request = request.bearer_auth(token(host, "zaozersk-roads-coordinator")?);
    let inbox: Value = request.send().await?.error_for_status()?.json().await?;
    Ok(inbox["items"][0]["id"].as_str().ok_or_else(|| anyhow!("the inbox is empty"))?.to_owned())
}
