//! The manifest of a generation: its files, their checksums, the formats of its parts, and what is missing from it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::Error;
use crate::facts::quarter::Quarter;
use crate::open_level::{IndexPart, OpenLevel, Opening};

/// Raised when manifests are written otherwise than before. Those of the format before this one are read: their facts and words
/// have its number.
pub(crate) const FORMAT: u32 = 5;
const FORMAT_WITHOUT_PARTS: u32 = 4;

/// Raised when facts are written otherwise than before: blocks, deltas, lists of ids, codes. A writer then makes the facts anew and
/// keeps the words.
pub(crate) const FACTS_FORMAT: u32 = 5;

/// Raised when a text gives other words than before, or they are kept otherwise: the schema, the stems of [`language`], tantivy's
/// files. A writer then makes the words anew and keeps the facts.
pub(crate) const WORDS_FORMAT: u32 = 4;

/// Generations whose files stay, so that a reader has time to fetch one while writers go on.
pub(crate) const KEPT: u64 = 3;

/// What the object `manifests/<generation>.json` says. Once it exists, all that it names exists and never changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    #[serde(default)]
    pub(crate) facts_format: u32,
    #[serde(default)]
    pub(crate) words_format: u32,
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
    /// True if it stands in for a later one that is damaged. Then its generation is that of the damaged one.
    #[serde(skip)]
    pub(crate) stands_in: bool,
}

/// Submissions that are missing since files of the index were damaged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Loss {
    /// The quarters in which they were received.
    pub(crate) quarters: BTreeSet<Quarter>,
    /// True if the quarters are not known: then something may be missing in every quarter that has submissions.
    #[serde(default)]
    pub(crate) everywhere: bool,
    /// How far the submissions have been added again; the writer's caller knows what it means.
    pub(crate) refilled: Option<String>,
    /// The part that is being made anew, since its format has changed. Readers do without it until it is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) remade: Option<IndexPart>,
}

impl Loss {
    /// Submissions may be missing in any quarter, and in the present one even if there is nothing of it.
    pub(crate) fn of_anything(shards: &[ShardManifest]) -> Self {
        let now = Quarter::of(Timestamp::now());
        let quarters = shards.iter().map(|shard| shard.quarter).chain([now]);
        Self { quarters: quarters.collect(), everywhere: true, ..Self::default() }
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
    /// Where submissions are; none in format 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) points: Option<PublishedFile>,
    /// What they are about; none in format 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) matters: Option<PublishedFile>,
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
        [&self.facts, &self.details, &self.keys].into_iter().chain(&self.points).chain(&self.matters)
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
    pub(crate) fn files_for(&self, opening: Opening) -> Vec<PublishedFile> {
        let mut files = self.deltas.clone();
        if let Some(block) = &self.block {
            files.extend(opening.has_facts().then(|| block.facts.clone()));
            // The ids are in the details.
            let details = opening.level >= OpenLevel::Rows || !opening.has_facts();
            files.extend(details.then(|| block.details.clone()));
        }
        if let Some(words) = self.words.as_ref().filter(|_| opening.has_words()) {
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
        let other = |found| Error::Format { generation, found, expected: FORMAT };
        let of_known_format = |head: Head| match head.format {
            FORMAT | FORMAT_WITHOUT_PARTS => Ok(()),
            found => Err(other(found)),
        };
        let sealed: Sealed<'_> = match serde_json::from_slice(json) {
            Ok(sealed) => sealed,
            Err(error) => {
                // Formats before the fourth had no checksum.
                serde_json::from_slice(json).map_or(Ok(()), of_known_format)?;
                return Err(unreadable(error));
            }
        };
        let manifest = sealed.manifest.get();
        if crc32fast::hash(manifest.as_bytes()) != sealed.crc {
            return Err(Error::Damaged { object: format!("manifests/{generation}") });
        }
        of_known_format(serde_json::from_str(manifest).map_err(unreadable)?)?;
        let mut manifest: Self = serde_json::from_str(manifest).map_err(unreadable)?;
        if manifest.format == FORMAT_WITHOUT_PARTS {
            (manifest.facts_format, manifest.words_format) = (FORMAT_WITHOUT_PARTS, FORMAT_WITHOUT_PARTS);
        }
        match manifest.lacking()[..] {
            [] | [_] => Ok(manifest),
            _ => Err(other(manifest.format)),
        }
    }

    /// The part whose format is not this program's.
    pub(crate) fn outdated(&self) -> Option<IndexPart> {
        if self.facts_format != FACTS_FORMAT {
            return Some(IndexPart::Facts);
        }
        (self.words_format != WORDS_FORMAT).then_some(IndexPart::Words)
    }

    /// The part that readers do without: it is of another format, or being made anew.
    pub(crate) fn lacks(&self) -> Option<IndexPart> {
        self.lacking().into_iter().next()
    }

    fn lacking(&self) -> Vec<IndexPart> {
        let remade = self.loss.as_ref().and_then(|loss| loss.remade);
        let lacks = |part, format, known| format != known || remade == Some(part);
        let mut lacking = Vec::new();
        if lacks(IndexPart::Facts, self.facts_format, FACTS_FORMAT) {
            lacking.push(IndexPart::Facts);
        }
        if lacks(IndexPart::Words, self.words_format, WORDS_FORMAT) {
            lacking.push(IndexPart::Words);
        }
        lacking
    }

    /// The lists of ids, which belong to the facts: none if the facts cannot be read.
    pub(crate) fn readable_names(&self) -> &[PublishedFile] {
        if self.lacks() == Some(IndexPart::Facts) { &[] } else { &self.names }
    }

    /// A generation without submissions.
    pub(crate) fn nothing(generation: u64) -> Self {
        let (facts_format, words_format) = (FACTS_FORMAT, WORDS_FORMAT);
        Self { format: FORMAT, facts_format, words_format, generation, ..Self::default() }
    }

    /// In place of a later one that is damaged or lost. What that one had changed is not known, so everything counts as missing.
    pub(crate) fn standing_in(mut self, generation: u64) -> Self {
        let remade = self.loss.as_ref().and_then(|loss| loss.remade);
        self.loss = Some(Loss { remade, ..Loss::of_anything(&self.shards) });
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
