//! Feeds the search index in whole snapshots. Of two writers at once one wins, and the other reads and tries again.
//!
//! Order matters: the index is committed and published before the deliveries are removed, so a crash in between only
//! repeats work.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use domain::SubmissionId;
use domain::submission::Submission;
use entrypoint::queue::{self, Panicked, RecordError};
use entrypoint::{App, IndexLocation};
use events::Delivery;
use jiff::{SignedDuration, Timestamp};
use search_index::{Document, IndexWriter, PublishError};
use store::{Store, StoreError};
use tokio::sync::Mutex;

/// Tries of a batch that another writer came before.
const TRIES: usize = 3;

/// How long after the beginning of a batch what damage has taken may be added: half of the function's timeout.
const REFILL_UNTIL: Duration = Duration::from_secs(30);

/// How long submissions are added again before they are published.
const REFILL_PUBLISHES_AFTER: Duration = Duration::from_secs(2);

/// How often a new index goes on top of what another writer has just published: it takes part of a second, and that one a batch.
const CATCH_UPS: usize = 100;

/// Submissions that are read at once to catch up.
const CATCH_UP_PAGE: usize = 1_000;

/// How long after its receipt a submission is indexed at the latest, if nothing is out of order.
const OLD: SignedDuration = SignedDuration::from_hours(1);

/// The function with the index that it keeps open between batches.
pub struct Indexer {
    app: App,
    writer: Mutex<Option<IndexWriter>>,
}

impl Indexer {
    /// The index is opened with the first batch.
    pub fn new(app: App) -> Self {
        Self { app, writer: Mutex::new(None) }
    }

    /// Indexes the submissions of a batch as they are now.
    pub async fn handle(&self, batch: SqsEvent) -> SqsBatchResponse {
        let begun = Instant::now();
        let mut reply = SqsBatchResponse::default();
        let mut good = Vec::new();
        for record in batch.records {
            match queue::delivery(&record) {
                Ok(delivery) => good.push((record, delivery)),
                Err(error) => {
                    queue::report(&record, &error);
                    reply.add_failure(record.message_id.unwrap_or_default());
                }
            }
        }
        let mut parts = vec![good];
        while let Some(mut part) = parts.pop() {
            let deliveries: HashSet<Delivery> = part.iter().map(|(_, delivery)| *delivery).collect();
            let deliveries = Vec::from_iter(deliveries);
            let Err(error) = queue::unless_it_panics(self.index(&deliveries)).await else { continue };
            // One unreadable submission must not take the others with it: find it by halving.
            let one_is_bad = matches!(error.downcast_ref(), Some(StoreError::Unreadable { .. }));
            if part.len() > 1 && (one_is_bad || error.is::<Panicked>()) {
                parts.push(part.split_off(part.len() / 2));
                parts.push(part);
                continue;
            }
            for (record, _) in part {
                queue::report(&record, &error);
                reply.add_failure(record.message_id.unwrap_or_default());
            }
        }
        // The batch is done, whatever becomes of this.
        if let Err(error) = queue::unless_it_panics(self.refill(begun + REFILL_UNTIL)).await {
            tracing::warn!(%error, "the damaged index was not filled again; the next batch goes on");
        }
        reply
    }

    /// Indexes the submissions that these deliveries speak of, then removes the deliveries.
    ///
    /// # Errors
    /// Whatever failed; nothing is removed then.
    pub async fn index(&self, deliveries: &[Delivery]) -> Result<(), RecordError> {
        if deliveries.is_empty() {
            return Ok(());
        }
        let ids: Result<HashSet<SubmissionId>, _> =
            deliveries.iter().map(|delivery| delivery.subject.submission()).collect();
        let ids: Vec<SubmissionId> = ids?.into_iter().collect();
        self.publish(&ids).await?;
        Ok(self.app.store.remove_deliveries(deliveries).await?)
    }

    async fn publish(&self, ids: &[SubmissionId]) -> Result<(), RecordError> {
        let mut kept = self.writer.lock().await;
        let (mut tries, mut adds_all) = (1, true);
        loop {
            // Taken out while in use: a writer that failed is not to be trusted, and is opened anew.
            let mut writer = match kept.take() {
                Some(writer) => writer,
                None => open(self.app.index()?).await?,
            };
            // Read after the writer was opened: if another writer wins, everything is read again.
            writer.apply(documents(self.app.store.submissions(ids).await?)).await?;
            if writer.generation() == 0 && adds_all {
                // On a new platform that is all, and nobody reads that something is missing.
                let added = Box::pin(self.add_lost(&mut writer));
                if let Err(error) = queue::unless_it_panics(added).await {
                    tracing::warn!(%error, "not all submissions were added at once; that goes on after this batch");
                    adds_all = false;
                    continue;
                }
            }
            match writer.publish().await {
                Ok(generation) => {
                    tracing::info!(index.generation = generation, submissions = ids.len(), "index published");
                    *kept = Some(writer);
                    return Ok(());
                }
                Err(PublishError::Lost { .. }) if tries < TRIES => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Adds what damage has taken from the index, if it has. All submissions are read again; one that is indexed rightly costs
    /// little. At the deadline this stops, and the next call goes on from there.
    async fn refill(&self, deadline: Instant) -> Result<(), RecordError> {
        let mut kept = self.writer.lock().await;
        // Taken out while in use, as above.
        let Some(mut writer) = kept.take_if(|writer| writer.is_incomplete()) else { return Ok(()) };
        while writer.is_incomplete() && Instant::now() < deadline {
            match self.refill_some(&mut writer).await {
                Err(error) if matches!(error.downcast_ref(), Some(PublishError::Lost { .. })) => {
                    writer = reopen(self.app.index()?, writer).await?;
                }
                result => result?,
            }
        }
        *kept = Some(writer);
        Ok(())
    }

    /// Adds some pages of submissions and publishes them: soon, since another writer that is faster makes it for nothing.
    async fn refill_some(&self, writer: &mut IndexWriter) -> Result<(), RecordError> {
        self.add_lost(writer).await?;
        let generation = writer.publish().await?;
        let complete = !writer.is_incomplete();
        tracing::info!(index.generation = generation, complete, "index filled again");
        Ok(())
    }

    /// Adds some pages of submissions, and says to the writer how far that was.
    async fn add_lost(&self, writer: &mut IndexWriter) -> Result<(), RecordError> {
        let begun = Instant::now();
        let mut after = writer.refilled().map(str::to_owned);
        let mut told = after.is_some();
        loop {
            let page = self.app.store.all_submissions(after).await?;
            let documents = readable(&self.app.store, &page.ids).await?;
            if !told && writer.generation() <= 1 && has_old(&documents, self.app.clock.now()) {
                told = true;
                tracing::error!(
                    index.damaged = "all",
                    "the store of the index was empty, and there are submissions"
                );
            }
            writer.apply(documents).await?;
            after = page.next;
            if after.is_none() || begun.elapsed() > REFILL_PUBLISHES_AFTER {
                break;
            }
        }
        writer.refilled_to(after);
        Ok(())
    }
}

async fn open(location: &IndexLocation) -> Result<IndexWriter, RecordError> {
    let store = objects::open(&location.store)?;
    let mut writer = IndexWriter::open(store, &location.work).await?;
    // Nobody knows whether nothing was ever published, or all of it is lost. Where there is nothing, reading it costs nothing.
    if writer.generation() == 0 {
        writer.set_incomplete();
    }
    Ok(writer)
}

/// Opens the index in place of a writer that lost. That one goes first: it has the place with the files that are here.
async fn reopen(location: &IndexLocation, lost: IndexWriter) -> Result<IndexWriter, RecordError> {
    drop(lost);
    open(location).await
}

/// Makes the index anew from the submissions; gives their number. If only the format of its facts or of its words has changed, that
/// part alone is made anew, and questions to the other part are answered meanwhile. Otherwise readers see the old index until the
/// new one is whole. The function goes on indexing in both cases. `progress` is told how many items of the table were read.
///
/// # Errors
/// What the table, the store or the file system says; the old index stays then, or the part that was not finished.
pub async fn rebuild(
    store: &Store,
    index: &IndexLocation,
    progress: impl FnMut(usize),
) -> Result<usize, RecordError> {
    match IndexWriter::part_to_remake(objects::open(&index.store)?).await? {
        Some(_) => remake_part(store, index, progress).await,
        None => rebuild_all(store, index, progress).await,
    }
}

/// Makes anew the part of the index whose format has changed, if there is one.
///
/// # Errors
/// As [`rebuild`].
pub async fn remake_outdated(store: &Store, index: &IndexLocation) -> Result<(), RecordError> {
    if IndexWriter::part_to_remake(objects::open(&index.store)?).await?.is_some() {
        remake_part(store, index, |_| {}).await?;
    }
    Ok(())
}

/// Adds all submissions to an index that lacks one part. The index is published now and then: a faster writer makes the work since
/// the last publication useless. The next run goes on where the manifest says.
async fn remake_part(
    store: &Store,
    index: &IndexLocation,
    mut progress: impl FnMut(usize),
) -> Result<usize, RecordError> {
    let mut writer = open(index).await?;
    let (mut items, mut count) = (0, 0);
    while writer.is_incomplete() {
        let begun = Instant::now();
        let mut after = writer.refilled().map(str::to_owned);
        loop {
            let page = store.all_submissions(after).await?;
            let documents = readable(store, &page.ids).await?;
            count += documents.len();
            writer.apply(documents).await?;
            items += page.items;
            progress(items);
            after = page.next;
            if after.is_none() || begun.elapsed() > REFILL_PUBLISHES_AFTER {
                break;
            }
        }
        writer.refilled_to(after);
        match writer.publish().await {
            Err(PublishError::Lost { .. }) => writer = reopen(index, writer).await?,
            published => drop(published?),
        }
    }
    Ok(count)
}

async fn rebuild_all(
    store: &Store,
    index: &IndexLocation,
    mut progress: impl FnMut(usize),
) -> Result<usize, RecordError> {
    let mut writer = IndexWriter::rebuild(objects::open(&index.store)?, &index.work).await?;
    let (mut items, mut count, mut after) = (0, 0, None);
    loop {
        let page = store.all_submissions(after).await?;
        let documents = readable(store, &page.ids).await?;
        count += documents.len();
        writer.apply(documents).await?;
        items += page.items;
        progress(items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    writer.stage().await?;
    let mut tries = 1;
    loop {
        // Not before: an index that nobody can read is replaced, and compared with nothing.
        match writer.publish().await {
            Ok(_) => return Ok(count),
            Err(PublishError::Lost { .. }) if tries < CATCH_UPS => tries += 1,
            Err(error) => return Err(error.into()),
        }
        // What others have indexed since it was read here is read once more.
        for ids in writer.catch_up().await?.chunks(CATCH_UP_PAGE) {
            writer.apply(readable(store, ids).await?).await?;
        }
    }
}

/// The documents of these submissions without those that nobody can read: they are told, and stop no other.
async fn readable(store: &Store, ids: &[SubmissionId]) -> Result<Vec<Document>, StoreError> {
    match store.submissions(ids).await {
        Err(StoreError::Unreadable { .. }) => {}
        read => return read.map(documents),
    }
    let mut readable = Vec::with_capacity(ids.len());
    for id in ids {
        match store.submissions(std::slice::from_ref(id)).await {
            Err(error @ StoreError::Unreadable { .. }) => {
                tracing::error!(submission = %id, %error, "a submission is missing in the index");
            }
            read => readable.extend(documents(read?)),
        }
    }
    Ok(readable)
}

/// Whether there is a submission that would have been indexed long ago, were the index not lost.
fn has_old(documents: &[Document], now: Timestamp) -> bool {
    documents.iter().any(|document| now.duration_since(document.received) > OLD)
}

fn documents(submissions: Vec<(Submission, String)>) -> Vec<Document> {
    submissions.into_iter().map(|(state, text)| Document::of(state, text)).collect()
}

#[cfg(test)]
mod tests;
