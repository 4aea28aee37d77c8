//! A whole index made anew beside writers that go on publishing the present one.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use domain::SubmissionId;
use jiff::Timestamp;
use object_store::ObjectStore;

use super::IndexWriter;
use crate::facts::quarter::Quarter;
use crate::publish::cache::ATTEMPTS;
use crate::publish::manifest::{Loss, Manifest, ShardManifest};
use crate::write::local::LocalIndex;
use crate::write::recovery::Restored;
use crate::{Error, IndexPart};

impl IndexWriter {
    /// Opens an empty index that will replace whatever is published. The caller fills it from the submissions;
    /// readers see the old index until this one is published. Other writers may go on publishing the old one: call
    /// [`stage`](Self::stage), then [`catch_up`](Self::catch_up) until a publication succeeds.
    ///
    /// # Errors
    /// As [`open`](Self::open), but no published index is unreadable here.
    pub async fn rebuild(store: Arc<dyn ObjectStore>, work_dir: &Path) -> Result<Self, Error> {
        let (store, cache, session) = Self::prepare(store, work_dir).await?;
        let published = Manifest::nothing(store.newest().await?.known);
        // What cannot be read has nothing that the submissions do not have; should it be readable later, all of it is compared.
        let replaced = store.latest().await.ok().flatten();
        let mut writer = Self::new(store, cache, session, LocalIndex::empty(), published);
        writer.replaced = Box::new(replaced.unwrap_or_else(|| Manifest::nothing(0)));
        writer.changed = true; // even an empty index differs from what is published
        Ok(writer)
    }

    /// Uploads what was applied so far without showing it to readers, so that little is left to do between
    /// [`catch_up`](Self::catch_up) and [`publish`](Self::publish).
    ///
    /// # Errors
    /// What the store or the file system says; it may be called again.
    pub async fn stage(&mut self) -> Result<(), Error> {
        let uploading_since = Timestamp::now();
        let manifest = self.commit(self.published.generation).await?;
        self.upload(&manifest).await?;
        self.adopt(manifest).await?;
        self.staged_since = self.staged_since.or(Some(uploading_since));
        self.changed = true;
        Ok(())
    }

    /// Compares this index with the newest generation and moves on top of it. Gives the submissions that are newer there, or are
    /// missing here. The caller reads them again, applies them and publishes; if another writer was faster, it calls this again.
    /// What was compared before is not compared again.
    ///
    /// # Errors
    /// [`Error::Format`] if both parts of the newest generation are of other formats: it cannot be compared. Otherwise as
    /// [`open`](Self::open).
    pub async fn catch_up(&mut self) -> Result<Vec<SubmissionId>, Error> {
        let mut attempt = 1;
        loop {
            match self.compare(attempt == ATTEMPTS).await {
                // Other writers have cleaned this generation away meanwhile.
                Err(error) if error.is_missing_object() && attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    /// `last` says that nothing but damage explains a missing file.
    async fn compare(&mut self, last: bool) -> Result<Vec<SubmissionId>, Error> {
        let looked_at = Timestamp::now();
        let newest = match self.store.latest().await {
            Err(error) if error.is_damage() => {
                let known = self.store.newest().await?.known;
                Manifest::nothing(known).standing_in(known)
            }
            latest => match latest? {
                None => return Ok(Vec::new()),
                Some(newest) => newest,
            },
        };
        let facts = newest.outdated() != Some(IndexPart::Facts);
        let mut lost = lost_since(self.replaced.loss.as_ref(), newest.loss.as_ref());
        let mut newer = Vec::new();
        for shard in newest.shards.iter().filter(|shard| !self.replaced.shards.contains(shard)) {
            match Restored::shard(&self.store, &self.cache, shard, facts).await {
                Ok(rows) => {
                    let (quarter, known) = (shard.quarter, self.compared(shard));
                    newer
                        .extend(self.with_local(move |local| Ok(local.behind(quarter, &rows, known))).await?);
                }
                // It cannot be compared: all submissions are read again after the publication, and readers are told.
                Err(error) => {
                    error.damaged_object(last).ok_or(error)?;
                    lost.get_or_insert_default().quarters.insert(shard.quarter);
                }
            }
        }
        if let Some(lost) = lost {
            let loss = self.loss.get_or_insert_default();
            loss.quarters.extend(lost.quarters);
            loss.everywhere |= lost.everywhere;
        }
        self.published.generation = newest.generation;
        *self.replaced = newest;
        (self.current_at, self.lost) = (looked_at, false);
        Ok(newer)
    }

    /// True if the block of this shard was compared before.
    fn compared(&self, shard: &ShardManifest) -> bool {
        self.replaced.shards.iter().any(|known| known.quarter == shard.quarter && known.block == shard.block)
    }
}

/// What was lost after the submissions were read: what was missing before is in the new index.
fn lost_since(before: Option<&Loss>, now: Option<&Loss>) -> Option<Loss> {
    let now = now?;
    let nothing = Loss::default();
    let before = before.unwrap_or(&nothing);
    let quarters: BTreeSet<Quarter> = now.quarters.difference(&before.quarters).copied().collect();
    let everywhere = now.everywhere && !before.everywhere;
    (everywhere || !quarters.is_empty()).then_some(Loss { quarters, everywhere, ..Loss::default() })
}
