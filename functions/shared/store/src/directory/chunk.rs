//! How a section is cut into chunks.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::StoreError;

/// Entries per chunk, about. An organization takes some 300 bytes, an item at most 400 KB.
const ENTRIES: usize = 128;

/// A chunk and its name.
pub(super) struct Chunk {
    /// The first half of the SHA-256 of the content, in hex.
    pub(super) hash: String,
    /// A JSON list of entries.
    pub(super) json: String,
}

/// The chunk that an id belongs to.
pub(super) fn bucket(id: &str, buckets: usize) -> usize {
    let digest = Sha256::digest(id.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    // A remainder is smaller than the divisor, so it fits.
    usize::try_from(u64::from_be_bytes(first) % buckets as u64).unwrap_or(0)
}

/// Cuts entries into chunks. The number of chunks is a power of two, so that it rarely changes and with it the content
/// of every chunk.
pub(super) fn cut<T: Serialize>(entries: &[T], id: impl Fn(&T) -> &str) -> Result<Vec<Chunk>, StoreError> {
    let buckets = entries.len().div_ceil(ENTRIES).next_power_of_two();
    let mut chunks: Vec<Vec<&T>> = (0..buckets).map(|_| Vec::new()).collect();
    for entry in entries {
        chunks[bucket(id(entry), buckets)].push(entry);
    }
    let seal = |mut chunk: Vec<&T>| {
        chunk.sort_by(|a, b| id(a).cmp(id(b)));
        let json = serde_json::to_string(&chunk).map_err(|e| StoreError::unreadable("chunk", e))?;
        let digest = Sha256::digest(json.as_bytes());
        let hash = hex::encode(&digest[..16]);
        Ok(Chunk { hash, json })
    };
    chunks.into_iter().map(seal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_changed_entry_changes_one_chunk() {
        let mut names: Vec<(String, u32)> = (0..1_000).map(|n| (format!("school-{n}"), n)).collect();
        let before = cut(&names, |entry| entry.0.as_str()).unwrap();
        names[17].1 = 5_000;
        names.reverse();
        let after = cut(&names, |entry| entry.0.as_str()).unwrap();
        let changed = before.iter().zip(&after).filter(|(a, b)| a.hash != b.hash).count();
        assert_eq!((before.len(), changed), (8, 1));
    }
}
