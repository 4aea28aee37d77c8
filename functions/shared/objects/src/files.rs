//! Files that people download.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::aws::AmazonS3;
use object_store::path::Path;
use object_store::signer::{Method, SignedUrlOptions, Signer};
use object_store::{ObjectStore, ObjectStoreExt};

use crate::location::{ObjectError, OpenedLocation};

/// How long the address of a download can be used.
pub const SIGNED_FOR: Duration = Duration::from_mins(15);

/// A place of published files. Each is written under a name that says what is in it, so writing it again changes nothing.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// The same place, if it can let others read: whatever is too large for an answer of a function goes this way.
    bucket: Option<Arc<AmazonS3>>,
    prefix: Path,
}

/// How a file gets to the reader.
pub enum Download {
    /// From here: the place is a folder.
    Here(BoxStream<'static, Result<Bytes, object_store::Error>>),
    /// From this address, for [`SIGNED_FOR`].
    There(String),
}

impl Files {
    /// Opens a place, as [`open`](crate::open) does.
    ///
    /// # Errors
    /// [`ObjectError`] if it is none, or cannot be opened.
    pub fn open(location: &str) -> Result<Self, ObjectError> {
        Ok(match OpenedLocation::open(location)? {
            OpenedLocation::Folder(folder) => {
                // The table that names a file is on this disk too, and must not outlive it.
                let store = Arc::new(folder.with_fsync(true));
                Self { store, bucket: None, prefix: Path::default() }
            }
            OpenedLocation::Bucket { bucket, prefix } => {
                let bucket = Arc::new(bucket);
                let store = Arc::clone(&bucket) as Arc<dyn ObjectStore>;
                Self { store, bucket: Some(bucket), prefix: Path::from(prefix) }
            }
        })
    }

    fn path(&self, name: &str) -> Path {
        self.prefix.parts().chain(Path::from(name).parts()).collect()
    }

    /// Publishes a file.
    ///
    /// # Errors
    /// [`ObjectError::Store`]. It may have been written then.
    pub async fn publish(&self, name: &str, bytes: Vec<u8>) -> Result<(), ObjectError> {
        let put = self.store.put(&self.path(name), bytes.into()).await;
        put.map(drop).map_err(ObjectError::store("writing", name))
    }

    /// Gives a file to be saved under another name.
    ///
    /// # Errors
    /// [`ObjectError::Store`], also if there is no such file.
    pub async fn download(
        &self,
        name: &str,
        saved_as: &str,
        media_type: &str,
    ) -> Result<Download, ObjectError> {
        let path = self.path(name);
        let Some(bucket) = &self.bucket else {
            let found = self.store.get(&path).await.map_err(ObjectError::store("reading", name))?;
            return Ok(Download::Here(found.into_stream().boxed()));
        };
        // A signed address of a missing file would show its reader the bucket's error, so the file is looked for first.
        self.store.head(&path).await.map_err(ObjectError::store("reading", name))?;
        let headers = SignedUrlOptions::default().with_query([
            ("response-content-disposition".to_owned(), format!("attachment; filename=\"{saved_as}\"")),
            ("response-content-type".to_owned(), media_type.to_owned()),
        ]);
        let signed = bucket.signed_url_opts(Method::GET, &path, SIGNED_FOR, &headers).await;
        Ok(Download::There(signed.map_err(ObjectError::store("signing", name))?.into()))
    }
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt;

    use super::*;

    #[tokio::test]
    async fn a_folder_gives_what_was_published_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(&format!("file://{}/new", folder.path().display())).unwrap();
        files.publish("a/b.json", b"{}".to_vec()).await.unwrap();
        files.publish("a/b.json", b"{}".to_vec()).await.unwrap();
        let Ok(Download::Here(stream)) = files.download("a/b.json", "b.json", "application/json").await
        else {
            panic!("a folder gives its files itself");
        };
        assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap().concat(), b"{}");
        assert!(files.download("a/c.json", "c.json", "application/json").await.is_err());
    }

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        assert!(matches!(Files::open("https://files.example"), Err(ObjectError::Location(_))));
    }
}
