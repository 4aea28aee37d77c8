//! Earlier versions, and what each of them changed. Pieces are named by their content, so only those that stand in one of
//! two versions alone need reading, whatever number of pieces a section was cut into.

use std::collections::{BTreeMap, HashSet};

use domain::directory::{Changed, Draft, Section, difference};
use domain::organization::Organization;
use serde::de::DeserializeOwned;

use super::manifest::{DirectoryInfo, Manifest, PlacedOrganization};
use crate::Store;
use crate::error::StoreError;
use crate::item::{body, string};
use crate::keys::{self, PK, SK, VERSION_PREFIX};
use crate::page::{Page, cursor, start};

/// A version, and what it made different from the one before.
#[derive(Debug, Clone)]
pub struct DirectoryChange {
    /// The version.
    pub info: DirectoryInfo,
    /// Entry by entry.
    pub changes: Vec<Changed>,
}

/// The pieces of each section, as JSON.
pub(super) type Pieces = BTreeMap<Section, Vec<String>>;

impl Store {
    /// The versions of the directory, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] for a cursor that is none of ours.
    pub async fn directory_versions(
        &self,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Page<DirectoryInfo>, StoreError> {
        let pk = keys::current_directory().pk;
        let call = self.client.query().table_name(&self.platform).consistent_read(true);
        let call = call
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :version)")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", string(&pk))
            .expression_attribute_values(":version", string(VERSION_PREFIX))
            .scan_index_forward(false)
            .set_exclusive_start_key(start(after, &[PK, SK], Some((PK, &pk)))?)
            .limit(limit);
        let found = call.send().await.map_err(StoreError::call("Query"))?;
        let next = cursor(found.last_evaluated_key.as_ref());
        let items = found.items.unwrap_or_default().into_iter().map(body).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// What a version changed; none if there is no such version.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn directory_change(&self, version: u64) -> Result<Option<DirectoryChange>, StoreError> {
        let Some(new) = self.manifest_of(version).await? else { return Ok(None) };
        let old = match version.checked_sub(1) {
            Some(before) => self.manifest_of(before).await?,
            None => None,
        };
        let mut before = Pieces::new();
        let mut after = Pieces::new();
        for section in Section::ALL {
            let old = old.as_ref().map(|manifest| manifest.hashes(section)).unwrap_or_default();
            let new = new.hashes(section);
            before.insert(section, self.pieces(section, old.difference(&new).copied().collect()).await?);
            after.insert(section, self.pieces(section, new.difference(&old).copied().collect()).await?);
        }
        let changes = difference(&draft(&before)?, &draft(&after)?);
        Ok(Some(DirectoryChange { info: new.info, changes }))
    }

    /// What these new pieces change in a version.
    pub(super) async fn changes_since(
        &self,
        old: Option<&Manifest>,
        new: &BTreeMap<Section, Vec<(&str, &str)>>,
    ) -> Result<Vec<Changed>, StoreError> {
        let mut before = Pieces::new();
        let mut after = Pieces::new();
        for (&section, pieces) in new {
            let old = old.map(|manifest| manifest.hashes(section)).unwrap_or_default();
            let kept: HashSet<&str> = pieces.iter().map(|(hash, _)| *hash).collect();
            before.insert(section, self.pieces(section, old.difference(&kept).copied().collect()).await?);
            let fresh = pieces.iter().filter(|(hash, _)| !old.contains(hash));
            after.insert(section, fresh.map(|(_, json)| (*json).to_owned()).collect());
        }
        Ok(difference(&draft(&before)?, &draft(&after)?))
    }

    async fn pieces(&self, section: Section, hashes: Vec<&str>) -> Result<Vec<String>, StoreError> {
        let keys: Vec<keys::Key> =
            hashes.into_iter().map(|hash| keys::directory_chunk(section, hash)).collect();
        let items = self.get_all(keys).await?;
        items.into_iter().map(body).collect()
    }
}

impl Manifest {
    fn hashes(&self, section: Section) -> HashSet<&str> {
        self.chunks.get(&section).into_iter().flatten().map(String::as_str).collect()
    }
}

/// The entries of pieces.
fn draft(pieces: &Pieces) -> Result<Draft, StoreError> {
    let mut draft = Draft::default();
    for (section, pieces) in pieces {
        match section {
            Section::Calendars => draft.calendars = entries(pieces)?,
            Section::Territories => draft.territories = entries(pieces)?,
            Section::Organizations => {
                let placed: Vec<PlacedOrganization> = entries(pieces)?;
                draft.organizations = placed.into_iter().map(Organization::from).collect();
            }
            Section::Categories => draft.categories = entries(pieces)?,
            Section::RoutingRules => draft.routing_rules = entries(pieces)?,
            Section::DeadlineRules => draft.deadline_rules = entries(pieces)?,
            Section::People => draft.people = entries(pieces)?,
        }
    }
    Ok(draft)
}

fn entries<T: DeserializeOwned>(pieces: &[String]) -> Result<Vec<T>, StoreError> {
    let mut entries = Vec::new();
    for json in pieces {
        let more: Vec<T> = serde_json::from_str(json).map_err(|e| StoreError::unreadable("chunk", e))?;
        entries.extend(more);
    }
    Ok(entries)
}
