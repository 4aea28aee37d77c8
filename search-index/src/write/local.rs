//! The writer's own state of the index. Every function here blocks.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::SubmissionId;
use uuid::Uuid;

use crate::facts::block;
use crate::facts::columns::Keys;
use crate::facts::delta;
use crate::facts::ids::IdDictionary;
use crate::facts::quarter::Quarter;
use crate::facts::row::{FactRow, Rest, text_fingerprint};
use crate::facts::rows::Rows;
use crate::publish::cache::{Cache, Folder};
use crate::publish::manifest::{BlockFiles, PublishedFile, ShardManifest, WordsManifest};
use crate::read::shard::open_block_to_write;
use crate::words::writer::WordsWriter;
use crate::{Document, Error, IndexPart};

/// Deltas of a shard before they are written together.
const DELTAS: usize = 16;

/// A new block is written when more rows than this lie outside of the block, and more than this part of the block's rows. Counting
/// looks at each of them twice. A publication so writes some thirty times what has changed, however large the index is.
const OVERLAY: usize = 2_048;
const OVERLAY_PART: usize = 32;

pub(crate) struct LocalIndex {
    names: IdDictionary,
    shards: BTreeMap<Quarter, LocalShard>,
}

struct LocalShard {
    /// What is published of it.
    manifest: ShardManifest,
    rows: Rows,
    /// Rows that have changed since.
    dirty: BTreeSet<u32>,
    /// Opened when there are words to add.
    words: Option<WordsWriter>,
}

/// A shard whose words are to be opened: nothing is published of them, or this.
pub(crate) type WordsToOpen = (Quarter, Option<WordsManifest>);

/// The files of one commit, all of them in the cache.
pub(crate) struct Commit {
    pub(crate) names: Option<(PublishedFile, bool)>,
    pub(crate) shards: Vec<ShardManifest>,
}

impl LocalIndex {
    /// An index without submissions.
    pub(crate) fn empty() -> Self {
        Self { names: IdDictionary::default(), shards: BTreeMap::new() }
    }

    /// The published state.
    pub(crate) fn restored(names: IdDictionary, shards: Vec<(ShardManifest, Rows)>) -> Self {
        let shards = shards.into_iter().map(|(manifest, rows)| {
            (manifest.quarter, LocalShard { manifest, rows, dirty: BTreeSet::new(), words: None })
        });
        Self { names, shards: shards.collect() }
    }

    /// Says that there are no words of a restored shard: they are added again with its submissions.
    pub(crate) fn forget_words(&mut self, quarter: Quarter) {
        let Some(shard) = self.shards.get_mut(&quarter) else { return };
        shard.dirty.extend(shard.rows.forget_words());
    }

    /// The shards whose words these documents need opened.
    pub(crate) fn wanted(&self, documents: &[Document]) -> Vec<WordsToOpen> {
        let quarters: BTreeSet<Quarter> =
            documents.iter().map(|document| Quarter::of(document.received)).collect();
        let closed = quarters.into_iter().filter_map(|quarter| match self.shards.get(&quarter) {
            None => Some((quarter, None)),
            Some(shard) if shard.words.is_none() => Some((quarter, shard.manifest.words.clone())),
            Some(_) => None,
        });
        let changed =
            |wanted: &WordsToOpen| documents.iter().any(|document| self.has_new_words(wanted.0, document));
        closed.filter(changed).collect()
    }

    /// The submissions whose version is greater in `rows`, or which are only there. With `overlay`, rows that lie unchanged in their
    /// block are passed over.
    pub(crate) fn behind(&self, quarter: Quarter, rows: &Rows, overlay: bool) -> Vec<SubmissionId> {
        let ours = self.shards.get(&quarter).map(|shard| &shard.rows);
        let is_newer = |other: &Rest| {
            let known = ours.and_then(|ours| Some(ours.fact(ours.find(other.id)?).rest.keys.version));
            known.is_none_or(|version| version < other.keys.version)
        };
        let id = |other: Rest| SubmissionId::new(Uuid::from_u128(other.id));
        if overlay {
            let facts = rows.changed().chain(rows.added()).map(|(_, _, rest)| *rest);
            return facts.filter(is_newer).map(id).collect();
        }
        rows.all().into_iter().map(|fact| fact.rest).filter(is_newer).map(id).collect()
    }

    fn has_new_words(&self, quarter: Quarter, document: &Document) -> bool {
        if Quarter::of(document.received) != quarter {
            return false;
        }
        let Some(shard) = self.shards.get(&quarter) else { return true };
        let row = shard.rows.find(document.id.uuid().as_u128());
        row.is_none_or(|row| shard.rows.fact(row).rest.keys.text != text_fingerprint(document))
    }

    /// Opens the words of a shard in a folder, where they have been restored if anything is published of them.
    pub(crate) fn open_words(
        &mut self,
        quarter: Quarter,
        folder: Folder,
        restored: bool,
    ) -> Result<(), Error> {
        let words = WordsWriter::open(folder, restored)?;
        self.shards.entry(quarter).or_insert_with(|| LocalShard::new(quarter)).words = Some(words);
        Ok(())
    }

    /// Adds or replaces documents; returns how many were not older than what the index had.
    pub(crate) fn apply(&mut self, documents: Vec<Document>) -> Result<usize, Error> {
        let mut written = 0;
        let version = |fact: &FactRow| fact.rest.keys.version;
        for document in newest(documents) {
            let fact = FactRow::of(&document, &mut self.names)?;
            let quarter = Quarter::of(document.received);
            let shard = self.shards.entry(quarter).or_insert_with(|| LocalShard::new(quarter));
            let known = shard.rows.find(fact.rest.id).map(|row| (row, shard.rows.fact(row)));
            if known.is_some_and(|(_, known)| version(&known) > version(&fact) || known == fact) {
                continue;
            }
            let row =
                known.map_or_else(|| u32::try_from(shard.rows.len()).unwrap_or(u32::MAX), |(row, _)| row);
            let former = known.map_or(0, |(_, known)| known.rest.keys.text);
            if former != fact.rest.keys.text {
                let words = shard.words.as_mut().ok_or(Error::WordsNotOpened)?;
                words.put(row, former != 0, &document)?;
            }
            shard.rows.set(row, fact).map_err(|_| Error::TooManyRows)?;
            shard.dirty.insert(row);
            written += 1;
        }
        Ok(written)
    }

    /// Commits what has changed and puts its files into the cache; `unique` stands in the names of the new ones.
    pub(crate) fn commit(&mut self, cache: &Cache, unique: &str, parts: usize) -> Result<Commit, Error> {
        let mut shards = Vec::with_capacity(self.shards.len());
        for (quarter, shard) in &mut self.shards {
            shards.push(shard.commit(cache, &format!("{unique}-{quarter}"))?);
        }
        let Some(new) = self.names.unpublished() else { return Ok(Commit { names: None, shards }) };
        // Many small parts are written together now and then.
        let whole = parts >= DELTAS;
        let part = if whole { self.names.whole() } else { new };
        let bytes = serde_json::to_vec(&part).map_err(|source| Error::Manifest { generation: 0, source })?;
        let file = cache.write("names", format!("{unique}.names"), &bytes)?;
        Ok(Commit { names: Some((file, whole)), shards })
    }

    /// What was committed is published now.
    pub(crate) fn adopt(&mut self, cache: &Cache, shards: Vec<ShardManifest>) -> Result<(), Error> {
        self.names.set_published();
        for manifest in shards {
            if let Some(shard) = self.shards.get_mut(&manifest.quarter) {
                if shard.manifest.block != manifest.block {
                    shard.rows = Rows::over(Arc::new(open_block_to_write(cache, manifest.block.as_ref())?));
                }
                if let Some(words) = &mut shard.words {
                    words.published();
                }
                shard.manifest = manifest;
                shard.dirty.clear();
            }
        }
        Ok(())
    }
}

impl LocalShard {
    fn new(quarter: Quarter) -> Self {
        let rows = Rows::over(Arc::new(block::Block::empty()));
        Self { manifest: ShardManifest::new(quarter), rows, dirty: BTreeSet::new(), words: None }
    }

    fn commit(&mut self, cache: &Cache, unique: &str) -> Result<ShardManifest, Error> {
        let mut manifest = self.manifest.clone();
        if let Some(words) = &mut self.words {
            manifest.words = Some(words.commit(cache, manifest.words.as_ref(), unique)?);
        }
        if self.dirty.is_empty() {
            return Ok(manifest);
        }
        if self.rows.overlay() > OVERLAY.max(self.rows.block().len() / OVERLAY_PART) {
            manifest.block = Some(write_block(cache, &self.rows.all(), unique)?);
            manifest.deltas.clear();
            return Ok(manifest);
        }
        let together = manifest.deltas.len() >= DELTAS;
        let bytes = if together {
            manifest.deltas.clear();
            let overlay = self.rows.changed().chain(self.rows.added());
            let overlay: BTreeMap<u32, FactRow> = overlay
                .map(|(row, counted, rest)| (row, FactRow { counted: *counted, rest: *rest }))
                .collect();
            delta::encode(overlay.into_iter())
        } else {
            delta::encode(self.dirty.iter().map(|row| (*row, self.rows.fact(*row))))
        };
        manifest.deltas.push(cache.write("delta", format!("{unique}.delta"), &bytes)?);
        Ok(manifest)
    }
}

/// Writes facts as the files of a block; `unique` stands in their names.
fn write_block(cache: &Cache, facts: &[FactRow], unique: &str) -> Result<BlockFiles, Error> {
    let encoded = block::encode(facts);
    let write = |kind: &str, bytes: &[u8]| cache.write(kind, format!("{unique}.{kind}"), bytes);
    Ok(BlockFiles {
        facts: write("facts", &encoded.facts)?,
        details: write("details", &encoded.details)?,
        keys: write("keys", &encoded.keys)?,
        points: Some(write("points", &encoded.points)?),
        matters: Some(write("matters", &encoded.matters)?),
    })
}

/// A shard without the part that is made anew. Its rows are written as a new block, whose files are not published yet.
pub(crate) fn without(
    part: IndexPart,
    cache: &Cache,
    shard: &ShardManifest,
    rows: &Rows,
    unique: &str,
) -> Result<(ShardManifest, Rows), Error> {
    let mut facts = rows.all();
    let mut manifest = ShardManifest { deltas: Vec::new(), ..shard.clone() };
    match part {
        IndexPart::Facts => {
            for fact in &mut facts {
                *fact = FactRow::unknown(fact.rest.id, fact.rest.keys);
            }
        }
        IndexPart::Words => {
            for fact in &mut facts {
                fact.rest.keys = Keys { text: 0, ..fact.rest.keys };
            }
            manifest.words = None;
        }
    }
    manifest.block = Some(write_block(cache, &facts, unique)?);
    let rows = Rows::over(Arc::new(open_block_to_write(cache, manifest.block.as_ref())?));
    Ok((manifest, rows))
}

/// Each submission once, in its highest version, in the order in which they first came.
fn newest(documents: Vec<Document>) -> Vec<Document> {
    let mut newest: Vec<Document> = Vec::with_capacity(documents.len());
    let mut places = HashMap::with_capacity(documents.len());
    for document in documents {
        match places.get(&document.id) {
            None => {
                places.insert(document.id, newest.len());
                newest.push(document);
            }
            Some(place) if newest[*place].version <= document.version => newest[*place] = document,
            Some(_) => {}
        }
    }
    newest
}
