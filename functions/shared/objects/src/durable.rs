//! A folder that is as safe as a bucket: what has been published there outlives a power failure.
//!
//! Waiting for the disk file by file costs more than all the rest of a publication. So a file that is put waits for the file that
//! makes it known, which is created. When the creation returns, the created file and all files put before it are on the disk.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use futures::future::try_join_all;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, RenameOptions, Result,
};

/// The folder.
#[derive(Debug)]
pub(crate) struct Durable {
    /// Does not wait for the disk.
    quick: LocalFileSystem,
    /// Waits for it.
    synced: LocalFileSystem,
    /// What was put and may not be on the disk yet.
    pending: Mutex<BTreeSet<PathBuf>>,
}

impl Durable {
    pub(crate) fn new(folder: LocalFileSystem) -> Self {
        let synced = folder.clone().with_fsync(true);
        Self { quick: folder, synced, pending: Mutex::default() }
    }

    /// Waits until all that was put is on the disk. After a failure the caller must put everything again.
    async fn sync(&self) -> Result<()> {
        let pending = std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        // Names after what they name: in the folder and, if that is new, of the folder.
        let above = |file: &PathBuf| file.ancestors().skip(1).take(2).map(PathBuf::from).collect::<Vec<_>>();
        let folders = pending.iter().flat_map(above).collect();
        sync_all(pending).await?;
        if cfg!(unix) { sync_all(folders).await } else { Ok(()) }
    }
}

/// All at the same time: the disk takes little longer than for one.
async fn sync_all(paths: BTreeSet<PathBuf>) -> Result<()> {
    let failed = |source| Error::Generic { store: "folder", source };
    let syncs = paths.into_iter().map(async |path| {
        tokio::task::spawn_blocking(move || sync(path)).await?.map_err(|error| failed(Box::new(error)))
    });
    try_join_all(syncs).await.map(drop)
}

fn sync(path: PathBuf) -> io::Result<()> {
    match File::open(path) {
        // Deleted since.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        file => file?.sync_all(),
    }
}

impl fmt::Display for Durable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.quick.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for Durable {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        if opts.mode == PutMode::Create {
            self.sync().await?;
            return self.synced.put_opts(location, payload, opts).await;
        }
        let put = self.quick.put_opts(location, payload, opts).await?;
        let path = self.quick.path_to_filesystem(location)?;
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).insert(path);
        Ok(put)
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        // Large ones are few.
        self.synced.put_multipart_opts(location, opts).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.quick.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.quick.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.quick.list(prefix)
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        self.quick.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.quick.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.synced.copy_opts(from, to, options).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        self.synced.rename_opts(from, to, options).await
    }
}

#[cfg(test)]
mod tests {
    use object_store::ObjectStoreExt;

    use super::*;

    #[tokio::test]
    async fn what_is_created_is_on_the_disk_with_all_that_was_put_before() {
        let folder = tempfile::tempdir().unwrap();
        let store = Durable::new(LocalFileSystem::new_with_prefix(folder.path()).unwrap());
        let pending = || store.pending.lock().unwrap().len();
        for name in ["files/a", "files/b", "files/gone", "newest"] {
            store.put(&Path::from(name), "x".into()).await.unwrap();
        }
        store.delete(&Path::from("files/gone")).await.unwrap();
        assert_eq!(pending(), 4);
        let options = || PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        let manifest = Path::from("manifests/1");
        store.put_opts(&manifest, "x".into(), options()).await.unwrap();
        assert_eq!(pending(), 0);
        let again = store.put_opts(&manifest, "y".into(), options()).await;
        assert!(matches!(again, Err(Error::AlreadyExists { .. })));
        // What cannot be made safe is not made known.
        store.put(&Path::from("files/c"), "x".into()).await.unwrap();
        let path = folder.path().join("files/c");
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(&path, &path).unwrap();
        let failed = store.put_opts(&Path::from("manifests/2"), "x".into(), options()).await;
        assert!(matches!(failed, Err(Error::Generic { .. })));
        assert!(!folder.path().join("manifests/2").exists());
    }
}
