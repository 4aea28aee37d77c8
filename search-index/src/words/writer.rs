//! The words of a shard, opened for writing: a tantivy index of its own.

use std::collections::HashMap;
use std::io::ErrorKind;

use tantivy::index::{IndexMeta, SegmentComponent};
use tantivy::merge_policy::LogMergePolicy;
use tantivy::{Index, IndexSettings};

use crate::publish::cache::{ATTEMPTS, Cache, Folder};
use crate::publish::manifest::{PublishedFile, WordsManifest};
use crate::words::analyzer;
use crate::words::schema::{self, Fields};
use crate::words::unsynced::UnsyncedDirectory;
use crate::{Document, Error};

/// Memory for documents that are not yet written to disk, in bytes.
const HEAP: usize = 64 << 20;

/// A commit adds few documents: one thread makes one segment of them.
const THREADS: usize = 1;

/// Segments of about one size before they are made one. Half of what tantivy has: a question looks into each of them, in every
/// shard, and that costs it more than writers save.
const MERGED: usize = 4;

/// The files every segment has.
const COMPONENTS: [SegmentComponent; 6] = [
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::Terms,
    SegmentComponent::Store,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
];

pub(crate) struct WordsWriter {
    fields: Fields,
    writer: tantivy::IndexWriter,
    /// Since the last publication.
    changed: bool,
    // Last: the index closes before its folder is removed.
    folder: Folder,
}

impl WordsWriter {
    /// Opens the index in a restored folder, or makes an empty one.
    pub(crate) fn open(folder: Folder, restored: bool) -> Result<Self, Error> {
        let (schema, fields) = schema::build();
        let directory = UnsyncedDirectory::open(folder.path());
        let directory = directory.map_err(|error| Error::index("opening the index")(error.into()))?;
        let index = if restored {
            Index::open(directory).map_err(Error::index("opening the index"))?
        } else {
            let created = Index::create(directory, schema, IndexSettings::default());
            created.map_err(Error::index("creating the index"))?
        };
        analyzer::register(&index);
        let writer =
            index.writer_with_num_threads(THREADS, HEAP).map_err(Error::index("opening the index"))?;
        let mut merges = LogMergePolicy::default();
        merges.set_min_num_segments(MERGED);
        writer.set_merge_policy(Box::new(merges));
        Ok(Self { fields, writer, changed: false, folder })
    }

    /// Adds the words of a row, in place of others if it had some.
    pub(crate) fn put(&mut self, row: u32, replace: bool, document: &Document) -> Result<(), Error> {
        if replace {
            let deleted = self.writer.delete_query(Box::new(self.fields.row_query(row)));
            deleted.map_err(Error::index("deleting a document"))?;
        }
        self.changed = true;
        let added = self.writer.add_document(self.fields.encode(row, document));
        added.map(drop).map_err(Error::index("adding a document"))
    }

    /// Commits, and links the files of the commit into the cache: those of `published` under the names they have there,
    /// the others under new ones. What is committed stays to be published until [`published`](Self::published).
    pub(crate) fn commit(
        &mut self,
        cache: &Cache,
        published: Option<&WordsManifest>,
        unique: &str,
    ) -> Result<WordsManifest, Error> {
        if self.changed {
            self.writer.commit().map_err(Error::index("committing"))?;
        } else if let Some(published) = published {
            return Ok(published.clone());
        }
        let files = published.map(|published| &published.files[..]).unwrap_or_default();
        let known: HashMap<&str, &PublishedFile> =
            files.iter().map(|file| (file.name.as_str(), file)).collect();
        let mut attempt = 1;
        loop {
            match self.snapshot(cache, &known, unique) {
                // A merge in the background has just replaced segments by an equal one: look again.
                Err(Error::File { source, .. })
                    if source.kind() == ErrorKind::NotFound && attempt < ATTEMPTS =>
                {
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    /// What was committed is published now.
    pub(crate) fn published(&mut self) {
        self.changed = false;
    }

    fn snapshot(
        &self,
        cache: &Cache,
        known: &HashMap<&str, &PublishedFile>,
        unique: &str,
    ) -> Result<WordsManifest, Error> {
        let meta = self.writer.index().load_metas().map_err(Error::index("reading the commit"))?;
        let mut published = Vec::new();
        for name in file_names(&meta) {
            if let Some(known) = known.get(name.as_str()) {
                published.push((*known).clone());
                continue;
            }
            let object = format!("{unique}-{name}");
            published.push(cache.adopt(&self.folder.path().join(&name), name, object)?);
        }
        let json = serde_json::to_value(&meta).map_err(tantivy::TantivyError::from);
        Ok(WordsManifest { files: published, meta: json.map_err(Error::index("reading the commit"))? })
    }
}

fn file_names(meta: &IndexMeta) -> Vec<String> {
    let mut names = Vec::new();
    for segment in &meta.segments {
        let deletions = segment.has_deletes().then_some(SegmentComponent::Delete);
        for component in COMPONENTS.into_iter().chain(deletions) {
            names.push(segment.relative_path(component).to_string_lossy().into_owned());
        }
    }
    names
}
