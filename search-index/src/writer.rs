//! The one writer of the index, and what keeps a second one from doing harm: of two that publish the same
//! generation one loses.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use object_store::ObjectStore;
use tantivy::index::SegmentId;

use crate::files::{ATTEMPTS, Cache, TRANSFERS, blocking};
use crate::local::{Commit, LocalIndex};
use crate::manifest::{FORMAT, Manifest, PublishedFile};
use crate::store::Store;
use crate::{Document, Error, PublishError, clean};

/// Adds documents to the index and publishes it.
///
/// Nothing is visible to readers before [`publish`](Self::publish) returns. A writer that is dropped before has
/// changed nothing.
pub struct IndexWriter {
    store: Store,
    cache: Cache,
    /// Stands before the names of the files this writer uploads; never used twice.
    session: String,
    local: Arc<Mutex<LocalIndex>>,
    /// The generation on which the local index builds; 0 for none.
    generation: u64,
    /// Its files, by their names in the index folder.
    published: HashMap<String, PublishedFile>,
    /// When it was the newest for all we know.
    current_at: Timestamp,
    changed: bool,
    lost: bool,
}

impl IndexWriter {
    /// Opens the latest published index, or an empty one if nothing has ever been published.
    ///
    /// The writer takes a place of its own in `work_dir`. Files that a former writer left there are not downloaded
    /// again.
    ///
    /// # Errors
    /// [`Error::Format`] if the published index is of another format, then [`rebuild`](Self::rebuild);
    /// [`Error::NoCreateIfAbsent`] if the store cannot keep two writers apart; otherwise what the store, the
    /// file system or tantivy says.
    pub async fn open(store: Arc<dyn ObjectStore>, work_dir: &Path) -> Result<Self, Error> {
        let (store, cache, session) = Self::prepare(store, work_dir).await?;
        let mut attempt = 1;
        let (manifest, folder) = loop {
            match Self::restore(&store, &cache, &format!("{session}-{attempt}")).await {
                // Other writers have cleaned this generation away meanwhile.
                Err(error) if error.is_missing_object() && attempt < ATTEMPTS => attempt += 1,
                result => break result?,
            }
        };
        let restored = manifest.is_some();
        let local = blocking(move || LocalIndex::open(folder, restored)).await?;
        let (generation, files) =
            manifest.map_or((0, Vec::new()), |manifest| (manifest.generation, manifest.files));
        clean::abandoned(&store).await;
        Ok(Self::new(store, cache, session, local, generation, files))
    }

    /// Opens an empty index that will replace whatever is published. The caller fills it from the submissions;
    /// readers see the old index until this one is published.
    ///
    /// # Errors
    /// As [`open`](Self::open), but no published index is unreadable here.
    pub async fn rebuild(store: Arc<dyn ObjectStore>, work_dir: &Path) -> Result<Self, Error> {
        let (store, cache, session) = Self::prepare(store, work_dir).await?;
        let generation = store.latest_generation().await?;
        let folder = cache.folder(&session).await?;
        let local = blocking(move || LocalIndex::open(folder, false)).await?;
        let mut writer = Self::new(store, cache, session, local, generation, Vec::new());
        writer.changed = true; // even an empty index differs from what is published
        Ok(writer)
    }

    async fn prepare(store: Arc<dyn ObjectStore>, work_dir: &Path) -> Result<(Store, Cache, String), Error> {
        let store = Store::new(store);
        let session = SegmentId::generate_random().uuid_string();
        store.probe(&session).await?;
        let cache = Cache::open(work_dir).await?;
        Ok((store, cache, session))
    }

    async fn restore(
        store: &Store,
        cache: &Cache,
        folder: &str,
    ) -> Result<(Option<Manifest>, crate::files::Folder), Error> {
        let manifest = store.latest().await?;
        let folder = match &manifest {
            Some(manifest) => cache.restore(store, manifest, folder).await?,
            None => cache.folder(folder).await?,
        };
        Ok((manifest, folder))
    }

    fn new(
        store: Store,
        cache: Cache,
        session: String,
        local: LocalIndex,
        generation: u64,
        files: Vec<PublishedFile>,
    ) -> Self {
        let local = Arc::new(Mutex::new(local));
        let published = by_name(files);
        let current_at = Timestamp::now();
        Self { store, cache, session, local, generation, published, current_at, changed: false, lost: false }
    }

    /// The published generation on which this writer builds; 0 if nothing has ever been published.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Adds documents, or replaces those of the same submissions. Of a submission the highest version wins,
    /// within the batch and against the index; an equal version replaces. Returns how many documents were written.
    ///
    /// The batch is held in memory: some thousands of documents are a good size.
    ///
    /// # Errors
    /// What tantivy says. Some of the documents may have been added; applying the batch again is harmless.
    pub async fn apply(&mut self, documents: Vec<Document>) -> Result<usize, Error> {
        let changed_before = self.changed;
        // Before the work: it goes on even if the caller stops waiting for it.
        self.changed = true;
        let written = self.with_local(move |local| local.apply(documents)).await?;
        self.changed = changed_before || written > 0;
        Ok(written)
    }

    /// Makes everything applied so far visible to readers, all at once, and returns the new generation; without
    /// changes, the present one.
    ///
    /// # Errors
    /// [`PublishError::Lost`] if another writer was faster, or may have been because this one has slept for days: drop this writer, open another, read the submissions
    /// again, apply and publish. [`PublishError::Failed`] if the store or the file system failed: call again.
    pub async fn publish(&mut self) -> Result<u64, PublishError> {
        let generation = self.generation + 1;
        self.lost |= Timestamp::now().duration_since(self.current_at).unsigned_abs() > clean::STALE_AFTER;
        if self.lost {
            return Err(PublishError::Lost { generation });
        }
        if !self.changed {
            return Ok(self.generation);
        }
        let commit = self.commit().await?;
        self.upload(&commit.files).await?;
        let manifest = Manifest {
            format: FORMAT,
            generation,
            session: self.session.clone(),
            files: commit.files,
            meta: commit.meta,
        };
        if !self.store.create_manifest(&manifest).await? {
            self.lost = true;
            return Err(PublishError::Lost { generation });
        }
        self.generation = generation;
        self.current_at = Timestamp::now();
        self.changed = false;
        if let Err(error) = self.store.leave_hint(generation).await {
            tracing::warn!(%error, index.generation = generation, "readers were not told the newest generation");
        }
        self.forget(&manifest.files).await?;
        self.published = by_name(manifest.files);
        clean::superseded(&self.store, generation).await;
        Ok(generation)
    }

    async fn commit(&self) -> Result<Commit, Error> {
        let (cache, published, session) = (self.cache.clone(), self.published.clone(), self.session.clone());
        self.with_local(move |local| {
            local.commit()?;
            local.snapshot(&cache, &published, &session)
        })
        .await
    }

    /// Uploads what no published generation has. After a failure everything is uploaded again: what lies
    /// unpublished in the store for long may have been cleaned away.
    async fn upload(&self, files: &[PublishedFile]) -> Result<(), Error> {
        let mut uploads = Vec::new();
        for file in files.iter().filter(|file| !self.published.contains_key(&file.name)) {
            uploads.push(async { self.store.upload(&self.cache.file(&file.object), file).await });
        }
        stream::iter(uploads).buffer_unordered(TRANSFERS).try_collect().await
    }

    async fn forget(&self, keep: &[PublishedFile]) -> Result<(), Error> {
        let (cache, keep) = (self.cache.clone(), keep.to_vec());
        blocking(move || {
            cache.prune(&keep);
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

fn by_name(files: Vec<PublishedFile>) -> HashMap<String, PublishedFile> {
    files.into_iter().map(|file| (file.name.clone(), file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use object_store::memory::InMemory;

    #[tokio::test]
    async fn whoever_has_slept_for_days_does_not_publish() {
        let (store, work) = (Arc::new(InMemory::new()), tempfile::tempdir().expect("a folder"));
        let mut writer = IndexWriter::rebuild(store, work.path()).await.expect("a writer");
        writer.current_at = Timestamp::now() - clean::STALE_AFTER - std::time::Duration::from_secs(1);
        let lost = writer.publish().await.expect_err("lost");
        assert!(matches!(lost, PublishError::Lost { generation: 1 }), "{lost}");
    }
}
