//! Readers of the published index: each sees one whole generation and moves to a newer one when asked to look.

use std::path::Path;
use std::sync::{Arc, Mutex as StdMutex, PoisonError, RwLock};

use object_store::ObjectStore;
use tokio::sync::{Mutex, MutexGuard};

use crate::files::{ATTEMPTS, Cache, blocking};
use crate::manifest::{Manifest, PublishedFile};
use crate::shard::Shard;
use crate::store::Store;
use crate::writer::read_names;
use crate::{Error, Searcher};

/// Follows the published generations.
///
/// A [`Searcher`] that was handed out stays valid while it is held, whatever is published or cleaned meanwhile;
/// its folder is removed with the last of its holders.
pub struct SnapshotReader {
    store: Store,
    cache: Cache,
    current: RwLock<Arc<Searcher>>,
    /// The files of its lists of ids.
    names: StdMutex<Vec<PublishedFile>>,
    /// Held while looking for a newer generation.
    refreshing: Mutex<()>,
}

impl SnapshotReader {
    /// A reader that keeps its files in a place of its own in `cache_dir`. Fetches nothing yet.
    ///
    /// # Errors
    /// If `cache_dir` cannot be used.
    pub async fn open(store: Arc<dyn ObjectStore>, cache_dir: &Path) -> Result<Self, Error> {
        let cache = Cache::open(cache_dir).await?;
        let empty = Arc::new(Searcher::new(0, Arc::default(), Vec::new()));
        Ok(Self {
            store: Store::new(store),
            cache,
            current: RwLock::new(empty),
            names: StdMutex::default(),
            refreshing: Mutex::new(()),
        })
    }

    /// The generation that was fetched last, without looking for a newer one; an empty one before the first
    /// [`latest`](Self::latest).
    pub fn current(&self) -> Arc<Searcher> {
        // Only ever replaced as a whole, so a panic elsewhere cannot have left it half changed.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The newest published generation; an empty one if nothing has ever been published.
    ///
    /// Costs two small requests when nothing is new. While one caller fetches a newer generation, others get the
    /// one before it at once.
    ///
    /// # Errors
    /// If the store cannot be read; then [`current`](Self::current) still has the generation from before.
    pub async fn latest(&self) -> Result<Arc<Searcher>, Error> {
        let Some(_refreshing) = self.turn().await else {
            return Ok(self.current());
        };
        let mut attempt = 1;
        loop {
            match self.refresh().await {
                // Cleaned away while we fetched it: there is a newer one.
                Err(error) if error.is_missing_object() && attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    /// The right to refresh; None if somebody else refreshes and there is a generation to use meanwhile.
    async fn turn(&self) -> Option<MutexGuard<'_, ()>> {
        match self.refreshing.try_lock() {
            Ok(guard) => Some(guard),
            Err(_) if self.current().generation() > 0 => None,
            Err(_) => Some(self.refreshing.lock().await),
        }
    }

    async fn refresh(&self) -> Result<Arc<Searcher>, Error> {
        let Some(manifest) = self.newer().await? else {
            return Ok(self.current());
        };
        let searcher = Arc::new(self.open_snapshot(&manifest).await?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&searcher);
        self.names.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&manifest.names);
        let (cache, keep) = (self.cache.clone(), manifest);
        blocking(move || {
            cache.prune(keep.files());
            Ok(())
        })
        .await?;
        Ok(searcher)
    }

    /// Opens a generation; what it shares with the current one stays open.
    async fn open_snapshot(&self, manifest: &Manifest) -> Result<Searcher, Error> {
        let current = self.current();
        let (names, shards) = current.parts();
        let known = self.names.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let names = if manifest.names == known {
            Arc::clone(names)
        } else {
            Arc::new(read_names(&self.cache, &self.store, manifest, Some((names, &known))).await?)
        };
        let mut opened = Vec::with_capacity(manifest.shards.len());
        for shard in &manifest.shards {
            let earlier = shards.iter().find(|earlier| earlier.quarter == shard.quarter);
            opened.push(match earlier {
                Some(earlier) if earlier.manifest() == shard => Arc::clone(earlier),
                _ => {
                    let earlier = earlier.map(Arc::as_ref);
                    Arc::new(Shard::open(&self.cache, &self.store, shard, earlier).await?)
                }
            });
        }
        Ok(Searcher::new(manifest.generation, names, opened))
    }

    /// The newest manifest, unless we have it.
    async fn newer(&self) -> Result<Option<Manifest>, Error> {
        let known = self.current().generation();
        if known == 0 {
            return self.store.latest().await;
        }
        if let Some(generation) = self.store.newest_after(known).await? {
            return self.store.manifest(generation).await.map(Some);
        }
        // Ours is gone if the store was emptied and begun anew.
        if self.store.has_manifest(known).await? { Ok(None) } else { self.store.latest().await }
    }
}
