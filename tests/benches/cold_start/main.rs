//! How fast the functions start, and how big they are.
//!
//! Plays the Lambda Runtime API on loopback and starts each function's binary 20 times beside a platform in memory, with the
//! environment that `infra/template.yaml` gives it. Measured from the start of the process: its first
//! `GET /2018-06-01/runtime/invocation/next`, where it waits for work, and its answer to the payload of
//! `events/samples/lambda`; then its resident memory. Files are in the page cache after the first start; what AWS needs to
//! fetch the archive and to boot a machine is not in.
//!
//! ```text
//! cargo build --release --workspace && cargo bench --bench cold_start                          # those that cargo has built
//! cargo lambda build --profile lambda --output-format zip && cargo bench --bench cold_start   # those that AWS would start
//! tests/benches/cold_start/peers/prepare DIR && cargo bench --bench cold_start -- --peers DIR
//! ```
//!
//! `--peers` puts a Python and a Node handler that do what `intake` does beside it, start for start, and prints the ratios.
//! `--bin-dir` names another folder, with `NAME/bootstrap.zip` or `NAME` in it; a word, a function: only that one.
//!
//! Fails if a process dies, does not ask for work or does not answer within 10 seconds, or answers with an error. It reads
//! `/proc`, so it runs on Linux.
#![recursion_limit = "256"] // the SDK's futures nest deeply

#[path = "../poll.rs"]
mod poll;
mod runtime_api;
mod subject;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use clap::Parser;
use runtime_api::{Heard, RuntimeApi};
use subject::Subject;
use vmeste::data::Data;
use vmeste::{Host, Options};

const RUNS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Parser)]
struct Arguments {
    /// Where the functions are; without it, `target/lambda` if it is there, else where cargo has built them.
    #[arg(long)]
    bin_dir: Option<PathBuf>,
    /// What `peers/prepare` has made.
    #[arg(long)]
    peers: Option<PathBuf>,
    /// Only this function.
    function: Option<String>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// What one start took.
struct Start {
    to_next: f64,
    to_answer: f64,
    resident_kib: f64,
}

/// The middle of all the starts.
struct Medians {
    to_next: f64,
    to_answer: f64,
    resident_mib: f64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let host = Host::start(Options::new(Data::Memory)).await.map_err(|error| anyhow!(error))?;
    let subjects = subject::all(&host, &arguments).await?;

    let mut starts: Vec<Vec<Start>> = subjects.iter().map(|_| Vec::new()).collect();
    for _ in 0..RUNS {
        // One after another and not each twenty times: a busy moment of the machine is shared by all.
        for (subject, starts) in subjects.iter().zip(&mut starts) {
            let measured = start(subject).await;
            starts.push(measured.with_context(|| format!("{} did not start", subject.name))?);
        }
    }
    report(&subjects, &starts)
}

/// Starts a function, waits until it asks for work and has answered, and kills it.
async fn start(subject: &Subject) -> anyhow::Result<Start> {
    let mut api = RuntimeApi::start(&subject.payload).await?;
    let log = tempfile::tempfile()?;
    let mut command = Command::new(&subject.program);
    command.args(&subject.arguments).env_clear().envs(&subject.environment);
    command.env("AWS_LAMBDA_RUNTIME_API", &api.address);
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log.try_clone()?);
    let started = Instant::now();
    let mut process = command.spawn().with_context(|| format!("{}", subject.program.display()))?;
    let measured = tokio::time::timeout(PATIENCE, measure(subject, &mut api, &process, started)).await;
    process.kill()?;
    process.wait()?;
    let error = match measured {
        Ok(Ok(start)) => return Ok(start),
        Ok(Err(error)) => error,
        Err(_) => anyhow!("no answer within {} s", PATIENCE.as_secs()),
    };
    bail!("{error}; its log: «{}»", subject::read_from_start(log)?.trim())
}

async fn measure(
    subject: &Subject,
    api: &mut RuntimeApi,
    process: &Child,
    started: Instant,
) -> anyhow::Result<Start> {
    let milliseconds = |at: Instant| at.duration_since(started).as_secs_f64() * 1e3;
    let Heard::Next { at } = api.heard().await? else { bail!("an answer without a question") };
    let to_next = milliseconds(at);
    match api.heard().await? {
        Heard::Answer { at, body } => {
            subject.check(&body)?;
            Ok(Start { to_next, to_answer: milliseconds(at), resident_kib: resident_kib(process.id())? })
        }
        Heard::Error { body } => bail!("it reports {body}"),
        Heard::Next { .. } => bail!("it asks for more before it has answered"),
    }
}

fn resident_kib(process: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn report(subjects: &[Subject], starts: &[Vec<Start>]) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    let medians: Vec<Medians> = starts.iter().map(|starts| medians(starts)).collect();
    writeln!(out, "process start, median of {RUNS}; files from {}", subject::place(subjects))?;
    writeln!(
        out,
        "{:14} {:>9} {:>9} {:>11} {:>12} {:>9}",
        "", "program", "zip", "to next", "to answer", "memory"
    )?;
    for (subject, medians) in subjects.iter().zip(&medians) {
        let Medians { to_next, to_answer, resident_mib } = medians;
        let size = |bytes: Option<u64>| match bytes {
            Some(bytes) => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
            None => "-".to_owned(),
        };
        writeln!(
            out,
            "{:14} {:>9} {:>9} {to_next:>8.1} ms {to_answer:>9.1} ms {resident_mib:>5.1} MiB",
            subject.name,
            size(subject.size),
            size(subject.zip)
        )?;
    }
    let intake = subjects.iter().position(|subject| subject.name == "intake");
    let peers = subjects.iter().zip(&medians).filter(|(subject, _)| subject.is_peer);
    for ((peer, theirs), ours) in peers.zip(intake.map(|index| &medians[index]).into_iter().cycle()) {
        writeln!(
            out,
            "intake beside {}: {:.1}x faster to the first answer, {:.2} of its memory",
            peer.name,
            theirs.to_answer / ours.to_answer,
            ours.resident_mib / theirs.resident_mib
        )?;
    }
    Ok(())
}

fn medians(starts: &[Start]) -> Medians {
    let median = |value: fn(&Start) -> f64| {
        let mut values: Vec<f64> = starts.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2])
    };
    Medians {
        to_next: median(|start| start.to_next),
        to_answer: median(|start| start.to_answer),
        resident_mib: median(|start| start.resident_kib) / 1024.0,
    }
}
