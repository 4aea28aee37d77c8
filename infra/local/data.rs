//! The data folder: who uses it, the master secret, the development issuer's key.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use engines::OURS;
use entrypoint::Clients;
use serde::{Deserialize, Serialize};

/// Where the platform keeps its data.
#[derive(Debug, Clone)]
pub enum Data {
    /// Nowhere: everything is gone at the end.
    Memory,
    /// In this folder.
    Folder(PathBuf),
}

/// A running host, as other processes find it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Where the platform answers.
    pub url: String,
    /// Where its DynamoDB answers.
    pub dynamodb_url: String,
    /// Where its SQS answers.
    pub sqs_url: String,
    /// Whether these are its own, which take any access key. Others want the environment's.
    pub own_engines: bool,
    /// Where its search index is published.
    pub index_store: String,
}

impl Running {
    /// Clients of a tool to its engines.
    pub async fn clients(&self) -> Clients {
        engines::clients(Some(&self.dynamodb_url), self.own_engines.then_some(OURS)).await
    }
}

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// Files.
    #[error("cannot use {}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process has it.
    #[error("{} is in use by the platform at {url}; stop it, or choose another --data", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// Where that platform answers.
        url: String,
    },
    /// No randomness.
    #[error("the operating system gives no random bytes: {0}")]
    Random(String),
}

/// A data folder in our hands: nobody else can open it while this lives.
#[derive(Debug)]
pub struct OpenFolder {
    /// The folder; a temporary one in memory mode.
    pub path: PathBuf,
    /// Whether it is kept.
    pub kept: bool,
    lock: File,
    _temporary: Option<tempfile::TempDir>,
}

const LOCK: &str = "running.json";

impl OpenFolder {
    /// Takes the folder.
    ///
    /// # Errors
    /// [`DataError::InUse`] if another process has it.
    pub fn open(data: &Data) -> Result<Self, DataError> {
        let temporary = match data {
            Data::Memory => Some(tempfile::tempdir().map_err(file(Path::new("a temporary folder")))?),
            Data::Folder(_) => None,
        };
        let path = match (data, &temporary) {
            (Data::Folder(path), _) => path.clone(),
            (Data::Memory, temporary) => temporary.as_ref().map(|t| t.path().to_owned()).unwrap_or_default(),
        };
        create_private(&path).map_err(file(&path))?;
        let lock_path = path.join(LOCK);
        let options = OpenOptions::new().create(true).read(true).write(true).truncate(false).open(&lock_path);
        let lock = options.map_err(file(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, kept: temporary.is_none(), lock, _temporary: temporary }),
            Err(TryLockError::WouldBlock) => {
                let url =
                    running(&path).map_or_else(|| "an address not known yet".into(), |running| running.url);
                Err(DataError::InUse { folder: path, url })
            }
            Err(TryLockError::Error(source)) => Err(DataError::File { path: lock_path, source }),
        }
    }

    /// Tells other processes where we answer.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn announce(&mut self, running: &Running) -> Result<(), DataError> {
        let path = self.path.join(LOCK);
        let json = serde_json::to_vec_pretty(running).unwrap_or_default();
        let mut write = || {
            self.lock.set_len(0)?;
            self.lock.rewind()?;
            self.lock.write_all(&json)
        };
        write().map_err(file(&path))
    }

    /// A secret of 32 random bytes in hex, made when first asked for and readable by the owner alone.
    ///
    /// # Errors
    /// If it cannot be read or written.
    pub fn secret(&self, name: &str) -> Result<String, DataError> {
        let path = self.path.join(name);
        if let Ok(kept) = std::fs::read_to_string(&path) {
            return Ok(kept.trim().to_owned());
        }
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| DataError::Random(error.to_string()))?;
        let secret = hex::encode(bytes);
        let mut options = OpenOptions::new();
        options.create_new(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut secret_file = options.open(&path).map_err(file(&path))?;
        secret_file.write_all(secret.as_bytes()).map_err(file(&path))?;
        secret_file.sync_all().map_err(file(&path))?;
        Ok(secret)
    }
}

impl OpenFolder {
    /// Writes what a function is given here as `environment/NAME.env`, for `cargo lambda watch --env-file`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_environment(
        &self,
        function: &str,
        environment: &BTreeMap<String, String>,
    ) -> Result<(), DataError> {
        let folder = self.path.join("environment");
        create_private(&folder).map_err(file(&folder))?;
        let path = folder.join(format!("{}.env", function.to_lowercase()));
        let lines = environment.iter().map(|(name, value)| format!("{name}=\"{value}\"\n"));
        std::fs::write(&path, lines.collect::<String>()).map_err(file(&path))
    }
}

/// What people wrote is in it: a folder that we make is for its owner alone.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The host that uses this folder right now, if one does.
pub fn running(folder: &Path) -> Option<Running> {
    let mut lock = File::open(folder.join(LOCK)).ok()?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => {
            let mut json = String::new();
            lock.read_to_string(&mut json).ok()?;
            serde_json::from_str(&json).ok()
        }
        _ => None,
    }
}

fn file(path: &Path) -> impl FnOnce(std::io::Error) -> DataError {
    let path = path.to_owned();
    move |source| DataError::File { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_used_by_one_and_found_by_others() {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::Folder(folder.path().to_owned());
        assert_eq!(running(folder.path()), None);
        let mut open = OpenFolder::open(&data).unwrap();
        let announced = Running {
            url: "u".into(),
            dynamodb_url: "d".into(),
            sqs_url: "s".into(),
            own_engines: true,
            index_store: "file:///i".into(),
        };
        open.announce(&announced).unwrap();
        assert_eq!(running(folder.path()), Some(announced));
        assert!(matches!(OpenFolder::open(&data), Err(DataError::InUse { url, .. }) if url == "u"));
        let secret = open.secret("secret").unwrap();
        drop(open);
        assert_eq!(running(folder.path()), None);
        assert_eq!(OpenFolder::open(&data).unwrap().secret("secret").unwrap(), secret);
    }
}
