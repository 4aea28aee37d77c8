//! The writer of the index. Two writers may run at once: of two that publish the same generation, one loses and begins again.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use object_store::ObjectStore;
use tantivy::index::SegmentId;

use crate::publish::cache::{ATTEMPTS, Cache, TRANSFERS};
use crate::publish::disk::blocking;
use crate::publish::gc;
use crate::publish::manifest::{Loss, Manifest, PublishedFile};
use crate::publish::store::Store;
use crate::write::local::{Commit, LocalIndex};
use crate::write::recovery::Restored;
use crate::{Document, Error, IndexPart, PublishError};

mod local;
mod rebuild;
mod recovery;

/// Adds submissions to the index and publishes it.
///
/// Nothing is visible to readers before [`publish`](Self::publish) returns. A writer that is dropped before has
/// changed nothing.
pub struct IndexWriter {
    store: Store,
    cache: Cache,
    /// Stands before the names of the files this writer uploads; never used twice.
    session: String,
    /// Commits so far; in the names of files as well.
    commits: u64,
    local: Arc<Mutex<LocalIndex>>,
    /// What is published, and on which the local index builds.
    published: Manifest,
    /// When it was the newest for all we know.
    current_at: Timestamp,
    changed: bool,
    lost: bool,
    /// What damage has taken.
    loss: Option<Loss>,
    /// Damaged files that the next publication does without.
    damaged: Vec<String>,
    /// The generation that this index replaces: all it has is here too.
    replaced: Box<Manifest>,
    /// Since when there are files in the store that the next publication names.
    staged_since: Option<Timestamp>,
}

impl IndexWriter {
    /// Opens the latest published index, or an empty one if nothing has ever been published. What is damaged is left out: see
    /// [`is_incomplete`](Self::is_incomplete).
    ///
    /// The writer takes a place of its own in `work_dir`. Files that a former writer left there are not downloaded
    /// again. Only the facts are read; the words of a shard come when there are some to add.
    ///
    /// If the format of the facts or of the words has changed, that part begins empty and the other one stays: the index is incomplete
    /// then too, and [`remade`](Self::remade) says which part it is.
    ///
    /// # Errors
    /// [`Error::Format`] if both parts of the published index are of other formats: [`rebuild`](Self::rebuild) it;
    /// [`Error::NoCreateIfAbsent`] if the store cannot keep two writers apart; otherwise what the store, the
    /// file system or tantivy says.
    pub async fn open(store: Arc<dyn ObjectStore>, work_dir: &Path) -> Result<Self, Error> {
        let (store, cache, session) = Self::prepare(store, work_dir).await?;
        let mut attempt = 1;
        let restored = loop {
            match Restored::from(&store, &cache, &session, attempt == ATTEMPTS).await {
                // Other writers have cleaned this generation away meanwhile.
                Err(error) if error.is_missing_object() && attempt < ATTEMPTS => attempt += 1,
                result => break result?,
            }
        };
        gc::abandoned(&store).await;
        let Restored { manifest, local, loss, damaged, changed } = restored;
        Ok(Self { changed, loss, damaged, ..Self::new(store, cache, session, local, manifest) })
    }

    async fn prepare(store: Arc<dyn ObjectStore>, work_dir: &Path) -> Result<(Store, Cache, String), Error> {
        let store = Store::new(store);
        let session = SegmentId::generate_random().uuid_string();
        store.probe(&session).await?;
        let cache = Cache::open(work_dir).await?;
        Ok((store, cache, session))
    }

    fn new(store: Store, cache: Cache, session: String, local: LocalIndex, published: Manifest) -> Self {
        let local = Arc::new(Mutex::new(local));
        let current_at = Timestamp::now();
        Self {
            store,
            cache,
            session,
            commits: 0,
            local,
            published,
            current_at,
            changed: false,
            lost: false,
            loss: None,
            damaged: Vec::new(),
            replaced: Box::new(Manifest::nothing(0)),
            staged_since: None,
        }
    }

    /// The published generation on which this writer builds; 0 if nothing has ever been published.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.published.generation
    }

    /// True if submissions are missing, because files were damaged or a part is made anew. Then the caller adds all submissions
    /// again, and says how far it has come with [`refilled_to`](Self::refilled_to). What is there already costs little.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.loss.is_some()
    }

    /// The part that is being made anew, since its format has changed: readers do without it until the index is complete again.
    #[must_use]
    pub fn remade(&self) -> Option<IndexPart> {
        self.loss.as_ref()?.remade
    }

    /// The part of the published index that a writer would make anew; none if there is nothing to keep, or nothing to make.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn part_to_remake(store: Arc<dyn ObjectStore>) -> Result<Option<IndexPart>, Error> {
        match Store::new(store).latest().await {
            Ok(latest) => Ok(latest.and_then(|manifest| manifest.lacks())),
            Err(error) if error.is_damage() || matches!(error, Error::Format { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Says that submissions may be missing anywhere. For a caller that has submissions and finds nothing published: it does not know
    /// whether all of the index was lost.
    pub fn set_incomplete(&mut self) {
        self.loss = Some(Loss::of_anything(&self.published.shards));
        self.changed = true;
    }

    /// How far an incomplete index was filled again; none if that has not begun.
    #[must_use]
    pub fn refilled(&self) -> Option<&str> {
        self.loss.as_ref()?.refilled.as_deref()
    }

    /// Keeps with the next publication how far the index was filled again; none says that it is complete.
    pub fn refilled_to(&mut self, place: Option<String>) {
        let Some(loss) = &mut self.loss else { return };
        self.changed = true;
        match place {
            None => self.loss = None,
            place => loss.refilled = place,
        }
    }

    /// Adds documents, or replaces those of the same submissions. Of a submission the highest version wins,
    /// within the batch and against the index; an equal version replaces. Returns how many documents were written.
    ///
    /// The batch is held in memory: some thousands of documents are a good size.
    ///
    /// # Errors
    /// What tantivy says, and what is damaged. Some of the documents may have been added; applying the batch again is harmless.
    pub async fn apply(&mut self, documents: Vec<Document>) -> Result<usize, Error> {
        let changed_before = self.changed;
        // Before the work: it goes on even if the caller stops waiting for it.
        self.changed = true;
        let (wanted, documents) =
            self.with_local(move |local| Ok((local.wanted(&documents), documents))).await?;
        for (quarter, words) in wanted {
            let name = format!("{}-{quarter}", self.session);
            let folder = match &words {
                None => self.cache.folder(&name).await?,
                Some(words) => {
                    if let Err(error) = self.cache.fetch_all(&self.store, words.files.clone()).await {
                        return self.without_words(error).await;
                    }
                    self.cache.assemble(words, &name).await?
                }
            };
            self.with_local(move |local| local.open_words(quarter, folder, words.is_some())).await?;
        }
        let written = self.with_local(move |local| local.apply(documents)).await?;
        self.changed = changed_before || written > 0;
        Ok(written)
    }

    /// The words of a shard cannot be opened: another writer has gone on and cleaned them away, or they are damaged.
    async fn without_words(&mut self, error: Error) -> Result<usize, Error> {
        let newer = self.store.newest_after(self.published.generation).await?;
        if error.is_missing_object() && newer.is_some() {
            self.lost = true; // the next publication says so
            return Ok(0);
        }
        // The next writer leaves the shard out.
        if let Some(damaged) = error.damaged_object(true) {
            self.store.report_damage(&damaged).await;
        }
        Err(error)
    }

    /// Makes everything applied so far visible to readers, all at once, and returns the new generation; without
    /// changes, the present one.
    ///
    /// # Errors
    /// [`PublishError::Lost`] if another writer was faster, or may have been because this one has slept for days, or if a
    /// reader has found a damaged file of what this writer has published: drop this writer, open another, read the
    /// submissions again, apply and publish. [`PublishError::Failed`] if the store or the file system failed: call again.
    pub async fn publish(&mut self) -> Result<u64, PublishError> {
        let generation = self.published.generation + 1;
        if self.staged_since.is_some_and(|since| is_longer_ago(since, gc::UPLOADED_FOR)) {
            return Err(PublishError::Failed(Error::StagedTooLong));
        }
        self.lost |= is_longer_ago(self.current_at, gc::STALE_AFTER);
        self.lost |= self.is_reported().await?;
        if self.lost {
            return Err(PublishError::Lost { generation });
        }
        if !self.changed {
            return Ok(self.published.generation);
        }
        let manifest = self.commit(generation).await?;
        let uploading_since = self.staged_since.unwrap_or_else(Timestamp::now);
        self.upload(&manifest).await?;
        if !self.create_manifest(&manifest, uploading_since).await? {
            self.lost = true;
            return Err(PublishError::Lost { generation });
        }
        self.adopt(manifest).await?;
        (self.current_at, self.staged_since) = (Timestamp::now(), None);
        if let Err(error) = self.store.leave_hint(generation).await {
            tracing::warn!(%error, index.generation = generation, "readers were not told the newest generation");
        }
        let damaged = std::mem::take(&mut self.damaged);
        let needed = |object: &String| self.published.files().any(|file| file.object == *object);
        for object in damaged.into_iter().filter(|object| !needed(object)) {
            if let Err(error) = self.store.quarantine(&object).await {
                tracing::warn!(%error, object, "a damaged file of the index was not put aside");
            }
        }
        gc::superseded(&self.store, generation).await;
        Ok(generation)
    }

    /// True if a reader has found damage in what is published.
    async fn is_reported(&self) -> Result<bool, Error> {
        let reported = self.store.reported_damage().await?;
        let published = |object: &String| self.published.files().any(|file| file.object == *object);
        Ok(reported.iter().any(|object| !self.damaged.contains(object) && published(object)))
    }

    async fn commit(&mut self, generation: u64) -> Result<Manifest, Error> {
        self.commits += 1;
        let unique = format!("{}-{}", self.session, self.commits);
        let (cache, parts) = (self.cache.clone(), self.published.names.len());
        let Commit { names, shards } =
            self.with_local(move |local| local.commit(&cache, &unique, parts)).await?;
        let mut all = self.published.names.clone();
        if let Some((part, whole)) = names {
            if whole {
                all.clear();
            }
            all.push(part);
        }
        if let Some(loss) = self.loss.as_mut().filter(|loss| loss.everywhere) {
            loss.quarters.extend(shards.iter().map(|shard| shard.quarter));
        }
        let loss = self.loss.clone();
        let session = self.session.clone();
        Ok(Manifest { session, names: all, shards, loss, ..Manifest::nothing(generation) })
    }

    /// Uploads what no published generation has. After a failure everything is uploaded again: what lies
    /// unpublished in the store for long may have been cleaned away.
    async fn upload(&self, manifest: &Manifest) -> Result<(), Error> {
        let published: HashSet<&str> = self.published.files().map(|file| file.object.as_str()).collect();
        let mut uploads = Vec::new();
        for file in manifest.files().filter(|file| !published.contains(file.object.as_str())) {
            uploads.push(async move { self.store.upload(&self.cache.file(&file.object), file).await });
        }
        stream::iter(uploads).buffer_unordered(TRANSFERS).try_collect().await
    }

    /// Publishes a generation whose files have been uploaded since the given instant; false if another writer has published it, or
    /// may have while this one slept.
    async fn create_manifest(&self, manifest: &Manifest, uploading_since: Timestamp) -> Result<bool, Error> {
        // A hint at a later one: the manifest of this number may be lost, and nothing else would keep a second one away.
        if self.store.hint().await? >= manifest.generation {
            return Ok(false);
        }
        // The last check before the manifest: if this process was stopped during the upload, its files may be gone.
        if is_longer_ago(uploading_since, gc::UPLOADED_FOR) || is_longer_ago(self.current_at, gc::STALE_AFTER)
        {
            return Ok(false);
        }
        self.store.create_manifest(manifest).await
    }

    async fn adopt(&mut self, manifest: Manifest) -> Result<(), Error> {
        let (cache, shards) = (self.cache.clone(), manifest.shards.clone());
        let keep: Vec<PublishedFile> = manifest.files().cloned().collect();
        self.published = manifest;
        self.changed = false;
        self.with_local(move |local| {
            local.adopt(&cache, shards)?;
            cache.prune(keep.iter());
            Ok(())
        })
        .await
    }

    async fn with_local<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut LocalIndex) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let local = Arc::clone(&self.local);
        // After a panic tantivy itself refuses to go on, so a poisoned lock needs no second check.
        blocking(move || work(&mut local.lock().unwrap_or_else(PoisonError::into_inner))).await
    }
}

/// By the wall clock, which goes on while a machine sleeps; one that was put back far is no clock to go by.
fn is_longer_ago(time: Timestamp, than: Duration) -> bool {
    Timestamp::now().duration_since(time).unsigned_abs() > than
}

#[cfg(test)]
mod tests {
    use super::*;
    use object_store::memory::InMemory;

    #[tokio::test]
    async fn whoever_has_slept_for_days_does_not_publish() {
        let (store, work) = (Arc::new(InMemory::new()), tempfile::tempdir().expect("a folder"));
        let mut writer = IndexWriter::rebuild(store, work.path()).await.expect("a writer");
        writer.current_at = Timestamp::now() - gc::STALE_AFTER - std::time::Duration::from_secs(1);
        let lost = writer.publish().await.expect_err("lost");
        assert!(matches!(lost, PublishError::Lost { generation: 1 }), "{lost}");
    }

    #[tokio::test]
    async fn what_was_staged_long_ago_is_not_published() {
        let (store, work) = (Arc::new(InMemory::new()), tempfile::tempdir().expect("a folder"));
        let mut writer = IndexWriter::rebuild(store, work.path()).await.expect("a writer");
        writer.stage().await.expect("staged");
        writer.staged_since = Some(Timestamp::now() - gc::UPLOADED_FOR - std::time::Duration::from_secs(1));
        let failed = writer.publish().await.expect_err("too old");
        assert!(matches!(failed, PublishError::Failed(Error::StagedTooLong)), "{failed}");
    }

    #[tokio::test]
    async fn whoever_was_stopped_during_the_upload_does_not_publish() {
        let (store, work) = (Arc::new(InMemory::new()), tempfile::tempdir().expect("a folder"));
        let writer = IndexWriter::rebuild(store, work.path()).await.expect("a writer");
        let manifest = Manifest::nothing(1);
        for (hours, published) in [(13, false), (11, true)] {
            let since = Timestamp::now() - Duration::from_hours(hours);
            let created = writer.create_manifest(&manifest, since).await.expect("an answer");
            let there = writer.store.newest().await.expect("found").there;
            assert_eq!((created, there), (published, u64::from(published)), "{hours}");
        }
    }
}
