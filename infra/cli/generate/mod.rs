//! `vmeste generate`: made-up messages, for benchmarks and demonstrations.

mod index;
mod progress;
mod send;

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use generator::{Generator, MessageLine, Sentences, Truth};

/// How many messages, which, and where to.
#[derive(Args)]
#[command(after_help = "\
Without --index and --url the messages are printed, one JSON object a line.

The same seed and number always give the same message, so that a large set can be made in parts (--from) and a
benchmark repeated. Each has a life of up to three years that end on 30 June 2026: answers, marks, what is overdue.
Nothing in them was written by real people, unless --texts brings it.

Examples:
  vmeste generate --messages 1000000 --index ./index --truth truth.json
  vmeste generate --messages 2000 --url http://127.0.0.1:8080
  vmeste generate --messages 10 --seed 7 | jq .text
  vmeste generate --messages 100000 --texts letters.csv --index ./index")]
pub(crate) struct Options {
    /// How many messages.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    messages: u64,
    /// Other seeds give other messages.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The number of the first one.
    #[arg(long, value_name = "K", default_value_t = 0)]
    from: u64,
    /// Make a search index of them in this folder; it replaces an index that is there.
    #[arg(long, value_name = "DIR", conflicts_with = "url")]
    index: Option<PathBuf>,
    /// Send them to a running platform, as citizens do: text, place, category and territory, both of its directory.
    #[arg(long)]
    url: Option<String>,
    /// Make the texts of sentences of those in this file: as many as one of them has, each from any of them.
    ///
    /// CSV with a column `text`. All but the texts stays as it would be, so messages of a cluster are no longer alike.
    #[arg(long, value_name = "FILE")]
    texts: Option<PathBuf>,
    /// Write what is hidden in them into this file: spikes, clusters, totals.
    ///
    /// JSON. With --url the ids are those that the platform gave. All is received at once then, so spikes are not to be
    /// found.
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
}

/// Runs it.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let last = options.from.checked_add(options.messages).context("there are no numbers as large as that")?;
    let numbers = options.from..last;
    let sentences = options.texts.as_deref().map(read).transpose()?;
    let country = |sentences| anyhow::Ok(Generator::country(options.seed)?.with_texts(sentences));
    let truth = match (&options.index, &options.url) {
        (Some(folder), _) => index::fill(country(sentences)?, numbers, folder).await?,
        (None, Some(url)) => send::send(options.seed, sentences, numbers, url).await?,
        (None, None) => print(&country(sentences)?, numbers)?,
    };
    options.truth.as_deref().map_or(Ok(()), |path| write_truth(&truth, path))
}

fn read(texts: &Path) -> anyhow::Result<Sentences> {
    let named = || format!("there are no texts in {}", texts.display());
    Sentences::of_csv(&std::fs::read(texts).with_context(named)?).with_context(named)
}

fn print(generator: &Generator, numbers: Range<u64>) -> anyhow::Result<Truth> {
    let mut truth = Truth::new(generator);
    let mut out = BufWriter::new(std::io::stdout().lock());
    for message in generator.messages(numbers) {
        truth.add(generator, &message);
        let line = serde_json::to_vec(&MessageLine::from(&message))?;
        match out.write_all(&line).and_then(|()| out.write_all(b"\n")) {
            // The reader of the pipe has enough, `head` for instance.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(truth),
            written => written?,
        }
    }
    match out.flush() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(truth),
    }
}

fn write_truth(truth: &Truth, path: &Path) -> anyhow::Result<()> {
    let named = || format!("{} cannot be written", path.display());
    let mut file = BufWriter::new(File::create(path).with_context(named)?);
    serde_json::to_writer(&mut file, truth)?;
    file.flush().with_context(named)
}
