//! The published lists of ids.

use crate::Error;
use crate::facts::ids::Names;
use crate::publish::cache::Cache;
use crate::publish::disk::blocking;
use crate::publish::manifest::{Manifest, PublishedFile};
use crate::publish::store::Store;

/// The lists of ids of a generation; those of an earlier one are read on from.
pub(crate) async fn read_names(
    cache: &Cache,
    store: &Store,
    manifest: &Manifest,
    earlier: Option<(&Names, &[PublishedFile])>,
) -> Result<Names, Error> {
    let (mut names, known) = match earlier {
        Some((names, known)) if manifest.names.starts_with(known) => (names.clone(), known.len()),
        _ => (Names::default(), 0),
    };
    let new = manifest.names[known..].to_vec();
    cache.fetch_all(store, new.clone()).await?;
    let cache = cache.clone();
    blocking(move || {
        for file in new {
            let damaged = || Error::Damaged { object: file.object.clone() };
            names.extend(serde_json::from_slice(&cache.read(&file)?).map_err(|_| damaged())?);
        }
        Ok(names)
    })
    .await
}
