//! Local files: everything here blocks, except [`blocking`], which moves such work to a thread that may block.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};

use crate::Error;

/// Bytes of a file that are read at once to check it: they stay in the processor's cache.
const CHECKED_AT_ONCE: usize = 256 << 10;

/// Runs file work on a thread that may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await?
}

/// Maps a file into memory.
pub(crate) fn map(folder: &Path, name: &str) -> Result<OwnedBytes, Error> {
    let opening = |source| Error::index("opening a file of facts")(source);
    let directory = MmapDirectory::open(folder).map_err(|source| opening(source.into()))?;
    let file = directory.open_read(Path::new(name)).map_err(|source| opening(source.into()))?;
    file.read_bytes().map_err(Error::file(&folder.join(name)))
}

/// Length and CRC-32 of a file.
pub(crate) fn checksum(path: &Path) -> Result<(u64, u32), Error> {
    let read = || {
        let mut file = File::open(path)?;
        let mut hasher = crc32fast::Hasher::new();
        let mut part = vec![0; CHECKED_AT_ONCE];
        let mut length = 0;
        loop {
            let read = file.read(&mut part)?;
            if read == 0 {
                return Ok((length, hasher.finalize()));
            }
            hasher.update(&part[..read]);
            length += read as u64;
        }
    };
    read().map_err(Error::file(path))
}

/// Gives a file a second name. That is safe: tantivy never changes a file that it has written.
pub(crate) fn link(from: &Path, to: &Path) -> Result<(), Error> {
    match fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(source) if source.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(source) if source.kind() == ErrorKind::NotFound => Err(Error::file(from)(source)),
        // Some file systems have no links.
        Err(_) => fs::copy(from, to).map(drop).map_err(Error::file(from)),
    }
}

/// Removes a file that may be there.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(Error::file(path)(source)),
        _ => Ok(()),
    }
}

pub(crate) fn read_part(path: &Path, offset: u64, part: &mut [u8]) -> Result<(), Error> {
    let mut read = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(part)
    };
    read().map_err(Error::file(path))
}

pub(crate) fn write_part(path: &Path, offset: u64, part: &[u8]) -> Result<(), Error> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(part)
    };
    write().map_err(Error::file(path))
}

pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).map_err(Error::file(path))
}
