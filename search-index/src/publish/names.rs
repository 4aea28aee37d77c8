//! The published lists of ids, read into an [`IdDictionary`].

use crate::Error;
use crate::facts::ids::IdDictionary;
use crate::publish::cache::Cache;
use crate::publish::disk::blocking;
use crate::publish::manifest::PublishedFile;
use crate::publish::store::Store;

/// The lists of ids in these files; what an earlier generation has read is not read again.
pub(crate) async fn read_names(
    cache: &Cache,
    store: &Store,
    files: &[PublishedFile],
    earlier: Option<(&IdDictionary, &[PublishedFile])>,
) -> Result<IdDictionary, Error> {
    let (mut names, known) = match earlier {
        Some((names, known)) if files.starts_with(known) => (names.clone(), known.len()),
        _ => (IdDictionary::default(), 0),
    };
    let new = files[known..].to_vec();
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
