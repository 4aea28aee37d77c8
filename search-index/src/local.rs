//! The writer's own tantivy index: everything here blocks.

use std::collections::HashMap;
use std::io::ErrorKind;

use domain::SubmissionId;
use tantivy::index::{IndexMeta, SegmentComponent};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Index, IndexReader, ReloadPolicy, TERMINATED};

use crate::files::{self, Cache, Folder};
use crate::manifest::PublishedFile;
use crate::schema::{Fields, column};
use crate::{Document, Error, analyzer, schema};

/// Memory for documents that are not yet written to disk, in bytes.
const HEAP: usize = 64 << 20;

/// A commit adds few documents: one thread makes one segment of them.
const THREADS: usize = 1;

/// The files every segment has.
const COMPONENTS: [SegmentComponent; 6] = [
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::Terms,
    SegmentComponent::Store,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
];

/// The files of one commit, all of them in the cache.
pub(crate) struct Commit {
    pub(crate) files: Vec<PublishedFile>,
    pub(crate) meta: serde_json::Value,
}

pub(crate) struct LocalIndex {
    fields: Fields,
    writer: tantivy::IndexWriter,
    /// Sees the last commit.
    reader: IndexReader,
    /// Versions added since the last commit, which the reader does not see.
    pending: HashMap<SubmissionId, u64>,
    // Last: the index closes before its folder is removed.
    folder: Folder,
}

impl LocalIndex {
    /// Opens the index in a restored folder, or makes an empty one.
    pub(crate) fn open(folder: Folder, restored: bool) -> Result<Self, Error> {
        let (schema, fields) = schema::build();
        let index = if restored {
            Index::open_in_dir(folder.path()).map_err(Error::index("opening the index"))?
        } else {
            Index::create_in_dir(folder.path(), schema).map_err(Error::index("creating the index"))?
        };
        analyzer::register(&index);
        let writer =
            index.writer_with_num_threads(THREADS, HEAP).map_err(Error::index("opening the index"))?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let reader = reader.map_err(Error::index("opening the index"))?;
        Ok(Self { fields, writer, reader, pending: HashMap::new(), folder })
    }

    /// Adds or replaces documents; returns how many were not older than what the index had.
    pub(crate) fn apply(&mut self, documents: Vec<Document>) -> Result<usize, Error> {
        let mut written = 0;
        for document in newest(documents) {
            if self.version(document.id)?.is_some_and(|known| known > document.version) {
                continue;
            }
            self.writer.delete_term(self.fields.id_term(document.id));
            let added = self.writer.add_document(self.fields.encode(&document));
            added.map_err(Error::index("adding a document"))?;
            self.pending.insert(document.id, document.version);
            written += 1;
        }
        Ok(written)
    }

    /// The version which the index has of a submission.
    fn version(&self, id: SubmissionId) -> Result<Option<u64>, Error> {
        if let Some(version) = self.pending.get(&id) {
            return Ok(Some(*version));
        }
        self.committed_version(id).map_err(Error::index("looking up a document"))
    }

    fn committed_version(&self, id: SubmissionId) -> tantivy::Result<Option<u64>> {
        let term = self.fields.id_term(id);
        for segment in self.reader.searcher().segment_readers() {
            let inverted = segment.inverted_index(self.fields.id)?;
            let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else {
                continue;
            };
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    return Ok(segment.fast_fields().u64(column::VERSION)?.first(postings.doc()));
                }
                postings.advance();
            }
        }
        Ok(None)
    }

    pub(crate) fn commit(&mut self) -> Result<(), Error> {
        self.writer.commit().map_err(Error::index("committing"))?;
        self.reader.reload().map_err(Error::index("reading the commit"))?;
        self.pending.clear();
        Ok(())
    }

    /// Links the files of the last commit into the cache: those of `base` under the names they have there, the
    /// others under new ones.
    pub(crate) fn snapshot(
        &self,
        cache: &Cache,
        base: &HashMap<String, PublishedFile>,
        session: &str,
    ) -> Result<Commit, Error> {
        let mut attempt = 1;
        loop {
            match self.try_snapshot(cache, base, session) {
                // A merge in the background has just replaced segments by an equal one: look again.
                Err(Error::File { source, .. })
                    if source.kind() == ErrorKind::NotFound && attempt < files::ATTEMPTS =>
                {
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    fn try_snapshot(
        &self,
        cache: &Cache,
        base: &HashMap<String, PublishedFile>,
        session: &str,
    ) -> Result<Commit, Error> {
        let meta = self.writer.index().load_metas().map_err(Error::index("reading the commit"))?;
        let mut published = Vec::new();
        for name in file_names(&meta) {
            if let Some(known) = base.get(&name) {
                published.push(known.clone());
                continue;
            }
            let object = format!("{session}-{name}");
            let path = cache.file(&object);
            files::link(&self.folder.path().join(&name), &path)?;
            let size = path.metadata().map_err(Error::file(&path))?.len();
            published.push(PublishedFile { name, object, size });
        }
        let json = serde_json::to_value(&meta).map_err(tantivy::TantivyError::from);
        Ok(Commit { files: published, meta: json.map_err(Error::index("reading the commit"))? })
    }
}

/// Each submission once, in its highest version, in the order in which they first came.
fn newest(documents: Vec<Document>) -> Vec<Document> {
    let mut newest: Vec<Document> = Vec::with_capacity(documents.len());
    let mut places: HashMap<SubmissionId, usize> = HashMap::with_capacity(documents.len());
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
