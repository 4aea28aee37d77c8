//! How many reports the local host accepts, and how long it takes to route and index them.
//!
//! Starts the whole platform in this process, in memory and then on disk, and sends 2,000 reports to the demo city
//! through `POST /submissions` over HTTP, 16 at once. Prints accepted reports a second, latency as a client sees it, and
//! how long after the last reply everything was routed and indexed. Functions, engines, triggers and the clients share
//! the processors, and routing and indexing begin while reports still come in: this is a machine's figure, not Lambda's.
//!
//! ```text
//! cargo bench --bench throughput
//! ```
//!
//! Fails if a report is not accepted, or if deliveries are left after 10 minutes.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{anyhow, ensure};
use entrypoint::Clock;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use vmeste::data::Data;
use vmeste::engines::Endpoints;
use vmeste::{Host, Options};

const REPORTS: usize = 2_000;
const CONNECTIONS: usize = 16;
const PATIENCE: Duration = Duration::from_mins(10);

/// Category and what people write of it.
const COMPLAINTS: [(&str, &str); 8] = [
    ("pothole", "Яма на проезжей части, машины объезжают её по встречной полосе"),
    ("lamp-out", "Не горит фонарь, вечером здесь ничего не видно"),
    ("garbage-not-collected", "Мусор не вывозят четвёртый день, контейнеры переполнены"),
    ("bus-late", "Автобус снова не пришёл по расписанию, ждали сорок минут"),
    ("playground", "Сломаны качели на детской площадке, торчит железо"),
    ("no-hot-water", "Нет горячей воды с понедельника, сроков не называют"),
    ("clinic-queue", "В регистратуре очередь на два часа, работает одно окно"),
    ("stray-dogs", "Стая собак у школы, дети боятся идти на уроки"),
];
const TERRITORIES: [&str; 5] =
    ["zaozersk-center", "zaozersk-zarechny", "zaozersk-vokzalny", "verkhnie-klyuchi", "lugovoy"];
const STREETS: [&str; 7] = ["Озёрная", "Садовая", "Вокзальная", "Рыбацкая", "Школьная", "Полевая", "Речная"];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    entrypoint::init_telemetry("warn,dynoxide=error", false);
    writeln!(std::io::stdout(), "{REPORTS} reports, {CONNECTIONS} connections")?;
    measure("memory", Data::Memory).await?;
    // In the build folder: /tmp may itself be memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    measure("disk", Data::Folder(folder.path().to_owned())).await
}

async fn measure(mode: &str, data: Data) -> anyhow::Result<()> {
    let options =
        Options { port: 0, data, empty: false, endpoints: Endpoints::default(), clock: Clock::default() };
    let host = Host::start(options).await.map_err(|error| anyhow!(error))?;

    let started = Instant::now();
    let mut latencies = send_all(&host.url).await?;
    let sending = started.elapsed().as_secs_f64();
    latencies.sort();

    let sent = Instant::now();
    let left = vmeste::pending(&host.store).await?;
    while vmeste::pending(&host.store).await? > 0 {
        ensure!(sent.elapsed() < PATIENCE, "not everything is routed and indexed after {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let settling = sent.elapsed().as_secs_f64();

    let accepted = f64::from(u32::try_from(latencies.len())?);
    let milliseconds = |percent: usize| latencies[(latencies.len() - 1) * percent / 100].as_secs_f64() * 1e3;
    let mut out = std::io::stdout();
    writeln!(out, "{mode}: {:.0} accepted/s ({sending:.1} s)", accepted / sending)?;
    let (p50, p99, max) = (milliseconds(50), milliseconds(99), milliseconds(100));
    writeln!(out, "  latency: p50 {p50:.1} ms, p99 {p99:.1} ms, max {max:.1} ms")?;
    writeln!(
        out,
        "  all routed and indexed {settling:.1} s after the last reply ({left} deliveries were left)"
    )?;
    Ok(())
}

/// Sends every report; gives the time that each took.
async fn send_all(url: &str) -> anyhow::Result<Vec<Duration>> {
    let http = Client::builder().timeout(Duration::from_mins(1)).build()?;
    let address = format!("{url}/submissions");
    let next = Arc::new(AtomicUsize::new(0));
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (http, address, next) = (http.clone(), address.clone(), Arc::clone(&next));
        connections.spawn(async move {
            let mut latencies = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= REPORTS {
                    return anyhow::Ok(latencies);
                }
                latencies.push(send(&http, &address, &report(number)).await?);
            }
        });
    }
    let mut latencies = Vec::with_capacity(REPORTS);
    while let Some(of_one) = connections.join_next().await {
        latencies.extend(of_one??);
    }
    Ok(latencies)
}

async fn send(http: &Client, address: &str, report: &Value) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let reply = http.post(address).json(report).send().await?;
    let status = reply.status();
    let body = reply.text().await?;
    ensure!(status == StatusCode::CREATED, "a report was not accepted: {status} {body}");
    Ok(started.elapsed())
}

/// No two are the same; the lists have coprime lengths, so that everything meets everything.
fn report(number: usize) -> Value {
    let (category, complaint) = COMPLAINTS[number % COMPLAINTS.len()];
    let territory = TERRITORIES[number % TERRITORIES.len()];
    let street = STREETS[number % STREETS.len()];
    let house = 1 + number / 10;
    json!({
        "kind": "report",
        "category": category,
        "territory": territory,
        "text": format!("{complaint}. Улица {street}, дом {house}, заявка {number}."),
        "place": { "address": format!("улица {street}, {house}") },
    })
}
