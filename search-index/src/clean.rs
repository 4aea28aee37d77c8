//! Removes what nobody needs from the store. Cleaning is never urgent, so a failure is logged and the next
//! publication tries again.

use std::collections::HashSet;

use crate::Error;
use crate::store::Store;

/// Generations that stay, so that a reader has time to fetch one while writers go on.
const KEPT: usize = 3;

/// Files without manifest stay for a day: they may belong to a publication that is under way.
const ABANDONED_AFTER_SECONDS: i64 = 24 * 60 * 60;

/// Removes generations that newer ones have replaced, with the files that only they needed.
pub(crate) async fn superseded(store: &Store, generation: u64) {
    if let Err(error) = remove_superseded(store).await {
        warn(&error, generation);
    }
}

/// Removes files that were uploaded long ago and never published.
pub(crate) async fn abandoned(store: &Store) {
    if let Err(error) = remove_abandoned(store).await {
        warn(&error, 0);
    }
}

fn warn(error: &Error, generation: u64) {
    let source = std::error::Error::source(error).map(ToString::to_string);
    tracing::warn!(index.generation = generation, %error, source, "the index store was not cleaned");
}

async fn remove_superseded(store: &Store) -> Result<(), Error> {
    let generations: Vec<u64> =
        store.generations().await?.into_iter().map(|(generation, _)| generation).collect();
    let Some(superseded) = generations.len().checked_sub(KEPT).filter(|count| *count > 0) else {
        return Ok(());
    };
    let (superseded, kept) = generations.split_at(superseded);
    let needed = objects(store, kept).await?;
    // Oldest first: where one generation is gone, all before it are.
    for generation in superseded {
        let files = objects(store, &[*generation]).await?;
        // The manifest before its files: a manifest that exists must be whole. Killed in between, we leave
        // files that are removed as abandoned.
        store.delete_manifest(*generation).await?;
        for object in files.difference(&needed) {
            store.delete_file(object).await?;
        }
    }
    Ok(())
}

async fn remove_abandoned(store: &Store) -> Result<(), Error> {
    let generations = store.generations().await?;
    // All times are the store's own, so no other clock matters.
    let Some(newest) = generations.iter().map(|(_, listed)| listed.modified).max() else {
        return Ok(());
    };
    let generations: Vec<u64> = generations.into_iter().map(|(generation, _)| generation).collect();
    let files = store.files().await?;
    let old = files.into_iter().filter(|file| file.modified < newest - ABANDONED_AFTER_SECONDS);
    let old: Vec<String> = old.map(|file| file.name).collect();
    if old.is_empty() {
        return Ok(());
    }
    let needed = objects(store, &generations).await?;
    for object in old.iter().filter(|object| !needed.contains(*object)) {
        store.delete_file(object).await?;
    }
    Ok(())
}

/// The objects which these generations consist of. One that is gone needs nothing.
async fn objects(store: &Store, generations: &[u64]) -> Result<HashSet<String>, Error> {
    let mut objects = HashSet::new();
    for generation in generations {
        match store.objects(*generation).await {
            Ok(needed) => objects.extend(needed),
            Err(error) if error.is_missing_object() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(objects)
}
