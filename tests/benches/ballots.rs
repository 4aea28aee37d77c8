//! How many ballots the local host takes, and how long it takes to count them.
//!
//! Starts the whole platform in this process, in memory, and has 2,000 people (or as many as the argument says) vote once each through `POST /polls/{id}/ballots`
//! over HTTP, 16 at once. Prints ballots a second, latency as a client sees it, and the time from the end of the pause after the
//! close to the signed result. Functions, engines, triggers and the clients share the processors, and ballots are logged while
//! others still come in: this is a machine's figure, not Lambda's.
//!
//! ```text
//! cargo bench --bench ballots
//! cargo bench --bench ballots -- 100000
//! ```
//!
//! Fails if a ballot is not taken, or if the result is not there or another than it must be.

mod poll;

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ::poll::{COUNTED_AFTER, Stage};
use anyhow::{Context, anyhow, ensure};
use clap::Parser;
use entrypoint::Clock;
use reqwest::{Client, StatusCode};
use serde_json::json;
use tokio::task::JoinSet;
use vmeste::data::Data;
use vmeste::{Host, Options};

const CONNECTIONS: usize = 16;
const PATIENCE: Duration = Duration::from_mins(5);

#[derive(Parser)]
struct Arguments {
    /// So many people vote.
    #[arg(default_value_t = 2_000)]
    ballots: usize,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let ballots = Arguments::parse().ballots;
    entrypoint::init_telemetry("warn,dynoxide=error", false);
    let clock = Clock::default();
    let options = Options { clock: clock.clone(), ..Options::new(Data::Memory) };
    let host = Host::start(options).await.map_err(|error| anyhow!(error))?;
    let poll = poll::open(&host).await?;
    // Signed beforehand: that is the identity provider's work.
    let token = |number: usize| host.issuer.signer.sign(json!({ "sub": format!("voter-{number}") }));
    let tokens: Arc<Vec<String>> = Arc::new((0..ballots).map(token).collect::<Result<_, _>>()?);

    let started = Instant::now();
    let mut latencies = vote(&format!("{}/polls/{poll}/ballots", host.url), &tokens).await?;
    let voting = started.elapsed().as_secs_f64();
    latencies.sort();

    let waiting = host.store.heads(poll).await?.iter().map(|logged| logged.leaves.len()).sum::<usize>();
    clock.advance(poll::OPEN + COUNTED_AFTER.as_secs());
    let closed = Instant::now();
    host.run("Relay").await.map_err(|error| anyhow!(error))?;
    while host.store.poll(poll).await?.context("the poll is gone")?.stage != Stage::Certified {
        ensure!(closed.elapsed() < PATIENCE, "no result after {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let counting = closed.elapsed().as_secs_f64();
    let outcome = host.store.poll_result(poll).await?.context("a certified poll has no result")?.outcome;
    ensure!(outcome.ballots == ballots as u64, "{} ballots were counted", outcome.ballots);

    let milliseconds = |percent: usize| latencies[(latencies.len() - 1) * percent / 100].as_secs_f64() * 1e3;
    let rate = f64::from(u32::try_from(ballots)?) / voting;
    let mut out = std::io::stdout();
    writeln!(out, "memory, {ballots} ballots, {CONNECTIONS} connections: {rate:.0} taken/s ({voting:.1} s)")?;
    let (p50, p99, max) = (milliseconds(50), milliseconds(99), milliseconds(100));
    writeln!(out, "  latency: p50 {p50:.1} ms, p99 {p99:.1} ms, max {max:.1} ms")?;
    writeln!(out, "  result signed {counting:.1} s after the pause ({waiting} were logged before)")?;
    Ok(())
}

/// Everybody votes; gives the time that each took.
async fn vote(address: &str, tokens: &Arc<Vec<String>>) -> anyhow::Result<Vec<Duration>> {
    let http = Client::builder().timeout(Duration::from_mins(1)).build()?;
    let next = Arc::new(AtomicUsize::new(0));
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (http, address) = (http.clone(), address.to_owned());
        let (next, tokens) = (Arc::clone(&next), Arc::clone(tokens));
        connections.spawn(async move {
            let mut latencies = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(token) = tokens.get(number) else { return anyhow::Ok(latencies) };
                let ballot = json!({ "options": [poll::OPTIONS[number % poll::OPTIONS.len()]] });
                let started = Instant::now();
                let reply = http.post(&address).bearer_auth(token).json(&ballot).send().await?;
                let status = reply.status();
                let body = reply.text().await?;
                ensure!(status == StatusCode::CREATED, "a ballot was not taken: {status} {body}");
                latencies.push(started.elapsed());
            }
        });
    }
    let mut latencies = Vec::with_capacity(tokens.len());
    while let Some(of_one) = connections.join_next().await {
        latencies.extend(of_one??);
    }
    Ok(latencies)
}
