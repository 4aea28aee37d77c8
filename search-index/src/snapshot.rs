//! Readers of the published index: each sees one whole generation and moves to a newer one when asked to look.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use futures::{StreamExt, stream};
use object_store::ObjectStore;
use tokio::sync::{Mutex, MutexGuard};

use crate::files::{ATTEMPTS, Cache, blocking};
use crate::manifest::{Manifest, ShardManifest};
use crate::quarter::Quarter;
use crate::restored::read_names;
use crate::shard::{Needs, Shard};
use crate::store::Store;
use crate::{Error, Searcher};

/// Shards that are opened at the same time: a store far away answers many requests as fast as one.
const SHARDS_AT_ONCE: usize = 4;

/// Follows the published generations.
///
/// A [`Searcher`] that was handed out stays valid while it is held, whatever is published or cleaned meanwhile;
/// its folder is removed with the last of its holders.
///
/// What is damaged is left out, reported in the store for a writer to make anew, and named by [`Searcher::missing`].
pub struct SnapshotReader {
    store: Store,
    cache: Cache,
    current: RwLock<Arc<Searcher>>,
    /// Held while looking for a newer generation.
    seen: Mutex<Seen>,
}

/// What a reader knows of the generation that it has open.
#[derive(Default)]
struct Seen {
    manifest: Option<Arc<Manifest>>,
    /// Objects that were damaged when they were fetched. They are not fetched again: what repairs them has other names.
    damaged: HashSet<String>,
}

impl SnapshotReader {
    /// A reader that keeps its files in a place of its own in `cache_dir`. Fetches nothing yet.
    ///
    /// # Errors
    /// If `cache_dir` cannot be used.
    pub async fn open(store: Arc<dyn ObjectStore>, cache_dir: &Path) -> Result<Self, Error> {
        let cache = Cache::open(cache_dir).await?;
        let current = RwLock::new(Arc::new(Searcher::empty()));
        Ok(Self { store: Store::new(store), cache, current, seen: Mutex::default() })
    }

    /// The generation that was fetched last, without looking for a newer one; an empty one before the first
    /// [`latest`](Self::latest).
    pub fn current(&self) -> Arc<Searcher> {
        // Only ever replaced as a whole, so a panic elsewhere cannot have left it half changed.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The newest published generation, open for every question; an empty one if nothing has ever been published.
    ///
    /// # Errors
    /// As [`latest_for`](Self::latest_for).
    pub async fn latest(&self) -> Result<Arc<Searcher>, Error> {
        self.latest_for(Needs::Words).await
    }

    /// The newest published generation, open at least for this.
    ///
    /// Costs two small requests when nothing is new. While one caller fetches a newer generation, others get the
    /// one before it at once.
    ///
    /// # Errors
    /// If the store cannot be read; then [`current`](Self::current) still has the generation from before.
    pub async fn latest_for(&self, needs: Needs) -> Result<Arc<Searcher>, Error> {
        let Some(mut seen) = self.turn(needs).await else {
            return Ok(self.current());
        };
        let mut attempt = 1;
        loop {
            match self.refresh(&mut seen, needs, attempt == ATTEMPTS).await {
                // Cleaned away while we fetched it: there is a newer one.
                Err(error) if error.is_missing_object() && attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    /// The right to refresh; None if somebody else refreshes and there is a generation to use meanwhile.
    async fn turn(&self, needs: Needs) -> Option<MutexGuard<'_, Seen>> {
        match self.seen.try_lock() {
            Ok(guard) => Some(guard),
            Err(_) if self.current().generation() > 0 && self.current().needs() >= needs => None,
            Err(_) => Some(self.seen.lock().await),
        }
    }

    async fn refresh(&self, seen: &mut Seen, needs: Needs, last: bool) -> Result<Arc<Searcher>, Error> {
        let current = self.current();
        // What was ever asked for stays open.
        let needs = if current.generation() > 0 { needs.max(current.needs()) } else { needs };
        let (manifest, newest) = match (self.newer(current.generation()).await?, &seen.manifest) {
            (Some((manifest, newest)), _) => (Arc::new(manifest), newest),
            (None, Some(manifest)) if current.needs() < needs => (Arc::clone(manifest), current.generation()),
            _ => return Ok(current),
        };
        let mut opened = self.open_snapshot(&manifest, needs, seen, last).await?;
        if newest > manifest.generation {
            // Nobody can read what the newest one changed.
            opened.1.extend(manifest.shards.iter().map(|shard| shard.quarter));
        }
        let (parts, missing) = opened;
        let searcher = Arc::new(Searcher::new(newest, needs, parts, missing));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&searcher);
        seen.manifest = Some(Arc::clone(&manifest));
        let cache = self.cache.clone();
        blocking(move || {
            cache.prune(manifest.files());
            Ok(())
        })
        .await?;
        Ok(searcher)
    }

    /// Opens a generation; what it shares with the current one stays open. Gives what can be opened, and the quarters of
    /// which something is missing.
    async fn open_snapshot(
        &self,
        manifest: &Manifest,
        needs: Needs,
        seen: &mut Seen,
        last: bool,
    ) -> Result<(Parts, BTreeSet<Quarter>), Error> {
        let current = self.current();
        let (names, shards) = current.parts();
        let mut missing = manifest.loss.as_ref().map(|loss| loss.quarters.clone()).unwrap_or_default();
        let known = seen.manifest.as_ref().map(|manifest| &manifest.names[..]).unwrap_or_default();
        let names = if manifest.names == known {
            Arc::clone(names)
        } else {
            match read_names(&self.cache, &self.store, manifest, Some((names, known))).await {
                Ok(names) => Arc::new(names),
                Err(error) => {
                    // Without names no number means anything: what was open stays.
                    self.damaged(seen, error, last).await?;
                    missing.extend(manifest.shards.iter().map(|shard| shard.quarter));
                    return Ok(((Arc::clone(names), shards.to_vec()), missing));
                }
            }
        };
        let earlier = |shard: &ShardManifest| shards.iter().find(|known| known.quarter == shard.quarter);
        let mut opening = Vec::with_capacity(manifest.shards.len());
        for shard in &manifest.shards {
            opening.push(self.open_shard(shard, needs, earlier(shard), &seen.damaged));
        }
        let results: Vec<_> = stream::iter(opening).buffered(SHARDS_AT_ONCE).collect().await;
        let mut opened = Vec::with_capacity(results.len());
        for (shard, result) in manifest.shards.iter().zip(results) {
            match result {
                Ok(shard) => opened.push(shard),
                Err(error) => {
                    self.damaged(seen, error, last).await?;
                    missing.insert(shard.quarter);
                    opened.extend(self.open_less(shard, needs, earlier(shard), &seen.damaged).await);
                }
            }
        }
        Ok(((names, opened), missing))
    }

    async fn open_shard(
        &self,
        shard: &ShardManifest,
        needs: Needs,
        earlier: Option<&Arc<Shard>>,
        damaged: &HashSet<String>,
    ) -> Result<Arc<Shard>, Error> {
        if let Some(known) = earlier.filter(|known| known.manifest() == shard && known.offers(needs)) {
            return Ok(Arc::clone(known));
        }
        let files = shard.files_for(needs);
        if let Some(damaged) = files.iter().find(|file| damaged.contains(&file.object)) {
            return Err(Error::Damaged { object: damaged.object.clone() });
        }
        let earlier = earlier.map(Arc::as_ref);
        Ok(Arc::new(Shard::open(&self.cache, &self.store, shard, needs, earlier).await?))
    }

    /// What there is of a damaged shard: the state before, or what can be counted without its words.
    async fn open_less(
        &self,
        shard: &ShardManifest,
        needs: Needs,
        earlier: Option<&Arc<Shard>>,
        damaged: &HashSet<String>,
    ) -> Option<Arc<Shard>> {
        if let Some(earlier) = earlier {
            return Some(Arc::clone(earlier));
        }
        for less in [Needs::Rows, Needs::Counts].into_iter().filter(|less| *less < needs) {
            if let Ok(opened) = self.open_shard(shard, less, None, damaged).await {
                return Some(opened);
            }
        }
        None
    }

    /// Reports a damaged object; gives every other error back.
    async fn damaged(&self, seen: &mut Seen, error: Error, last: bool) -> Result<(), Error> {
        let Some(object) = error.damaged_object(last) else { return Err(error) };
        if seen.damaged.insert(object.clone()) {
            tracing::error!(index.damaged = object, %error, "the index is damaged: results are incomplete");
            self.store.report_damage(&object).await;
        }
        Ok(())
    }

    /// The newest manifest that can be read, unless we have it, and the number of the newest one.
    async fn newer(&self, known: u64) -> Result<Option<(Manifest, u64)>, Error> {
        if known == 0 {
            return self.store.latest().await;
        }
        if let Some(generation) = self.store.newest_after(known).await? {
            return self.store.readable(generation).await.map(Some);
        }
        // Ours is gone if the store was emptied and begun anew.
        if self.store.has_manifest(known).await? { Ok(None) } else { self.store.latest().await }
    }
}

/// What a searcher is made of.
pub(crate) type Parts = (Arc<crate::names::Names>, Vec<Arc<Shard>>);
