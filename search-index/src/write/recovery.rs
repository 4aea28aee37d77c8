//! The state on which a writer builds: the newest generation, without damaged files and without the part whose format has changed.

use std::collections::BTreeSet;

use crate::facts::ids::IdDictionary;
use crate::facts::quarter::Quarter;
use crate::facts::rows::Rows;
use crate::publish::cache::Cache;
use crate::publish::disk::blocking;
use crate::publish::manifest::{Loss, Manifest, ShardManifest};
use crate::publish::names::read_names;
use crate::publish::store::Store;
use crate::read::shard::{read_ids_to_write, read_rows_to_write};
use crate::write::local::{LocalIndex, without};
use crate::{Error, IndexPart};

/// What is left of the published state.
pub(crate) struct Restored {
    pub(crate) manifest: Manifest,
    pub(crate) local: LocalIndex,
    /// What damage has taken.
    pub(crate) loss: Option<Loss>,
    /// Damaged files that are published still.
    pub(crate) damaged: Vec<String>,
    /// True if it differs from what is published.
    pub(crate) changed: bool,
}

impl Restored {
    /// The newest generation that can be read, without what is damaged (the words of a shard, or the whole shard) and without the
    /// part whose format has changed. `session` stands in the names of files that are written instead; `last` says that nothing
    /// but damage explains a missing file.
    pub(crate) async fn from(store: &Store, cache: &Cache, session: &str, last: bool) -> Result<Self, Error> {
        // Before the manifest, which then has what they speak of.
        let reported = store.reported_damage().await?;
        let Some(mut manifest) = store.latest().await? else {
            let (manifest, local) = (Manifest::nothing(0), LocalIndex::empty());
            return Ok(Self { manifest, local, loss: None, damaged: Vec::new(), changed: false });
        };
        let outdated = manifest.outdated();
        let mut recovery = Recovery {
            store,
            cache,
            session,
            last,
            outdated,
            damaged: confirmed(store, cache, &manifest, reported).await?,
            lost: BTreeSet::new(),
            changed: manifest.stands_in || outdated.is_some(),
        };
        let ids = recovery.ids(&mut manifest).await?;
        let mut wordless = Vec::new();
        let mut shards = Vec::with_capacity(manifest.shards.len());
        for shard in std::mem::take(&mut manifest.shards) {
            shards.extend(recovery.shard(shard, &mut wordless).await?);
        }
        let published = |shard: &ShardManifest| match outdated {
            // A block that was written here is not published yet.
            Some(_) => ShardManifest { block: None, ..shard.clone() },
            None => shard.clone(),
        };
        manifest.shards = shards.iter().map(|(shard, _)| published(shard)).collect();
        let loss = recovery.loss(manifest.loss.clone());
        let mut local = LocalIndex::restored(ids, shards);
        for quarter in wordless {
            local.forget_words(quarter);
        }
        Ok(Self { manifest, local, loss, damaged: recovery.damaged, changed: recovery.changed })
    }

    /// The rows of a shard; without `facts`, which are of another format, with ids and keys alone.
    pub(crate) async fn shard(
        store: &Store,
        cache: &Cache,
        shard: &ShardManifest,
        facts: bool,
    ) -> Result<Rows, Error> {
        cache.fetch_all(store, shard.rows().cloned().collect()).await?;
        let (cache, shard) = (cache.clone(), shard.clone());
        let read = if facts { read_rows_to_write } else { read_ids_to_write };
        blocking(move || read(&cache, &shard)).await
    }
}

/// What is found out on the way.
struct Recovery<'a> {
    store: &'a Store,
    cache: &'a Cache,
    session: &'a str,
    last: bool,
    /// The part whose format has changed.
    outdated: Option<IndexPart>,
    /// Objects that are not what was written.
    damaged: Vec<String>,
    /// Quarters that miss something because of them.
    lost: BTreeSet<Quarter>,
    changed: bool,
}

impl Recovery<'_> {
    /// The lists of ids. They belong to the facts: where these are made anew, numbers begin anew.
    async fn ids(&mut self, manifest: &mut Manifest) -> Result<IdDictionary, Error> {
        if self.outdated == Some(IndexPart::Facts) {
            manifest.names.clear();
            return Ok(IdDictionary::default());
        }
        let mut ids = match read_names(self.cache, self.store, &manifest.names, None).await {
            Ok(ids) => ids,
            Err(error) => {
                self.damaged.push(error.damaged_object(self.last).ok_or(error)?);
                self.lost.extend(manifest.shards.iter().map(|shard| shard.quarter));
                manifest.names.clear();
                manifest.shards.clear();
                IdDictionary::default()
            }
        };
        if manifest.names.iter().any(|file| self.damaged.contains(&file.object)) {
            // They were read from a good copy here: written anew, nothing is lost.
            ids.set_unpublished();
            manifest.names.clear();
            self.changed = true;
        }
        Ok(ids)
    }

    /// What is left of a shard; none if its rows are damaged. `wordless` gets it if its words alone are.
    async fn shard(
        &mut self,
        mut shard: ShardManifest,
        wordless: &mut Vec<Quarter>,
    ) -> Result<Option<(ShardManifest, Rows)>, Error> {
        let known = shard.rows().find(|file| self.damaged.contains(&file.object));
        let facts = self.outdated != Some(IndexPart::Facts);
        let read = match known {
            Some(file) => Err(Error::Damaged { object: file.object.clone() }),
            None => Restored::shard(self.store, self.cache, &shard, facts).await,
        };
        let mut words = shard.words.iter().flat_map(|words| &words.files);
        if words.any(|file| self.damaged.contains(&file.object)) {
            self.lost.insert(shard.quarter);
            wordless.push(shard.quarter);
            shard.words = None;
        }
        let rows = match read {
            Ok(rows) => rows,
            Err(error) => {
                let object = error.damaged_object(self.last).ok_or(error)?;
                self.lost.insert(shard.quarter);
                if !self.damaged.contains(&object) {
                    self.damaged.push(object);
                }
                return Ok(None);
            }
        };
        let Some(part) = self.outdated else { return Ok(Some((shard, rows))) };
        let (cache, unique) = (self.cache.clone(), format!("{}-{}", self.session, shard.quarter));
        blocking(move || without(part, &cache, &shard, &rows, &unique)).await.map(Some)
    }

    /// What is missing, and how far it was added again.
    fn loss(&mut self, known: Option<Loss>) -> Option<Loss> {
        let mut loss = known;
        if let Some(part) = self.outdated {
            tracing::warn!(index.part = %part, "a part of the index is of another format and is made anew");
            loss = Some(Loss { refilled: None, remade: Some(part), ..loss.unwrap_or_default() });
        }
        if !self.lost.is_empty() {
            self.changed = true;
            tracing::error!(
                index.damaged = ?self.damaged,
                quarters = ?self.lost,
                "the index is damaged and is to be filled again"
            );
            // From the beginning: what was filled again before may be among it.
            let mut known = loss.unwrap_or_default();
            known.quarters.extend(std::mem::take(&mut self.lost));
            loss = Some(Loss { refilled: None, ..known });
        }
        loss
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
