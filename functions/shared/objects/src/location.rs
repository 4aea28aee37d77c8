//! Opening a place by what the environment calls it.

use std::path::PathBuf;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;

use crate::durable::Durable;

/// Why objects cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// Neither a folder nor a bucket.
    #[error("`{0}` is no place for objects: use file:///folder or s3://bucket")]
    Location(String),
    /// The folder cannot be made.
    #[error("the folder {path} cannot be made")]
    Folder {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The store fails.
    #[error("{action} `{object}` failed")]
    Store {
        /// What was tried.
        action: &'static str,
        /// With what.
        object: String,
        /// Why.
        source: object_store::Error,
    },
}

impl ObjectError {
    /// Whether there is no such object. A bucket that may not be listed says no more than that it may not be read.
    pub fn is_missing(&self) -> bool {
        use object_store::Error::{NotFound, PermissionDenied};
        matches!(self, Self::Store { source: NotFound { .. } | PermissionDenied { .. }, .. })
    }

    pub(crate) fn store(action: &'static str, object: &str) -> impl FnOnce(object_store::Error) -> Self {
        let object = object.to_owned();
        move |source| Self::Store { action, object, source }
    }
}

/// An opened place.
pub(crate) enum OpenedLocation {
    Folder(LocalFileSystem),
    Bucket { bucket: AmazonS3, prefix: String },
}

impl OpenedLocation {
    pub(crate) fn open(location: &str) -> Result<Self, ObjectError> {
        if let Some(folder) = location.strip_prefix("file://") {
            let path = PathBuf::from(folder);
            std::fs::create_dir_all(&path).map_err(|source| ObjectError::Folder { path, source })?;
            let folder = LocalFileSystem::new_with_prefix(folder);
            return Ok(Self::Folder(folder.map_err(ObjectError::store("opening", location))?));
        }
        let address =
            location.strip_prefix("s3://").ok_or_else(|| ObjectError::Location(location.to_owned()))?;
        let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
        let bucket = AmazonS3Builder::from_env().with_bucket_name(bucket).build();
        Ok(Self::Bucket {
            bucket: bucket.map_err(ObjectError::store("opening", location))?,
            prefix: prefix.to_owned(),
        })
    }
}

/// Opens a place: `file:///folder` (made if absent) or `s3://bucket` with an optional `/prefix`. Region and credentials of a
/// bucket come from the environment, as AWS gives them to a function.
///
/// # Errors
/// [`ObjectError`] if it is neither, or cannot be opened.
pub fn open(location: &str) -> Result<Arc<dyn ObjectStore>, ObjectError> {
    Ok(match OpenedLocation::open(location)? {
        // The deliveries of what is indexed are deleted once it is published, on this disk too.
        OpenedLocation::Folder(folder) => Arc::new(Durable::new(folder)),
        OpenedLocation::Bucket { bucket, prefix } if prefix.is_empty() => Arc::new(bucket),
        OpenedLocation::Bucket { bucket, prefix } => Arc::new(PrefixStore::new(bucket, prefix)),
    })
}
