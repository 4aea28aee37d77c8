//! The index beside tantivy alone, with the same messages and the same analyzer, and the answers that other engines are
//! compared with (`search-index/beside/run`). Fails if the two count differently.
//!
//! ```text
//! cargo bench --bench beside -- --messages 200000 /tmp/beside
//! ```

mod analyzer;
mod here;
mod messages;
mod pairs;
mod questions;
mod raw;
mod times;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Parser;
use generator::{Generator, Sentences};
use jiff::Timestamp;

use here::Here;
use messages::Messages;
use raw::Raw;

#[derive(Parser)]
struct Arguments {
    /// A folder for indexes and answers.
    work: PathBuf,
    /// How many messages.
    #[arg(long, default_value_t = 20_000)]
    messages: u64,
    /// Texts of sentences of this CSV file, as `vmeste generate --texts`.
    #[arg(long)]
    texts: Option<PathBuf>,
    /// Pairs of words.
    #[arg(long, default_value_t = 200)]
    pairs: usize,
    /// The instant that decides what is overdue.
    #[arg(long, default_value = "2026-07-01T00:00:00Z")]
    now: Timestamp,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Messages that are added at once.
const BATCH: usize = 5_000;
/// Of an earlier run in the same folder.
const FOLDERS: [&str; 5] = ["raw", "columns", "index", "work", "cache"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let work = std::path::absolute(&arguments.work)?;
    std::fs::create_dir_all(&work)?;
    for old in FOLDERS.map(|name| work.join(name)).iter().filter(|old| old.exists()) {
        std::fs::remove_dir_all(old)?;
    }
    let mut out = std::io::stdout();
    let texts = arguments.texts.as_ref().map(std::fs::read).transpose()?;
    let sentences = texts.map(|file| Sentences::of_csv(&file)).transpose()?;
    let generator = Generator::country(1)?.with_texts(sentences);
    let documents = generator.messages(0..arguments.messages).map(|message| message.document).collect();
    let mut messages = Messages::new(documents);
    let mut analyzer = analyzer::analyzer()?;
    messages.write(&work.join("messages.csv"), &mut analyzer)?;
    let characters: usize = messages.documents.iter().map(|document| document.text.chars().count()).sum();
    let words = messages.frequencies.len();
    let origin = arguments
        .texts
        .as_ref()
        .map_or("generated texts".to_owned(), |file| format!("texts of sentences of {}", file.display()));
    let count = messages.documents.len();
    let mean = characters / count.max(1);
    writeln!(out, "{count} messages, {origin}: {mean} characters on average, {words} stems\n")?;

    let (raw, alone) = Raw::fill(&messages, &work.join("raw"), None)?;
    let here = here::fill(&messages, &work, BATCH).await?;
    let (columns, with_columns) =
        Raw::fill(&messages, &work.join("columns"), Some(arguments.now.as_second()))?;
    writeln!(
        out,
        "| indexed | messages a second of the processor | beside tantivy | bytes a message |\n|---|---|---|---|"
    )?;
    let mut line = |name: &str, seconds: f64, folder: &str| -> anyhow::Result<()> {
        #[expect(clippy::cast_precision_loss, reason = "for people")]
        let (count, bytes) = (count as f64, size(&work.join(folder))? as f64);
        let (speed, ratio, bytes) = (count / seconds, alone / seconds, bytes / count);
        Ok(writeln!(out, "| {name} | {speed:.0} | {ratio:.2}x | {bytes:.0} |")?)
    };
    line("tantivy, words alone", alone, "raw")?;
    line("tantivy, words and the columns of the matrix", with_columns, "columns")?;
    line("here", here, "index/files")?;

    let [alone, with_columns] = [&raw, &columns].map(Raw::segments);
    writeln!(out, "\ntantivy has {alone} segments, with the columns {with_columns}")?;

    let here = Here::open(&work).await?;
    let asked = questions::Asked {
        messages: &messages,
        here: &here,
        raw: &raw,
        columns: &columns,
        now: arguments.now,
    };
    let mut answers = asked.all(arguments.pairs, &mut analyzer)?;
    answers.texts = origin;
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    answers
        .bytes
        .extend([("here", "index/files"), ("tantivy", "columns")].map(|(name, folder)| {
            (name, size(&work.join(folder)).unwrap_or_default() as f64 / count as f64)
        }));
    std::fs::write(work.join("answers.json"), serde_json::to_vec(&answers)?)?;
    Ok(out.flush()?)
}

/// The bytes of all files of a folder.
fn size(folder: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}
