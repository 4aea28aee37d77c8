//! The local copies of published files. Each is kept once, under its unique name, and linked into the folder of every tantivy index
//! that needs it. A snapshot that shares files with the one before downloads them once.

use std::collections::HashSet;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::{StreamExt, TryStreamExt, stream};

use crate::Error;
use crate::publish::disk::{blocking, checksum, link, remove, write};
use crate::publish::manifest::{PublishedFile, WordsManifest};
use crate::publish::store::Store;

/// Files that are downloaded or uploaded at the same time.
pub(crate) const TRANSFERS: usize = 4;

/// Attempts to fetch a snapshot while writers clean snapshots away.
pub(crate) const ATTEMPTS: usize = 5;

/// A folder that is removed when it is no longer used.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn create(path: PathBuf) -> Result<Self, Error> {
        fs::create_dir_all(&path).map_err(Error::file(&path))?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It is gone already if the whole work folder was removed.
        if let Err(error) = fs::remove_dir_all(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(path = %self.0.display(), %error, "a folder of the index was not removed");
        }
    }
}

/// A place for published files and index folders: the first one in the work folder that no other process uses. Processes that share
/// one `/tmp` do not remove each other's files.
#[derive(Clone)]
pub(crate) struct Cache {
    path: PathBuf,
    /// Files that are known to be as their manifests say.
    whole: Arc<Mutex<HashSet<String>>>,
    /// The lock on the place; the operating system releases that of a dead process.
    _lock: Arc<File>,
}

impl Cache {
    /// Opens the cache and removes the index folders that a killed process has left.
    pub(crate) async fn open(work_dir: &Path) -> Result<Self, Error> {
        let work_dir = work_dir.to_owned();
        blocking(move || {
            let mut places = (0_u32..).map(|place| work_dir.join(place.to_string()));
            let cache = places.find_map(|path| Self::take(path).transpose());
            let cache = cache.ok_or_else(|| Error::file(&work_dir)(ErrorKind::QuotaExceeded.into()))??;
            let files = cache.path.join("files");
            fs::create_dir_all(&files).map_err(Error::file(&files))?;
            let indexes = cache.path.join("indexes");
            match fs::remove_dir_all(&indexes) {
                Err(source) if source.kind() != ErrorKind::NotFound => Err(Error::file(&indexes)(source)),
                _ => Ok(cache),
            }
        })
        .await
    }

    /// Locks a place; none if another process has it.
    fn take(path: PathBuf) -> Result<Option<Self>, Error> {
        fs::create_dir_all(&path).map_err(Error::file(&path))?;
        let lock = path.join("lock");
        let file = File::create(&lock).map_err(Error::file(&lock))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { path, whole: Arc::default(), _lock: Arc::new(file) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(Error::file(&lock)(source)),
        }
    }

    /// The local name of a published file.
    pub(crate) fn file(&self, object: &str) -> PathBuf {
        self.path.join("files").join(object)
    }

    /// A new empty folder for an index.
    pub(crate) async fn folder(&self, name: &str) -> Result<Folder, Error> {
        let path = self.path.join("indexes").join(name);
        blocking(move || Folder::create(path)).await
    }

    /// Fetches files that are not here yet.
    pub(crate) async fn fetch_all(&self, store: &Store, files: Vec<PublishedFile>) -> Result<(), Error> {
        let mut fetches = Vec::with_capacity(files.len());
        for file in files {
            fetches.push(async move { self.fetch(store, &file).await });
        }
        stream::iter(fetches).buffer_unordered(TRANSFERS).try_collect::<()>().await
    }

    /// Makes a folder with a tantivy index, whose files are here.
    pub(crate) async fn assemble(&self, words: &WordsManifest, name: &str) -> Result<Folder, Error> {
        let folder = self.folder(name).await?;
        let (cache, words) = (self.clone(), words.clone());
        blocking(move || {
            cache.link_all(&words, folder.path())?;
            Ok(folder)
        })
        .await
    }

    /// Puts a new file where published ones are.
    pub(crate) fn write(&self, kind: &str, object: String, bytes: &[u8]) -> Result<PublishedFile, Error> {
        let path = self.file(&object);
        write(&path, bytes)?;
        self.whole().insert(object.clone());
        Ok(PublishedFile {
            name: kind.to_owned(),
            object,
            size: bytes.len() as u64,
            crc: crc32fast::hash(bytes),
        })
    }

    /// Gives a file of a tantivy index a second name where published ones are.
    pub(crate) fn adopt(&self, from: &Path, name: String, object: String) -> Result<PublishedFile, Error> {
        let path = self.file(&object);
        link(from, &path)?;
        let (size, crc) = checksum(&path)?;
        self.whole().insert(object.clone());
        Ok(PublishedFile { name, object, size, crc })
    }

    /// Reads a small file that was fetched.
    pub(crate) fn read(&self, file: &PublishedFile) -> Result<Vec<u8>, Error> {
        let path = self.file(&file.object);
        fs::read(&path).map_err(Error::file(&path))
    }

    /// Where the published files are.
    pub(crate) fn files(&self) -> PathBuf {
        self.path.join("files")
    }

    async fn fetch(&self, store: &Store, file: &PublishedFile) -> Result<(), Error> {
        if self.whole().contains(&file.object) {
            return Ok(());
        }
        let path = self.file(&file.object);
        // A file of an earlier process may be cut off or changed.
        if !is_whole(&path, file).await? {
            let partial = self.file(&format!("{}.part", file.object));
            // It may be another name of a file in the store: it must not be written to.
            let former = partial.clone();
            blocking(move || remove(&former)).await?;
            store.download(file, &partial).await?;
            if !is_whole(&partial, file).await? {
                return Err(Error::Damaged { object: file.object.clone() });
            }
            blocking(move || fs::rename(&partial, &path).map_err(Error::file(&path))).await?;
        }
        self.whole().insert(file.object.clone());
        Ok(())
    }

    /// True if a file in the store is what its manifest says, whatever the local copy is.
    pub(crate) async fn is_whole_in(&self, store: &Store, file: &PublishedFile) -> Result<bool, Error> {
        let copy = self.file(&format!("{}.check", file.object));
        let former = copy.clone();
        blocking(move || remove(&former)).await?;
        let downloaded = store.download(file, &copy).await;
        let whole = match downloaded {
            Ok(()) => is_whole(&copy, file).await,
            Err(error) if error.is_missing_object() => Ok(false),
            Err(error) => Err(error),
        };
        blocking(move || remove(&copy)).await?;
        whole
    }

    fn whole(&self) -> MutexGuard<'_, HashSet<String>> {
        self.whole.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn link_all(&self, words: &WordsManifest, folder: &Path) -> Result<(), Error> {
        for file in &words.files {
            link(&self.file(&file.object), &folder.join(&file.name))?;
        }
        let json = |value: &serde_json::Value| {
            serde_json::to_vec(value).map_err(|source| Error::Manifest { generation: 0, source })
        };
        write(&folder.join("meta.json"), &json(&words.meta)?)?;
        // Tantivy removes after a merge only the files which it knows from this list.
        let names: Vec<&str> =
            words.files.iter().map(|file| file.name.as_str()).chain(["meta.json"]).collect();
        write(&folder.join(".managed.json"), &json(&names.into())?)
    }

    /// Forgets the files that are not among these. Indexes that use them keep their links.
    pub(crate) fn prune<'a>(&self, keep: impl Iterator<Item = &'a PublishedFile>) {
        let keep: HashSet<&str> = keep.map(|file| file.object.as_str()).collect();
        self.whole().retain(|object| keep.contains(object.as_str()));
        let folder = self.path.join("files");
        let Ok(entries) = fs::read_dir(&folder) else {
            return;
        };
        for entry in entries.flatten() {
            let wanted = entry.file_name().to_str().is_some_and(|name| keep.contains(name));
            if wanted {
                continue;
            }
            if let Err(error) = fs::remove_file(entry.path()) {
                tracing::warn!(path = %entry.path().display(), %error, "an old file of the index was not removed");
            }
        }
    }
}

/// True if a local file is what its manifest says; false if it is missing.
async fn is_whole(path: &Path, file: &PublishedFile) -> Result<bool, Error> {
    let (path, expected) = (path.to_owned(), (file.size, file.crc));
    blocking(move || match fs::metadata(&path) {
        // What cannot be read is as good as damaged.
        Ok(found) if found.len() == expected.0 => Ok(checksum(&path).is_ok_and(|found| found == expected)),
        _ => Ok(false),
    })
    .await
}
