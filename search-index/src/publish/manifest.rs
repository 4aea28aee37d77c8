//! What a published generation consists of.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::Error;
use crate::facts::quarter::Quarter;
use crate::needs::Needs;

/// Raised whenever the schema or the analyzer changes: snapshots of another format are not read but rebuilt.
pub(crate) const FORMAT: u32 = 4;

/// Generations whose files stay, so that a reader has time to fetch one while writers go on.
pub(crate) const KEPT: u64 = 3;

/// What the object `manifests/<generation>.json` says. Once it exists, all that it names exists and never changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    pub(crate) generation: u64,
    /// The writer that published it, so that a writer recognizes its own after a lost reply.
    pub(crate) session: String,
    /// The lists of ids, one part after another.
    pub(crate) names: Vec<PublishedFile>,
    /// The oldest first.
    pub(crate) shards: Vec<ShardManifest>,
    /// What damage has taken from it and has not been added again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) loss: Option<Loss>,
    /// Does it stand in for a later one that is damaged? Then its generation is that of the damaged one.
    #[serde(skip)]
    pub(crate) stands_in: bool,
}

/// Submissions that are missing since files of the index were damaged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Loss {
    /// The quarters in which they were received.
    pub(crate) quarters: BTreeSet<Quarter>,
    /// Does nobody know the quarters? Then it is each of which there is something again.
    #[serde(default)]
    pub(crate) everywhere: bool,
    /// How far the submissions have been added again; the writer's caller knows what it means.
    pub(crate) refilled: Option<String>,
}

impl Loss {
    /// Submissions may be missing in any quarter, and in the present one even if there is nothing of it.
    pub(crate) fn of_anything(shards: &[ShardManifest]) -> Self {
        let now = Quarter::of(Timestamp::now());
        let quarters = shards.iter().map(|shard| shard.quarter).chain([now]);
        Self { quarters: quarters.collect(), everywhere: true, refilled: None }
    }
}

/// What a quarter of a year consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShardManifest {
    pub(crate) quarter: Quarter,
    /// The facts; none while there are so few that the deltas hold them all.
    pub(crate) block: Option<BlockFiles>,
    /// What is new or has changed since, in this order.
    pub(crate) deltas: Vec<PublishedFile>,
    /// The words; none if no text was ever added.
    pub(crate) words: Option<WordsManifest>,
}

/// The columns of a block, by who needs them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BlockFiles {
    /// What everything is counted by.
    pub(crate) facts: PublishedFile,
    /// What is listed and reported.
    pub(crate) details: PublishedFile,
    /// What only a writer asks for.
    pub(crate) keys: PublishedFile,
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
    /// CRC-32 of its bytes.
    pub(crate) crc: u32,
}

/// A manifest as an object: damage to any byte of it is noticed.
#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    crc: u32,
    #[serde(borrow)]
    manifest: &'a RawValue,
}

impl BlockFiles {
    pub(crate) fn files(&self) -> impl Iterator<Item = &PublishedFile> {
        [&self.facts, &self.details, &self.keys].into_iter()
    }
}

impl ShardManifest {
    pub(crate) fn new(quarter: Quarter) -> Self {
        Self { quarter, block: None, deltas: Vec::new(), words: None }
    }

    /// All its files.
    pub(crate) fn files(&self) -> impl Iterator<Item = &PublishedFile> {
        self.rows().chain(self.words.iter().flat_map(|words| &words.files))
    }

    /// The files that are needed to answer this.
    pub(crate) fn files_for(&self, needs: Needs) -> Vec<PublishedFile> {
        let mut files = self.deltas.clone();
        if let Some(block) = &self.block {
            files.push(block.facts.clone());
            files.extend((needs >= Needs::Rows).then(|| block.details.clone()));
        }
        if let Some(words) = self.words.as_ref().filter(|_| needs >= Needs::Words) {
            files.extend_from_slice(&words.files);
        }
        files
    }

    /// The files of its rows.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &PublishedFile> {
        self.block.iter().flat_map(BlockFiles::files).chain(&self.deltas)
    }
}

impl Manifest {
    /// All files of all shards, and the lists of ids.
    pub(crate) fn files(&self) -> impl Iterator<Item = &PublishedFile> {
        self.names.iter().chain(self.shards.iter().flat_map(ShardManifest::files))
    }

    /// The object's content.
    pub(crate) fn write(&self) -> Result<Vec<u8>, Error> {
        let unwritable = |source| Error::Manifest { generation: self.generation, source };
        let manifest = serde_json::value::to_raw_value(self).map_err(unwritable)?;
        let crc = crc32fast::hash(manifest.get().as_bytes());
        serde_json::to_vec(&Sealed { crc, manifest: &manifest }).map_err(unwritable)
    }

    /// Reads a manifest; its format is looked at before the rest, which may differ with it.
    pub(crate) fn read(generation: u64, json: &[u8]) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let unreadable = |source| Error::Manifest { generation, source };
        let of_this_format = |head: Head| match head.format {
            FORMAT => Ok(()),
            found => Err(Error::Format { generation, found, expected: FORMAT }),
        };
        let sealed: Sealed<'_> = match serde_json::from_slice(json) {
            Ok(sealed) => sealed,
            Err(error) => {
                // Formats before the fourth had no checksum.
                serde_json::from_slice(json).map_or(Ok(()), of_this_format)?;
                return Err(unreadable(error));
            }
        };
        let manifest = sealed.manifest.get();
        if crc32fast::hash(manifest.as_bytes()) != sealed.crc {
            return Err(Error::Damaged { object: format!("manifests/{generation}") });
        }
        of_this_format(serde_json::from_str(manifest).map_err(unreadable)?)?;
        serde_json::from_str(manifest).map_err(unreadable)
    }

    /// A generation without submissions.
    pub(crate) fn nothing(generation: u64) -> Self {
        Self { format: FORMAT, generation, ..Self::default() }
    }

    /// In place of a later one that is damaged or lost: nobody knows what that had changed.
    pub(crate) fn standing_in(mut self, generation: u64) -> Self {
        self.loss = Some(Loss::of_anything(&self.shards));
        self.generation = generation;
        self.stands_in = true;
        self
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
