//! Messages straight into a search index: no platform, no database.

use std::ops::Range;
use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use generator::{Generator, Truth};
use search_index::{Document, IndexWriter};
use tokio::sync::mpsc::{self, Sender};

use super::progress::{progress, report};

/// Messages that are added at once.
const BATCH: usize = 5_000;
/// Batches that wait for the writer.
const AHEAD: usize = 2;

/// Publishes an index of the messages in the folder.
pub(super) async fn fill(generator: Generator, numbers: Range<u64>, folder: &Path) -> anyhow::Result<Truth> {
    let begun = Instant::now();
    let folder = std::path::absolute(folder)?;
    let location = folder.to_str().context("the path of the folder is not UTF-8")?;
    let store = objects::open(&format!("file://{location}"))?;
    // Beside the index: both are large, so they belong on the same disk.
    let work = tempfile::Builder::new()
        .prefix(".vmeste-generate-")
        .tempdir_in(folder.parent().context("the folder has no parent")?)?;
    let mut writer = IndexWriter::rebuild(store, work.path()).await?;
    let bar = progress(&numbers)?;
    let count = numbers.end - numbers.start;
    let (sender, mut batches) = mpsc::channel(AHEAD);
    let maker = tokio::task::spawn_blocking(move || make(&generator, numbers, &sender));
    while let Some(batch) = batches.recv().await {
        let size = batch.len();
        writer.apply(batch).await?;
        bar.inc(u64::try_from(size)?);
    }
    let truth = maker.await?;
    writer.publish().await?;
    bar.finish();
    report(&format!("are in the index {location}"), count, begun)?;
    Ok(truth)
}

/// Makes messages while others are indexed. Ends when nobody takes them any more.
fn make(generator: &Generator, numbers: Range<u64>, sender: &Sender<Vec<Document>>) -> Truth {
    let mut truth = Truth::new(generator);
    let mut batch = Vec::with_capacity(BATCH);
    for message in generator.messages(numbers) {
        truth.add(generator, &message);
        batch.push(message.document);
        if batch.len() == BATCH
            && sender.blocking_send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))).is_err()
        {
            return truth;
        }
    }
    // If nobody takes it, the writer has failed, and says so itself.
    let _ = sender.blocking_send(batch);
    truth
}
