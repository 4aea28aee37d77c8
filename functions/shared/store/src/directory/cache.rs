//! What a function keeps of the directory between requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::directory::Draft;
use domain::rulebook::Rulebook;
use tokio::sync::OnceCell;

use super::manifest::{Manifest, PlacedOrganization};

/// What has been read already.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    pub(crate) manifest: Mutex<Option<Arc<Manifest>>>,
    pub(crate) rulebook: Mutex<Option<Arc<Rulebook>>>,
    pub(crate) organizations: Mutex<Option<(u64, Arc<Vec<PlacedOrganization>>)>>,
    pub(crate) lists: Mutex<Option<(u64, Arc<Draft>)>>,
    pub(crate) folded: Mutex<Option<Arc<Folded>>>,
    /// Chunks by hash.
    pub(crate) chunks: Mutex<HashMap<String, Arc<str>>>,
}

/// The version of the directory that a handle reads: the one that was current when the handle first asked.
#[derive(Debug, Default)]
pub(crate) struct Pin(pub(crate) OnceCell<Option<Arc<Manifest>>>);

/// Organizations with what is searched: name and id in small letters, made once for all searches.
#[derive(Debug)]
pub(crate) struct Folded {
    pub(crate) all: Arc<Vec<PlacedOrganization>>,
    pub(crate) texts: Vec<Box<str>>,
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A panic elsewhere cannot leave a half-written value here: values are replaced whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
