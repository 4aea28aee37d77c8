//! Errors, by what the caller can do about them.

use std::path::PathBuf;

use crate::IndexPart;

/// Why the index could not be read or written. The underlying error is the source and is not repeated in the text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Tantivy failed. A writer that met this is to be dropped and opened again.
    #[error("{action} failed in the index")]
    Index {
        /// What was being done.
        action: &'static str,
        /// What tantivy says.
        #[source]
        source: tantivy::TantivyError,
    },
    /// The object store failed. The same call may be tried again.
    #[error("{action} `{object}` failed in the object store")]
    Store {
        /// What was being done.
        action: &'static str,
        /// The object's name.
        object: String,
        /// What the store says.
        #[source]
        source: object_store::Error,
    },
    /// A local file could not be read or written.
    #[error("cannot use the local file {}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// A manifest is not what this program writes.
    #[error("the manifest of generation {generation} cannot be read")]
    Manifest {
        /// Its generation.
        generation: u64,
        /// Where the JSON is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// Facts and words of the published index are both of other formats than this program's: rebuild it. If one of them is, a writer
    /// makes it anew and readers answer with the other.
    #[error(
        "generation {generation} has index format {found}, this program needs {expected}: rebuild the index"
    )]
    Format {
        /// The published generation.
        generation: u64,
        /// The format of its manifest.
        found: u32,
        /// The format of this program's manifests.
        expected: u32,
    },
    /// The question needs a part of the index that is being made anew, since its format has changed. The other part answers.
    #[error("the {part} of the index are being made anew")]
    Remaking {
        /// The part that is missing.
        part: IndexPart,
    },
    /// The object store replaces an object that it was asked to create only if absent. With such a store two
    /// writers would overwrite each other, so it is refused.
    #[error("the object store does not honour create-if-absent: two writers would overwrite each other")]
    NoCreateIfAbsent,
    /// A published object is not what was written.
    #[error("the published object `{object}` is damaged")]
    Damaged {
        /// The object's name.
        object: String,
    },
    /// What was staged lies unpublished for so long that it may have been cleaned away.
    #[error("the new index was uploaded half a day ago and not published since: begin again")]
    StagedTooLong,
    /// Facts have room for 65,535 categories and as many territories.
    #[error("the index has no room for more categories or territories")]
    TooManyNames,
    /// A quarter has room for 4,294,967,295 submissions.
    #[error("the index has no room for more submissions in this quarter")]
    TooManyRows,
    /// Documents came before the words of their shard were opened: a mistake of this crate. Nothing of them is lost, since
    /// the batch fails.
    #[error("the words of a shard were not opened before documents were added")]
    WordsNotOpened,
    /// A question needs more of the snapshot than is open: a mistake of its caller.
    #[error("the snapshot was opened for less than is asked of it")]
    NotOpened,
    /// A background task panicked or was cancelled by the end of the runtime.
    #[error("a background task of the index did not finish")]
    Interrupted(#[from] tokio::task::JoinError),
}

/// Why a generation was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// Another writer published this generation first, or this one slept too long, or builds on damaged files. Nothing of this writer's work is visible, and this
    /// writer is of no more use: drop it, open a new one, read the submissions again (the other writer may
    /// have seen older ones), apply and publish.
    #[error("generation {generation} is for another writer: one has published it, or this one may not go on")]
    Lost {
        /// The generation that both wanted.
        generation: u64,
    },
    /// The files or the manifest could not be written. `publish` may be called again.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl Error {
    pub(crate) fn index(action: &'static str) -> impl FnOnce(tantivy::TantivyError) -> Self {
        move |source| Self::Index { action, source }
    }

    pub(crate) fn store(
        action: &'static str,
        object: &object_store::path::Path,
    ) -> impl FnOnce(object_store::Error) -> Self {
        let object = object.to_string();
        move |source| Self::Store { action, object, source }
    }

    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }

    /// True if an object is missing, as happens to a reader whose snapshot is removed under it.
    pub(crate) fn is_missing_object(&self) -> bool {
        matches!(self, Self::Store { source: object_store::Error::NotFound { .. }, .. })
    }

    /// True if an object is not what was written.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Manifest { .. })
    }

    /// The file that is damaged; a missing one as well if `missing` says that nothing else explains it.
    pub(crate) fn damaged_object(&self, missing: bool) -> Option<String> {
        match self {
            Self::Damaged { object } => Some(object.clone()),
            Self::Store { object, .. } if missing && self.is_missing_object() => {
                object.rsplit('/').next().map(str::to_owned)
            }
            _ => None,
        }
    }
}
