//! One quarter of a snapshot, opened for reading.

use std::sync::Arc;

use tantivy::index::SegmentId;

use crate::Error;
use crate::facts::block::Block;
use crate::facts::delta;
use crate::facts::quarter::Quarter;
use crate::facts::rows::Rows;
use crate::open_level::{IndexPart, OpenLevel, Opening};
use crate::publish::cache::{Cache, Folder};
use crate::publish::disk::blocking;
use crate::publish::manifest::{BlockFiles, PublishedFile, ShardManifest};
use crate::publish::store::Store;
use crate::words::reader::ShardWords;

/// One shard of a snapshot.
pub(crate) struct Shard {
    pub(crate) quarter: Quarter,
    pub(crate) rows: Rows,
    /// None if it has no words, or if they are not open.
    pub(crate) words: Option<Arc<ShardWords>>,
    // After the words: mapped files are let go before they are removed.
    folder: Option<Arc<Folder>>,
    manifest: ShardManifest,
    /// What it was opened for.
    opening: Opening,
}

impl Shard {
    /// Opens as much of a shard as is needed, with as much as possible of what an earlier snapshot has open.
    pub(crate) async fn open(
        cache: &Cache,
        store: &Store,
        manifest: &ShardManifest,
        opening: Opening,
        earlier: Option<&Self>,
    ) -> Result<Self, Error> {
        let earlier = earlier.filter(|shard| shard.opening.lacks == opening.lacks);
        cache.fetch_all(store, manifest.files_for(opening)).await?;
        let rows = {
            let (cache, manifest) = (cache.clone(), manifest.clone());
            let earlier = earlier.map(|shard| (shard.manifest.clone(), shard.rows.clone()));
            blocking(move || read_rows(&cache, &manifest, opening, earlier)).await?
        };
        let same_words =
            earlier.filter(|shard| shard.words.is_some() && shard.manifest.words == manifest.words);
        let (words, folder) = match (same_words, &manifest.words) {
            (Some(shard), _) => (shard.words.clone(), shard.folder.clone()),
            (None, Some(published)) if opening.has_words() => {
                // The same shard may be opened twice if the store was emptied in between.
                let name = format!("{}-{}", manifest.quarter, SegmentId::generate_random().uuid_string());
                let folder = Arc::new(cache.assemble(published, &name).await?);
                let opened = Arc::clone(&folder);
                let words = blocking(move || ShardWords::open(opened.path())).await?;
                (Some(Arc::new(words)), Some(folder))
            }
            (None, _) => (None, None),
        };
        Ok(Self { quarter: manifest.quarter, rows, words, folder, manifest: manifest.clone(), opening })
    }

    /// True if everything that this opening wants is open.
    pub(crate) fn holds(&self, opening: Opening) -> bool {
        self.opening.lacks == opening.lacks && self.offers(opening.level)
    }

    /// True if a question of this level can be answered. A part that is being made anew does not count: the snapshot refuses the
    /// questions that need it.
    pub(crate) fn offers(&self, needs: OpenLevel) -> bool {
        let words = || {
            self.words.is_some()
                || self.manifest.words.is_none()
                || self.opening.lacks == Some(IndexPart::Words)
        };
        (needs < OpenLevel::Rows || self.rows.block().has_details()) && (needs < OpenLevel::Words || words())
    }

    pub(crate) fn manifest(&self) -> &ShardManifest {
        &self.manifest
    }
}

/// The rows of a shard whose files are in the cache; what an earlier state of the shard has is not read again.
fn read_rows(
    cache: &Cache,
    manifest: &ShardManifest,
    opening: Opening,
    earlier: Option<(ShardManifest, Rows)>,
) -> Result<Rows, Error> {
    let goes_on =
        |known: &ShardManifest| known.block == manifest.block && manifest.deltas.starts_with(&known.deltas);
    match earlier {
        Some((known, mut rows)) if goes_on(&known) => {
            if let Some(block) = manifest.block.as_ref()
                && opening.level >= OpenLevel::Rows
                && !rows.block().has_details()
            {
                let opened = rows.block().clone();
                rows.set_block(Arc::new(opened.with_details(&cache.files(), &block.details.object)?));
            }
            add_deltas(cache, &mut rows, &manifest.deltas[known.deltas.len()..], opening.has_facts())?;
            Ok(rows)
        }
        _ => {
            let block = match &manifest.block {
                Some(block) if !opening.has_facts() => {
                    Block::open_ids(&cache.files(), &block.details.object)?
                }
                block => open_block(cache, block.as_ref(), opening.level)?,
            };
            let mut rows = Rows::over(Arc::new(block));
            add_deltas(cache, &mut rows, &manifest.deltas, opening.has_facts())?;
            Ok(rows)
        }
    }
}

/// The rows of a shard as a writer needs them; all its files of rows are in the cache.
pub(crate) fn read_rows_to_write(cache: &Cache, manifest: &ShardManifest) -> Result<Rows, Error> {
    let mut rows = Rows::over(Arc::new(open_block_to_write(cache, manifest.block.as_ref())?));
    add_deltas(cache, &mut rows, &manifest.deltas, true)?;
    Ok(rows)
}

/// The rows of a shard whose facts are of another format, with ids and keys alone.
pub(crate) fn read_ids_to_write(cache: &Cache, manifest: &ShardManifest) -> Result<Rows, Error> {
    let block = match &manifest.block {
        Some(files) => {
            let ids = Block::open_ids(&cache.files(), &files.details.object)?;
            ids.with_keys(&cache.files(), &files.keys.object)?
        }
        None => Block::empty(),
    };
    let mut rows = Rows::over(Arc::new(block));
    add_deltas(cache, &mut rows, &manifest.deltas, false)?;
    Ok(rows)
}

fn add_deltas(
    cache: &Cache,
    rows: &mut Rows,
    deltas: &[PublishedFile],
    with_facts: bool,
) -> Result<(), Error> {
    for file in deltas {
        let damaged = || Error::Damaged { object: file.object.clone() };
        let bytes = cache.read(file)?;
        let decoded = if with_facts { delta::decode(&bytes) } else { delta::decode_ids(&bytes) };
        for (row, fact) in decoded.ok_or_else(damaged)? {
            rows.set(row, fact).map_err(|_| damaged())?;
        }
    }
    Ok(())
}

fn open_block(cache: &Cache, files: Option<&BlockFiles>, needs: OpenLevel) -> Result<Block, Error> {
    let Some(files) = files else { return Ok(Block::empty()) };
    let facts = Block::open(&cache.files(), &files.facts.object)?;
    if needs >= OpenLevel::Rows {
        facts.with_details(&cache.files(), &files.details.object)
    } else {
        Ok(facts)
    }
}

pub(crate) fn open_block_to_write(cache: &Cache, files: Option<&BlockFiles>) -> Result<Block, Error> {
    let Some(known) = files else { return Ok(Block::empty()) };
    let block = open_block(cache, files, OpenLevel::Rows)?.with_keys(&cache.files(), &known.keys.object)?;
    match (&known.points, &known.matters) {
        (Some(points), Some(matters)) => {
            block.with_points_and_matters(&cache.files(), &points.object, &matters.object)
        }
        _ => Ok(block),
    }
}
