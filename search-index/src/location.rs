//! Where snapshots are kept: a folder, or a bucket.

use std::path::Path;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;

use crate::error::Error;

/// Opens the store at a location: `file:///folder` (made if absent) or `s3://bucket` with an optional `/prefix`.
/// Region and credentials of a bucket come from the environment, as AWS gives them to a function.
///
/// # Errors
/// [`Error::Location`] if it is neither, [`Error::File`] or [`Error::Store`] if it cannot be opened.
pub fn open_store(location: &str) -> Result<Arc<dyn ObjectStore>, Error> {
    if let Some(folder) = location.strip_prefix("file://") {
        let file = |source| Error::File { path: folder.into(), source };
        std::fs::create_dir_all(Path::new(folder)).map_err(file)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|source| opening(location, source))?;
        return Ok(Arc::new(store));
    }
    let Some(address) = location.strip_prefix("s3://") else {
        return Err(Error::Location { location: location.to_owned() });
    };
    let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
    let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build();
    let store = store.map_err(|source| opening(location, source))?;
    if prefix.is_empty() { Ok(Arc::new(store)) } else { Ok(Arc::new(PrefixStore::new(store, prefix))) }
}

fn opening(location: &str, source: object_store::Error) -> Error {
    Error::Store { action: "opening", object: location.to_owned(), source }
}
