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

#[path = "city.rs"]
mod city;

use std::io::Write;
use std::time::Instant;

use anyhow::anyhow;
use city::{CONNECTIONS, REPORTS, send_all, settle};
use vmeste::data::Data;
use vmeste::{Host, Options};

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
    let host = Host::start(Options::new(data)).await.map_err(|error| anyhow!(error))?;

    let started = Instant::now();
    let mut latencies = send_all(&host.url).await?;
    let sending = started.elapsed().as_secs_f64();
    latencies.sort();

    let sent = Instant::now();
    let left = vmeste::pending(&host.store).await?;
    settle(&host).await?;
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
