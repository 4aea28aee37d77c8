//! A quarter of a year, opened for reading.

use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::Query;

use crate::Error;
use crate::block::Block;
use crate::delta;
use crate::files::{Cache, Folder, blocking};
use crate::manifest::{PublishedFile, ShardManifest};
use crate::quarter::Quarter;
use crate::rows::Rows;
use crate::store::Store;
use crate::text::ShardWords;
use crate::words::Words;

/// One shard of a snapshot.
pub(crate) struct Shard {
    pub(crate) quarter: Quarter,
    pub(crate) rows: Rows,
    /// None if it has no words.
    pub(crate) words: Option<Arc<ShardWords>>,
    // After the words: mapped files are let go before they are removed.
    folder: Option<Arc<Folder>>,
    manifest: ShardManifest,
}

impl Shard {
    /// Opens a shard whose files have been fetched, with as much as possible of what an earlier snapshot has open.
    pub(crate) async fn open(
        cache: &Cache,
        store: &Store,
        manifest: &ShardManifest,
        earlier: Option<&Self>,
    ) -> Result<Self, Error> {
        let files: Vec<PublishedFile> = manifest.files().cloned().collect();
        cache.fetch_all(store, files).await?;
        let rows = {
            let (cache, manifest) = (cache.clone(), manifest.clone());
            let earlier = earlier.map(|shard| (shard.manifest.clone(), shard.rows.clone()));
            blocking(move || read_rows(&cache, &manifest, earlier)).await?
        };
        let same_words = earlier.filter(|shard| shard.manifest.words == manifest.words);
        let (words, folder) = match (same_words, &manifest.words) {
            (Some(shard), _) => (shard.words.clone(), shard.folder.clone()),
            (None, None) => (None, None),
            (None, Some(published)) => {
                // The same shard may be opened twice if the store was emptied in between.
                let name = format!("{}-{}", manifest.quarter, SegmentId::generate_random().uuid_string());
                let folder = Arc::new(cache.assemble(published, &name).await?);
                let opened = Arc::clone(&folder);
                let words = blocking(move || ShardWords::open(opened.path())).await?;
                (Some(Arc::new(words)), Some(folder))
            }
        };
        Ok(Self { quarter: manifest.quarter, rows, words, folder, manifest: manifest.clone() })
    }

    pub(crate) fn manifest(&self) -> &ShardManifest {
        &self.manifest
    }

    /// The words as a question to this shard; none if nothing is asked or nothing can be found.
    pub(crate) fn query(&self, asked: &Words) -> Result<Option<Box<dyn Query>>, Error> {
        self.words.as_ref().map_or(Ok(None), |own| own.query(asked))
    }

    /// The rows that have the words searched for; none if none are.
    pub(crate) fn rows_with(&self, asked: &Words) -> Result<Option<Vec<u32>>, Error> {
        if asked.clauses.is_empty() {
            return Ok(None);
        }
        let (Some(own), Some(query)) = (&self.words, self.query(asked)?) else { return Ok(Some(Vec::new())) };
        own.rows(query.as_ref()).map(Some)
    }
}

/// The facts of a shard whose files are in the cache; what an earlier state of the shard has is not read again.
pub(crate) fn read_rows(
    cache: &Cache,
    manifest: &ShardManifest,
    earlier: Option<(ShardManifest, Rows)>,
) -> Result<Rows, Error> {
    let goes_on =
        |known: &ShardManifest| known.block == manifest.block && manifest.deltas.starts_with(&known.deltas);
    let (mut rows, new) = match earlier {
        Some((known, rows)) if goes_on(&known) => (rows, &manifest.deltas[known.deltas.len()..]),
        _ => (Rows::over(Arc::new(open_block(cache, manifest.block.as_ref())?)), &manifest.deltas[..]),
    };
    for file in new {
        let damaged = || Error::Damaged { object: file.object.clone() };
        for (row, fact) in delta::decode(&cache.read(file)?).ok_or_else(damaged)? {
            rows.set(row, fact);
        }
    }
    Ok(rows)
}

pub(crate) fn open_block(cache: &Cache, file: Option<&PublishedFile>) -> Result<Block, Error> {
    file.map_or_else(|| Ok(Block::empty()), |file| Block::open(&cache.files(), &file.object))
}
