//! What a published generation consists of.

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::quarter::Quarter;

/// Raised whenever the schema or the analyzer changes: snapshots of another format are not read but rebuilt.
pub(crate) const FORMAT: u32 = 3;

/// The object `manifests/<generation>.json`. Once it exists, all that it names exists and never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    pub(crate) generation: u64,
    /// The writer that published it, so that a writer recognizes its own after a lost reply.
    pub(crate) session: String,
    /// The lists of ids, one part after another.
    pub(crate) names: Vec<PublishedFile>,
    /// The oldest first.
    pub(crate) shards: Vec<ShardManifest>,
}

/// What a quarter of a year consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShardManifest {
    pub(crate) quarter: Quarter,
    /// The facts; none while there are so few that the deltas hold them all.
    pub(crate) block: Option<PublishedFile>,
    /// What is new or has changed since, in this order.
    pub(crate) deltas: Vec<PublishedFile>,
    /// The words; none if no text was ever added.
    pub(crate) words: Option<WordsManifest>,
}

/// A tantivy index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WordsManifest {
    pub(crate) files: Vec<PublishedFile>,
    /// Tantivy's `meta.json` of the commit.
    pub(crate) meta: serde_json::Value,
}

/// A file of the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PublishedFile {
    /// Its name in the folder of its tantivy index; what kind of file it is, if it is in none.
    pub(crate) name: String,
    /// Its name below `files/`: the session that uploaded it and the name, since two writers that start from the
    /// same snapshot give their lists of deleted documents the same names.
    pub(crate) object: String,
    /// In bytes.
    pub(crate) size: u64,
}

impl ShardManifest {
    pub(crate) fn new(quarter: Quarter) -> Self {
        Self { quarter, block: None, deltas: Vec::new(), words: None }
    }

    /// All its files.
    pub(crate) fn files(&self) -> impl Iterator<Item = &PublishedFile> {
        let words = self.words.iter().flat_map(|words| &words.files);
        self.block.iter().chain(&self.deltas).chain(words)
    }
}

impl Manifest {
    /// All files of all shards, and the lists of ids.
    pub(crate) fn files(&self) -> impl Iterator<Item = &PublishedFile> {
        self.names.iter().chain(self.shards.iter().flat_map(ShardManifest::files))
    }

    /// Reads a manifest; its format is looked at first, since the rest may differ with it.
    pub(crate) fn read(generation: u64, json: &[u8]) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let unreadable = |source| Error::Manifest { generation, source };
        let head: Head = serde_json::from_slice(json).map_err(unreadable)?;
        if head.format != FORMAT {
            return Err(Error::Format { generation, found: head.format, expected: FORMAT });
        }
        serde_json::from_slice(json).map_err(unreadable)
    }

    /// The objects a manifest of any format needs: for cleaning, which must not stop at an old one.
    pub(crate) fn objects(generation: u64, json: &[u8]) -> Result<Vec<String>, Error> {
        let read: serde_json::Value =
            serde_json::from_slice(json).map_err(|source| Error::Manifest { generation, source })?;
        let mut objects = Vec::new();
        collect(&read, &mut objects);
        Ok(objects)
    }
}

/// In every format a file says which object it is.
fn collect(value: &serde_json::Value, objects: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, objects)),
        serde_json::Value::Object(fields) => {
            if let Some(object) = fields.get("object").and_then(serde_json::Value::as_str) {
                objects.push(object.to_owned());
            }
            fields.values().for_each(|field| collect(field, objects));
        }
        _ => {}
    }
}
