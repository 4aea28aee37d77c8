//! What a published generation consists of.

use serde::{Deserialize, Serialize};

use crate::Error;

/// Raised whenever the schema or the analyzer changes: snapshots of another format are not read but rebuilt.
pub(crate) const FORMAT: u32 = 2;

/// The object `manifests/<generation>.json`. Once it exists, all that it names exists and never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    pub(crate) generation: u64,
    /// The writer that published it, so that a writer recognizes its own after a lost reply.
    pub(crate) session: String,
    pub(crate) files: Vec<PublishedFile>,
    /// Tantivy's `meta.json` of the commit.
    pub(crate) meta: serde_json::Value,
}

/// A file of the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PublishedFile {
    /// Its name in the index folder.
    pub(crate) name: String,
    /// Its name below `files/`: the session that uploaded it and the name, since two writers that start from the
    /// same snapshot give their lists of deleted documents the same names.
    pub(crate) object: String,
    /// In bytes.
    pub(crate) size: u64,
}

impl Manifest {
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
        #[derive(Deserialize)]
        struct Files {
            files: Vec<Object>,
        }
        #[derive(Deserialize)]
        struct Object {
            object: String,
        }
        let read: Files =
            serde_json::from_slice(json).map_err(|source| Error::Manifest { generation, source })?;
        Ok(read.files.into_iter().map(|file| file.object).collect())
    }
}
