//! A cold start of what `search` does with the index, over messages of `vmeste generate --index DIR`: from the start of a process
//! to its first matrix, its first list and its first answer to words. Each is a process of its own.
//!
//! ```text
//! cargo bench --bench index_start -- /tmp/index
//! ```

mod slow_store;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use jiff::Timestamp;
use object_store::local::LocalFileSystem;
use search_index::{Line, OpenLevel, Page, Query, SnapshotReader};

use slow_store::SlowStore;

#[derive(Parser)]
struct Arguments {
    /// The published index.
    index: PathBuf,
    /// Starts of each kind; the slow store is asked once.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Milliseconds until the slow store begins to answer.
    #[arg(long, default_value_t = 65)]
    latency: u64,
    /// Megabytes a second that it gives, to all requests together.
    #[arg(long, default_value_t = 100)]
    bandwidth: u64,
    /// A process that is measured: what it reads from, and where it keeps its files.
    #[arg(long, hide = true, num_args = 2, value_names = ["STORE", "CACHE"])]
    start: Option<Vec<String>>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Folder,
    Slow,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some(start) = &arguments.start {
        let kind = Kind::from_str(&start[0], false).map_err(anyhow::Error::msg)?;
        return ask(&arguments, kind, Path::new(&start[1])).await;
    }
    let mut out = std::io::stdout();
    // Beside the index: files of the same file system are linked.
    let beside = std::path::absolute(&arguments.index)?;
    let caches = tempfile::Builder::new()
        .prefix(".vmeste-start-")
        .tempdir_in(beside.parent().unwrap_or(Path::new("/")))?;
    let cache = |name: &str| caches.path().join(name);
    for run in 0..arguments.runs {
        measure(&mut out, &arguments, Kind::Folder, "local files, empty cache", &cache(&run.to_string()))?;
    }
    for _ in 0..arguments.runs {
        measure(&mut out, &arguments, Kind::Folder, "local files", &cache("0"))?;
    }
    let slow = format!("{} ms, {} MB/s, empty cache", arguments.latency, arguments.bandwidth);
    measure(&mut out, &arguments, Kind::Slow, &slow, &cache("slow"))
}

/// Starts a process and prints when its answers come.
fn measure(
    out: &mut impl Write,
    arguments: &Arguments,
    kind: Kind,
    name: &str,
    cache: &Path,
) -> anyhow::Result<()> {
    let begun = Instant::now();
    let numbers = [arguments.latency, arguments.bandwidth].map(|number| number.to_string());
    let kind = format!("{kind:?}").to_lowercase();
    let mut child = Command::new(std::env::current_exe()?)
        .arg(&arguments.index)
        .args(["--latency", &numbers[0], "--bandwidth", &numbers[1], "--start", &kind])
        .arg(cache)
        .stdout(Stdio::piped())
        .spawn()?;
    write!(out, "{name:32}")?;
    let lines = child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
    for line in lines {
        write!(out, "  {} {:.0} ms", line?, begun.elapsed().as_secs_f64() * 1e3)?;
    }
    writeln!(out)?;
    anyhow::ensure!(child.wait()?.success(), "the process has failed");
    Ok(())
}

/// What is measured: three questions, each with no more open than it needs.
async fn ask(arguments: &Arguments, kind: Kind, cache: &Path) -> anyhow::Result<()> {
    let now: Timestamp = "2026-07-01T00:00:00Z".parse()?;
    let folder = Arc::new(LocalFileSystem::new_with_prefix(&arguments.index)?);
    let latency = Duration::from_millis(arguments.latency);
    let slow = Arc::new(SlowStore::new(Arc::clone(&folder), latency, arguments.bandwidth * 1_000_000));
    let reader = match kind {
        Kind::Folder => SnapshotReader::open(folder, cache).await?,
        Kind::Slow => SnapshotReader::open(Arc::clone(&slow) as _, cache).await?,
    };
    let say = |what: &str| -> anyhow::Result<()> {
        let mut out = std::io::stdout();
        write!(out, "{what}")?;
        if kind == Kind::Slow {
            write!(out, " ({})", slow.usage())?;
        }
        Ok(writeln!(out)?)
    };
    let everything = Query::default();
    let searcher = reader.latest_for(OpenLevel::Counts).await?;
    let topic = |category: Option<&str>| Some(category.unwrap_or("-").to_owned());
    let region = |territory: &str| Some(territory.get(..9).unwrap_or(territory).to_owned());
    let grid = searcher.matrix(&everything, topic, region, now)?;
    anyhow::ensure!(!grid.cells.is_empty(), "the index is empty");
    say("matrix")?;
    let page = Page { offset: 0, limit: 20 };
    reader.latest_for(OpenLevel::Rows).await?.search(&everything, page)?;
    say("list")?;
    let words = Line::read("яма дороге").map_err(|mistakes| anyhow::anyhow!("{mistakes:?}"))?.words;
    reader.latest_for(OpenLevel::Words).await?.search(&Query { words, ..everything }, page)?;
    say("words")
}
