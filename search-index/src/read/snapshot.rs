//! Readers of the published index. A reader sees one whole generation, and moves to a newer one when it is asked to look.

use std::collections::BTreeSet;
use std::collections::hash_map::{Entry, HashMap};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use futures::{StreamExt, stream};
use object_store::ObjectStore;
use tokio::sync::{Mutex, MutexGuard};

use crate::facts::ids::IdDictionary;
use crate::facts::quarter::Quarter;
use crate::open_level::{IndexPart, OpenLevel, Opening};
use crate::publish::cache::{ATTEMPTS, Cache};
use crate::publish::disk::blocking;
use crate::publish::manifest::{Manifest, PublishedFile, ShardManifest};
use crate::publish::names::read_names;
use crate::publish::store::{Newest, ObjectVersion, Store};
use crate::read::searcher::Parts;
use crate::read::shard::Shard;
use crate::{Error, Searcher};

/// Shards that are opened at the same time: a store far away answers many requests as fast as one.
const SHARDS_AT_ONCE: usize = 4;

/// How long a damaged object is left alone: it may have been damaged on its way alone.
const TRY_AGAIN: Duration = Duration::from_mins(1);

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
    /// By what it is told from another manifest of the same generation; none if that is lost.
    version: Option<ObjectVersion>,
    /// The files from which the open lists of ids were read.
    names: Vec<PublishedFile>,
    damaged: Damaged,
}

/// Objects that were damaged when they were fetched, and when that was. For a while they are not fetched again: what is made
/// anew has another name.
#[derive(Default)]
struct Damaged(HashMap<String, Instant>);

impl Damaged {
    fn has(&self, file: &PublishedFile) -> bool {
        self.0.contains_key(&file.object)
    }

    /// Forgets what is to be tried again; true if there was any.
    fn forget_old(&mut self) -> bool {
        let known = self.0.len();
        self.0.retain(|_, found| found.elapsed() < TRY_AGAIN);
        self.0.len() < known
    }
}

/// What can be opened of a generation.
struct Opened {
    parts: Parts,
    /// The files of its lists of ids.
    names: Vec<PublishedFile>,
    /// The quarters that miss something.
    missing: BTreeSet<Quarter>,
    /// The part that is not open in any shard.
    lacks: Option<IndexPart>,
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
        self.latest_for(OpenLevel::Words).await
    }

    /// The newest published generation, open at least for this.
    ///
    /// Costs two small requests when nothing is new. While one caller fetches a newer generation, others get the
    /// one before it at once.
    ///
    /// # Errors
    /// If the store cannot be read; then [`current`](Self::current) still has the generation from before.
    pub async fn latest_for(&self, needs: OpenLevel) -> Result<Arc<Searcher>, Error> {
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

    /// The right to refresh; none if another caller refreshes and there is a generation to use meanwhile.
    async fn turn(&self, needs: OpenLevel) -> Option<MutexGuard<'_, Seen>> {
        match self.seen.try_lock() {
            Ok(guard) => Some(guard),
            Err(_) if self.current().generation() > 0 && self.current().needs() >= needs => None,
            Err(_) => Some(self.seen.lock().await),
        }
    }

    async fn refresh(&self, seen: &mut Seen, needs: OpenLevel, last: bool) -> Result<Arc<Searcher>, Error> {
        let current = self.current();
        // What was ever asked for stays open.
        let needs = if current.generation() > 0 { needs.max(current.needs()) } else { needs };
        let try_again = seen.damaged.forget_old();
        let newer = self.newer(current.generation(), seen).await?;
        let manifest = match (newer, &seen.manifest) {
            (Some(manifest), _) => Arc::new(manifest),
            (None, Some(manifest)) if current.needs() < needs || try_again => Arc::clone(manifest),
            _ => return Ok(current),
        };
        // A missing file of a generation that is no longer the newest was cleaned away.
        let last = last && self.store.newest_after(manifest.generation).await?.is_none();
        let opening = Opening { level: needs, lacks: manifest.lacks() };
        let opened = self.open_snapshot(&manifest, opening, seen, last).await?;
        let Opened { parts, names, missing, lacks } = opened;
        let opening = Opening { lacks, ..opening };
        let searcher = Arc::new(Searcher::new(manifest.generation, opening, parts, missing));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&searcher);
        seen.version = self.store.manifest_version(manifest.generation).await?;
        seen.manifest = Some(Arc::clone(&manifest));
        seen.names = names;
        let cache = self.cache.clone();
        blocking(move || {
            cache.prune(manifest.files());
            Ok(())
        })
        .await?;
        Ok(searcher)
    }

    /// Opens a generation; what it shares with the current one stays open.
    async fn open_snapshot(
        &self,
        manifest: &Manifest,
        opening: Opening,
        seen: &mut Seen,
        last: bool,
    ) -> Result<Opened, Error> {
        let current = self.current();
        let (known, shards) = current.parts();
        let mut missing = manifest.loss.as_ref().map(|loss| loss.quarters.clone()).unwrap_or_default();
        let names = match self.open_names(manifest, known, seen).await {
            Ok(names) => names,
            Err(error) => {
                // Without names no number means anything: what was open stays.
                self.damaged(seen, error, last).await?;
                missing.extend(manifest.shards.iter().map(|shard| shard.quarter));
                let parts = (Arc::clone(known), shards.to_vec());
                let (names, lacks) = (seen.names.clone(), current.lacks());
                return Ok(Opened { parts, names, missing, lacks });
            }
        };
        let earlier = |shard: &ShardManifest| shards.iter().find(|known| known.quarter == shard.quarter);
        let mut shards_to_open = Vec::with_capacity(manifest.shards.len());
        for shard in &manifest.shards {
            shards_to_open.push(self.open_shard(shard, opening, earlier(shard), &seen.damaged));
        }
        let results: Vec<_> = stream::iter(shards_to_open).buffered(SHARDS_AT_ONCE).collect().await;
        let mut opened = Vec::with_capacity(results.len());
        for (shard, result) in manifest.shards.iter().zip(results) {
            match result {
                Ok(shard) => opened.push(shard),
                Err(error) => {
                    self.damaged(seen, error, last).await?;
                    missing.insert(shard.quarter);
                    // The numbers of the state before mean something else if all was made anew.
                    let same = names.continues(known) && current.lacks() == opening.lacks;
                    let earlier = earlier(shard).filter(|_| same);
                    opened.extend(self.open_less(shard, opening, earlier, &seen.damaged).await);
                }
            }
        }
        let read = manifest.readable_names().to_vec();
        Ok(Opened { parts: (names, opened), names: read, missing, lacks: opening.lacks })
    }

    async fn open_names(
        &self,
        manifest: &Manifest,
        known: &Arc<IdDictionary>,
        seen: &Seen,
    ) -> Result<Arc<IdDictionary>, Error> {
        let names = manifest.readable_names();
        if names == seen.names {
            return Ok(Arc::clone(known));
        }
        if let Some(damaged) = names.iter().find(|file| seen.damaged.has(file)) {
            return Err(Error::Damaged { object: damaged.object.clone() });
        }
        let earlier = Some((&**known, &seen.names[..]));
        Ok(Arc::new(read_names(&self.cache, &self.store, names, earlier).await?))
    }

    async fn open_shard(
        &self,
        shard: &ShardManifest,
        opening: Opening,
        earlier: Option<&Arc<Shard>>,
        damaged: &Damaged,
    ) -> Result<Arc<Shard>, Error> {
        if let Some(known) = earlier.filter(|known| known.manifest() == shard && known.holds(opening)) {
            return Ok(Arc::clone(known));
        }
        let files = shard.files_for(opening);
        if let Some(damaged) = files.iter().find(|file| damaged.has(file)) {
            return Err(Error::Damaged { object: damaged.object.clone() });
        }
        let earlier = earlier.map(Arc::as_ref);
        Ok(Arc::new(Shard::open(&self.cache, &self.store, shard, opening, earlier).await?))
    }

    /// What there is of a damaged shard: the state before, or what can be counted without its words.
    async fn open_less(
        &self,
        shard: &ShardManifest,
        opening: Opening,
        earlier: Option<&Arc<Shard>>,
        damaged: &Damaged,
    ) -> Option<Arc<Shard>> {
        if let Some(earlier) = earlier {
            return Some(Arc::clone(earlier));
        }
        for level in [OpenLevel::Rows, OpenLevel::Counts].into_iter().filter(|less| *less < opening.level) {
            let less = Opening { level, ..opening };
            if let Ok(opened) = self.open_shard(shard, less, None, damaged).await {
                return Some(opened);
            }
        }
        None
    }

    /// Reports a damaged object; gives every other error back.
    async fn damaged(&self, seen: &mut Seen, error: Error, last: bool) -> Result<(), Error> {
        let Some(object) = error.damaged_object(last) else { return Err(error) };
        if let Entry::Vacant(place) = seen.damaged.0.entry(object.clone()) {
            place.insert(Instant::now());
            tracing::error!(index.damaged = object, %error, "the index is damaged: results are incomplete");
            self.store.report_damage(&object).await;
        }
        Ok(())
    }

    /// The newest manifest, or what stands in for it, unless we have it.
    async fn newer(&self, known: u64, seen: &mut Seen) -> Result<Option<Manifest>, Error> {
        if known == 0 {
            return self.store.latest().await;
        }
        if let Some(generation) = self.store.newest_after(known).await? {
            return self.store.readable(generation).await.map(Some);
        }
        let version = self.store.manifest_version(known).await?;
        if version.is_some() && version == seen.version {
            return Ok(None);
        }
        // Ours is gone. If there is no newer one, or none at all, it was lost, and what is open is as much as there is.
        let Newest { known: newest, there } = self.store.newest().await?;
        if newest == 0 || newest == known && there < known {
            let object = format!("manifests/{known}");
            if let Entry::Vacant(place) = seen.damaged.0.entry(object) {
                tracing::error!(index.damaged = known, "the newest manifest of the index is lost");
                place.insert(Instant::now());
            }
            return Ok(None);
        }
        // The store was emptied and begun anew.
        self.store.latest().await
    }
}
