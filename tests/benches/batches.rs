//! What a batch of the index's function costs once the index is large: 50 new messages and 50 changed statuses are
//! applied and published. Prints the middle and the worst time of so many batches, and the mean of the processor's.
//!
//! ```text
//! target/release/vmeste generate --messages 1000000 --seed 1 --index /tmp/index
//! cargo bench --bench batches -- /tmp/index --messages 1000000
//! ```
//!
//! The index is one of `vmeste generate --seed 1` with so many messages and these texts: they are made once more here.

#[path = "beside/times.rs"]
#[expect(dead_code, reason = "questions are timed elsewhere")]
mod times;

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use clap::Parser;
use domain::Status;
use fastrand::Rng;
use generator::{Generator, Sentences};
use jiff::{SignedDuration, Timestamp};
use search_index::{Document, IndexWriter};

#[derive(Parser)]
struct Arguments {
    /// The published index; the batches are published in it.
    index: PathBuf,
    /// How many messages it has.
    #[arg(long)]
    messages: u64,
    /// Its texts, if they were not made up.
    #[arg(long)]
    texts: Option<PathBuf>,
    /// Batches of each kind.
    #[arg(long, default_value_t = 60)]
    batches: usize,
    /// The end of the history.
    #[arg(long, default_value = "2026-07-01T00:00:00Z")]
    now: Timestamp,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// New messages of a batch, and as many statuses that change.
const HALF: usize = 50;
/// Whose status changes: what was received in so many days, or at any time.
const RECENT: i64 = 60;

/// Where batches come from.
struct Source {
    generator: Generator,
    rng: Rng,
    messages: u64,
    next: u64,
    now: Timestamp,
    version: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let texts = arguments.texts.as_ref().map(std::fs::read).transpose()?;
    let generator =
        Generator::country(1)?.with_texts(texts.map(|file| Sentences::of_csv(&file)).transpose()?);
    let (messages, now) = (arguments.messages, arguments.now);
    let index = std::path::absolute(&arguments.index)?;
    let work = tempfile::tempdir_in(index.parent().unwrap_or(&index))?;
    let store = objects::open(&format!("file://{}", index.display()))?;
    let begun = Instant::now();
    let mut writer = IndexWriter::open(store, work.path()).await?;
    // What earlier batches have published is neither new nor of a lower version.
    let generation = writer.generation();
    let mut source = Source {
        generator,
        rng: Rng::with_seed(generation),
        messages,
        next: messages + generation * HALF as u64,
        now,
        version: 1_000 + generation,
    };
    let mut out = std::io::stdout();
    writeln!(out, "{messages} messages, opened for writing in {:.0} ms", milliseconds(begun))?;
    writeln!(
        out,
        "\n| {} changes, {} batches | apply | publish | together | the worst | of the processor |",
        HALF * 2,
        arguments.batches
    )?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    for (name, days) in [("statuses of the last 60 days", Some(RECENT)), ("statuses of three years", None)] {
        let from = days.map(|days| now - SignedDuration::from_hours(24 * days));
        let mut times = Vec::with_capacity(arguments.batches);
        let (mut first, mut work) = (None, [0.0; 2]);
        for _ in 0..=arguments.batches {
            let batch = source.batch(from);
            let (begun, worked) = (Instant::now(), times::worked());
            let written = writer.apply(batch).await?;
            let (apply, applied) = (milliseconds(begun), times::worked());
            writer.publish().await?;
            let all = milliseconds(begun);
            anyhow::ensure!(written == HALF * 2, "{written} documents were written");
            // The first opens shards, which a function that goes on has open.
            if first.is_none() {
                first = Some(all);
                continue;
            }
            times.push([apply, all - apply, all]);
            work[0] += applied - worked;
            work[1] += times::worked() - applied;
        }
        let [apply, publish, all] = [0, 1, 2].map(|part| {
            let mut times: Vec<f64> = times.iter().map(|time| time[part]).collect();
            times.sort_by(f64::total_cmp);
            times
        });
        let middle = |times: &[f64]| times[times.len() / 2];
        let worst = all.last().copied().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let [applying, publishing] = work.map(|seconds| seconds * 1e3 / arguments.batches as f64);
        writeln!(
            out,
            "| {name} | {:.1} ms | {:.1} ms | {:.1} ms | {worst:.1} ms, the first {:.0} ms | {applying:.1} + {publishing:.1} ms |",
            middle(&apply),
            middle(&publish),
            middle(&all),
            first.unwrap_or_default()
        )?;
    }
    Ok(())
}

impl Source {
    /// New ones of the last days, and known ones that have gone on.
    fn batch(&mut self, from: Option<Timestamp>) -> Vec<Document> {
        let mut batch = Vec::with_capacity(HALF * 2);
        while batch.len() < HALF {
            let mut new = self.generator.message(self.next).document;
            self.next += 1;
            new.received = self.now - SignedDuration::from_secs(self.rng.i64(0..24 * 3_600));
            batch.push(new);
        }
        self.version += 1;
        while batch.len() < HALF * 2 {
            let mut known = self.generator.message(self.rng.u64(..self.messages)).document;
            let wanted = from.is_none_or(|from| known.received >= from);
            if wanted && batch.iter().all(|other| other.id != known.id) {
                known.version = self.version;
                known.status = [Status::Assigned, Status::Answered][usize::from(self.rng.bool())];
                batch.push(known);
            }
        }
        batch
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
