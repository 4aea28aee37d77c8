//! The index alone, over messages of `vmeste generate --index DIR`: how large it is, how it is opened, and what questions
//! take. Prints the middle of so many runs on one thread. Beside other engines it stands in `search-index/beside/run`.
//!
//! ```text
//! cargo build --release && target/release/vmeste generate --messages 1000000 --seed 1 --index /tmp/index
//! cargo bench --bench index -- /tmp/index
//! ```

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Parser;
use domain::TerritoryId;
use jiff::{SignedDuration, Timestamp};
use search_index::{Filter, Line, Page, Query, Searcher, SnapshotReader};

#[derive(Parser)]
struct Arguments {
    /// The published index.
    index: PathBuf,
    /// Times that each question is asked.
    #[arg(long, default_value_t = 31)]
    runs: usize,
    /// The instant that decides what is overdue.
    #[arg(long, default_value = "2026-07-01T00:00:00Z")]
    now: Timestamp,
    /// A word that many messages have.
    #[arg(long, default_value = "дороге")]
    word: String,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let mut out = std::io::stdout();
    let cache = tempfile::tempdir()?;
    let begun = Instant::now();
    let index = std::path::absolute(&arguments.index)?;
    let store = objects::open(&format!("file://{}", index.display()))?;
    let reader = SnapshotReader::open(store, cache.path()).await?;
    let searcher = reader.latest().await?;
    writeln!(out, "{} messages, opened in {:.0} ms", searcher.document_count(), milliseconds(begun))?;
    let bytes = size(&index.join("files"))?;
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    writeln!(out, "{bytes} bytes, {:.0} a message", bytes as f64 / searcher.document_count().max(1) as f64)?;

    let everything = Query::default();
    let now = arguments.now;
    let topic = |category: Option<&str>| Some(category.unwrap_or("-").to_owned());
    let region = |territory: &str| Some(territory.get(..9).unwrap_or(territory).to_owned());
    let mut ask = |name: &str, ask: &dyn Fn() -> anyhow::Result<usize>| -> anyhow::Result<()> {
        let mut times = Vec::with_capacity(arguments.runs);
        let mut found = 0;
        for _ in 0..arguments.runs {
            let begun = Instant::now();
            found = ask()?;
            times.push(milliseconds(begun));
        }
        times.sort_by(f64::total_cmp);
        let middle = times[times.len() / 2];
        Ok(writeln!(out, "{name:44} {middle:>9.2} ms   best {:>8.2} ms   {found} found", times[0])?)
    };
    let matrix = |query: &Query| -> anyhow::Result<usize> {
        Ok(searcher.matrix(query, topic, region, now)?.cells.iter().filter(|cell| cell.count > 0).count())
    };
    ask("matrix topic x region, all time", &|| matrix(&everything))?;
    let municipality = |territory: &str| Some(territory.to_owned());
    ask("matrix topic x municipality, all time", &|| {
        let grid = searcher.matrix(&everything, topic, municipality, now)?;
        Ok(grid.cells.iter().filter(|cell| cell.count > 0).count())
    })?;
    let one = typed(&arguments.word)?;
    ask(&format!("matrix topic x region, «{}»", arguments.word), &|| matrix(&one))?;
    let quarter = Query {
        filter: Filter {
            received_from: Some(now - SignedDuration::from_hours(24 * 90)),
            ..Filter::default()
        },
        ..Query::default()
    };
    ask("matrix topic x region, the last 90 days", &|| matrix(&quarter))?;

    let top = |query: &Query| -> anyhow::Result<usize> {
        Ok(searcher.search(query, Page { offset: 0, limit: 20 })?.total)
    };
    let two = typed("яма дороге")?;
    let either = typed("яма OR дороге")?;
    let narrow = Query {
        filter: Filter { territories: Some(within(&searcher, "region-07")?), ..quarter.filter.clone() },
        ..typed("яма дороге")?
    };
    ask("20 best of «яма дороге», and their number", &|| top(&two))?;
    ask("the same in a region, the last 90 days", &|| top(&narrow))?;
    ask("20 best of «яма OR дороге»", &|| top(&either))?;
    let begun = typed("яма дор*")?;
    ask("20 best of «яма дор*», as it is typed", &|| top(&begun))?;
    let begun = typed("по*")?;
    ask("20 newest of «по*», as it is typed", &|| top(&begun))?;
    ask("20 newest, and their number", &|| top(&everything))?;
    ask("facets of everything", &|| Ok(searcher.facets(&everything)?.territory.len()))?;
    Ok(())
}

fn typed(line: &str) -> anyhow::Result<Query> {
    let words = Line::read(line).map_err(|mistakes| anyhow::anyhow!("{mistakes:?}"))?.words;
    Ok(Query { words, ..Query::default() })
}

/// The territories that the index knows in a region.
fn within(searcher: &Searcher, region: &str) -> anyhow::Result<Vec<TerritoryId>> {
    let known = searcher.facets(&Query::default())?.territory.into_iter();
    known.filter(|(id, _)| id.starts_with(region)).map(|(id, _)| Ok(id.parse()?)).collect()
}

fn size(folder: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
