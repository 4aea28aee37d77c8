//! What a new platform starts with: the demo city, or nothing but a root territory and the personas.

use domain::directory::{Directory, Draft, Violation};
use jiff::Timestamp;
use store::{CommitError, Store};

/// The demo city.
const CITY: &str = include_str!("demo/directory.json");
/// A root territory and the personas.
const EMPTY: &str = include_str!("demo/empty.json");

/// Why a directory cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// No JSON.
    #[error("the directory cannot be read")]
    Json(#[from] serde_json::Error),
    /// Not sound.
    #[error("the directory is not sound: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Unsound(Vec<Violation>),
    /// The database.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

/// Writes the first version of the directory, if there is none.
///
/// # Errors
/// [`DemoError`] if it is not sound or the database fails.
pub async fn seed(store: &Store, empty: bool) -> Result<(), DemoError> {
    if store.directory_info().await?.is_some() {
        return Ok(());
    }
    let draft: Draft = serde_json::from_str(if empty { EMPTY } else { CITY })?;
    let directory = Directory::build(draft).map_err(DemoError::Unsound)?;
    store.publish_directory(&directory, None, None, Timestamp::now()).await?;
    Ok(())
}

/// Changes the directory, again if somebody else changes it at the same time.
///
/// # Errors
/// [`DemoError`] if the result is not sound or the database fails.
pub async fn merge(store: &Store, change: impl Fn(&mut Draft)) -> Result<(), DemoError> {
    loop {
        let Some((info, mut draft)) = store.directory().await? else {
            return Err(store::StoreError::NoDirectory.into());
        };
        change(&mut draft);
        let directory = Directory::build(draft).map_err(DemoError::Unsound)?;
        match store.publish_directory(&directory, Some(info.version), None, Timestamp::now()).await {
            Err(CommitError::Conflict) => {}
            Err(error) => return Err(error.into()),
            Ok(_) => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directories_are_sound() {
        for json in [CITY, EMPTY] {
            let draft: Draft = serde_json::from_str(json).unwrap();
            if let Err(problems) = Directory::build(draft) {
                panic!("{problems:?}");
            }
        }
    }
}
