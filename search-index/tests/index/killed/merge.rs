//! Whether tantivy is merging segments, seen from outside in the files of the writer.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

/// So many segments of one size become one.
const MERGED: usize = 4;

/// A merge takes some milliseconds of every fourth commit.
const PATIENCE: Duration = Duration::from_secs(2);

/// Waits until a merge is under way, but not for ever.
pub(super) fn wait(work: &Path) {
    let begun = Instant::now();
    while !under_way(work) && begun.elapsed() < PATIENCE {
        std::thread::yield_now();
    }
}

/// There is a commit that is to be merged, and files that belong to no commit.
pub(super) fn under_way(work: &Path) -> bool {
    let Ok(indexes) = std::fs::read_dir(work.join("0/indexes")) else { return false };
    indexes.flatten().any(|index| is_merging(&index.path()).unwrap_or(false))
}

/// None if a file has just gone away.
fn is_merging(index: &Path) -> Option<bool> {
    let meta = std::fs::read(index.join("meta.json")).ok()?;
    let meta: serde_json::Value = serde_json::from_slice(&meta).ok()?;
    let segments = meta["segments"].as_array()?.iter();
    let committed: HashSet<String> =
        segments.filter_map(|segment| Some(segment["segment_id"].as_str()?.replace('-', ""))).collect();
    let files = std::fs::read_dir(index).ok()?.flatten();
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    let mut of_segments = names.filter(|name| name != "meta.json" && !name.starts_with('.'));
    let of_no_commit = |name: String| !committed.contains(name.split('.').next().unwrap_or_default());
    Some(committed.len() >= MERGED && of_segments.any(of_no_commit))
}
