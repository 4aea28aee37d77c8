//! Removal of objects that no reader or writer needs. It is never urgent: a failure is logged, and the next publication tries again.
//!
//! Files and manifests stay for different times. Files are large and go after a few generations. Manifests stay for a week: a writer
//! that has slept must find that its next generation exists, or it would publish that number a second time.

use std::collections::HashSet;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};

use crate::Error;
use crate::publish::manifest::KEPT;
use crate::publish::store::Store;

/// Files without manifest stay for a day: they may belong to a publication that is under way.
const ABANDONED_AFTER: Duration = Duration::from_hours(24);

/// A publication whose upload has taken longer does not name its files any more, since they may have been removed. Half of the time
/// that they stay, since the writer's clock may be wrong.
pub(crate) const UPLOADED_FOR: Duration = half(ABANDONED_AFTER);

/// How long manifests stay.
const MANIFESTS_KEPT: Duration = Duration::from_hours(7 * 24);

/// A writer that has published nothing for so long gives up. Half of the time that manifests stay, since its clock may be wrong.
pub(crate) const STALE_AFTER: Duration = half(MANIFESTS_KEPT);

const fn half(time: Duration) -> Duration {
    Duration::from_secs(time.as_secs() / 2)
}

/// Objects that are deleted at the same time: cleaning delays a batch.
const DELETIONS: usize = 16;

/// Manifests that are read at the same time.
const MANIFESTS_AT_ONCE: usize = 4;

/// Publications between two looks for what is old.
const LOOK_EVERY: u64 = 100;

/// Removes the files that only a superseded generation needed, and now and then old manifests.
pub(crate) async fn superseded(store: &Store, generation: u64) {
    if let Err(error) = remove_superseded(store, generation).await {
        warn(&error, generation);
    }
    if generation.is_multiple_of(LOOK_EVERY) {
        if let Err(error) = remove_old_manifests(store).await {
            warn(&error, generation);
        }
        abandoned(store).await;
    }
}

/// Removes what was left long ago: files that were never published or not removed with their generation, probes.
pub(crate) async fn abandoned(store: &Store) {
    for removed in [remove_abandoned(store).await, store.delete_probes(ABANDONED_AFTER).await] {
        if let Err(error) = removed {
            warn(&error, 0);
        }
    }
}

fn warn(error: &Error, generation: u64) {
    let source = std::error::Error::source(error).map(ToString::to_string);
    tracing::warn!(index.generation = generation, %error, source, "the index store was not cleaned");
}

/// Every publication does one step: what the first generation that is not kept any more has alone.
async fn remove_superseded(store: &Store, generation: u64) -> Result<(), Error> {
    let Some(superseded) = generation.checked_sub(KEPT).filter(|superseded| *superseded > 0) else {
        return Ok(());
    };
    let needed = objects(store, superseded + 1..=generation).await?;
    let former = objects(store, superseded..=superseded).await?;
    delete_files(store, former.difference(&needed)).await
}

async fn delete_files(store: &Store, objects: impl Iterator<Item = &String>) -> Result<(), Error> {
    let deletions = stream::iter(objects.map(Ok));
    deletions.try_for_each_concurrent(DELETIONS, |object| store.delete_file(object)).await
}

async fn remove_old_manifests(store: &Store) -> Result<(), Error> {
    let newest = store.newest().await?.there;
    // All times are the store's own, so no other clock matters. Not the newest of those that are listed: under load all of them
    // may be old.
    let Some(version) = store.manifest_version(newest).await? else { return Ok(()) };
    let before = version.modified - seconds(MANIFESTS_KEPT);
    let oldest = store.oldest_manifests().await?.into_iter();
    let old = oldest.filter(|(generation, listed)| listed.modified < before && generation + KEPT <= newest);
    let deletions = stream::iter(old.map(Ok));
    let delete = |(generation, _)| store.delete_manifest(generation);
    deletions.try_for_each_concurrent(DELETIONS, delete).await
}

async fn remove_abandoned(store: &Store) -> Result<(), Error> {
    let newest = store.newest().await?.there;
    let files = store.files().await?;
    let Some(last) = files.iter().map(|file| file.modified).max() else { return Ok(()) };
    let before = last - seconds(ABANDONED_AFTER);
    let old: Vec<String> =
        files.into_iter().filter(|file| file.modified < before).map(|file| file.name).collect();
    if old.is_empty() {
        return Ok(());
    }
    let needed = objects(store, newest.saturating_sub(KEPT - 1).max(1)..=newest).await?;
    delete_files(store, old.iter().filter(|object| !needed.contains(*object))).await
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

/// The objects which these generations consist of. One that is gone needs nothing.
async fn objects(
    store: &Store,
    generations: std::ops::RangeInclusive<u64>,
) -> Result<HashSet<String>, Error> {
    let mut objects = HashSet::new();
    let mut reads =
        stream::iter(generations).map(|generation| store.objects(generation)).buffered(MANIFESTS_AT_ONCE);
    while let Some(read) = reads.next().await {
        match read {
            Ok(needed) => objects.extend(needed),
            Err(error) if error.is_missing_object() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(objects)
}

#[cfg(test)]
#[path = "gc_tests.rs"]
mod tests;
