//! What a writer builds on: the published state, without what is damaged in it.

use std::collections::BTreeSet;

use crate::Error;
use crate::facts::ids::Names;
use crate::facts::rows::Rows;
use crate::publish::cache::Cache;
use crate::publish::disk::blocking;
use crate::publish::manifest::{Loss, Manifest, ShardManifest};
use crate::publish::names::read_names;
use crate::publish::store::Store;
use crate::read::shard::read_rows_to_write;
use crate::write::local::LocalIndex;

/// What is left of the published state.
pub(crate) struct Restored {
    pub(crate) manifest: Manifest,
    pub(crate) local: LocalIndex,
    /// What damage has taken.
    pub(crate) loss: Option<Loss>,
    /// Damaged files that are published still.
    pub(crate) damaged: Vec<String>,
    /// Is it less than what is published?
    pub(crate) changed: bool,
}

impl Restored {
    /// The newest generation that can be read, without what is damaged: the words of a shard, or the whole shard. `last`:
    /// nothing else explains a missing file.
    pub(crate) async fn from(store: &Store, cache: &Cache, last: bool) -> Result<Self, Error> {
        // Before the manifest, which then has what they speak of.
        let reported = store.reported_damage().await?;
        let Some(mut manifest) = store.latest().await? else {
            let (manifest, local) = (Manifest::nothing(0), LocalIndex::empty());
            return Ok(Self { manifest, local, loss: None, damaged: Vec::new(), changed: false });
        };
        let mut changed = manifest.stands_in;
        let mut lost = BTreeSet::new();
        let mut damaged = confirmed(store, cache, &manifest, reported).await?;
        let mut names = match read_names(cache, store, &manifest, None).await {
            Ok(names) => names,
            Err(error) => {
                damaged.push(error.damaged_object(last).ok_or(error)?);
                lost.extend(manifest.shards.iter().map(|shard| shard.quarter));
                manifest.names.clear();
                manifest.shards.clear();
                Names::default()
            }
        };
        if manifest.names.iter().any(|file| damaged.contains(&file.object)) {
            // They were read from a good copy here: written anew, nothing is lost.
            names.set_unpublished();
            manifest.names.clear();
            changed = true;
        }
        let mut shards = Vec::with_capacity(manifest.shards.len());
        let mut wordless = Vec::new();
        for mut shard in std::mem::take(&mut manifest.shards) {
            let known = shard.rows().find(|file| damaged.contains(&file.object));
            let read = match known {
                Some(file) => Err(Error::Damaged { object: file.object.clone() }),
                None => Self::shard(store, cache, &shard).await,
            };
            let mut words = shard.words.iter().flat_map(|words| &words.files);
            if words.any(|file| damaged.contains(&file.object)) {
                lost.insert(shard.quarter);
                wordless.push(shard.quarter);
                shard.words = None;
            }
            match read {
                Ok(rows) => shards.push((shard, rows)),
                Err(error) => {
                    let object = error.damaged_object(last).ok_or(error)?;
                    lost.insert(shard.quarter);
                    if !damaged.contains(&object) {
                        damaged.push(object);
                    }
                }
            }
        }
        manifest.shards = shards.iter().map(|(shard, _)| shard.clone()).collect();
        let mut loss = manifest.loss.clone();
        if !lost.is_empty() {
            changed = true;
            tracing::error!(index.damaged = ?damaged, quarters = ?lost, "the index is damaged and is to be filled again");
            // From the beginning: what was filled again before may be among it.
            let mut known = loss.take().unwrap_or_default();
            known.quarters.extend(lost);
            loss = Some(Loss { refilled: None, ..known });
        }
        let mut local = LocalIndex::restored(names, shards);
        for quarter in wordless {
            local.forget_words(quarter);
        }
        Ok(Self { manifest, local, loss, damaged, changed })
    }

    /// The rows of a shard.
    pub(crate) async fn shard(store: &Store, cache: &Cache, shard: &ShardManifest) -> Result<Rows, Error> {
        cache.fetch_all(store, shard.rows().cloned().collect()).await?;
        let (cache, shard) = (cache.clone(), shard.clone());
        blocking(move || read_rows_to_write(&cache, &shard)).await
    }
}

/// The objects that readers have reported and that are indeed damaged; the other reports are forgotten.
async fn confirmed(
    store: &Store,
    cache: &Cache,
    manifest: &Manifest,
    reported: Vec<String>,
) -> Result<Vec<String>, Error> {
    let mut confirmed = Vec::new();
    for object in reported {
        let published = manifest.files().find(|file| file.object == object);
        match published {
            Some(file) if !cache.is_whole_in(store, file).await? => confirmed.push(object),
            _ => store.forget_damage(&object).await?,
        }
    }
    Ok(confirmed)
}
