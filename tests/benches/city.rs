//! Two thousand reports for the demo city: made up, all different.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::ensure;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use vmeste::Host;

pub(crate) const REPORTS: usize = 2_000;
pub(crate) const CONNECTIONS: usize = 16;
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

/// Sends every report; gives the time that each took.
pub(crate) async fn send_all(url: &str) -> anyhow::Result<Vec<Duration>> {
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

/// Waits until everything is routed and indexed.
pub(crate) async fn settle(host: &Host) -> anyhow::Result<()> {
    let sent = Instant::now();
    while vmeste::pending(&host.store).await? > 0 {
        ensure!(sent.elapsed() < PATIENCE, "not everything is routed and indexed after {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}
