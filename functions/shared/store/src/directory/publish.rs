//! Writing a version of the directory: chunks first, then manifest and pointer at once.

use std::collections::{BTreeMap, HashSet};

use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use domain::directory::{Directory, Section, counts};
use domain::organization::OrganizationPath;
use domain::person::Person;
use domain::{OrganizationId, PersonId};
use jiff::Timestamp;

use super::chunk::{Chunk, cut};
use super::manifest::{DirectoryInfo, Manifest, PlacedOrganization, Team};
use crate::Store;
use crate::error::{CommitError, StoreError};
use crate::item::{item, number};
use crate::keys::{self, VERSION};

/// Chunks written with one call: `BatchWriteItem` takes 25 items and 16 MB.
const BATCH: usize = 25;

impl Store {
    /// Makes this the current directory. `base` is the version that it was derived from; none if it is the first.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] if another version was written since `base`; then nothing has changed.
    pub async fn publish_directory(
        &self,
        directory: &Directory,
        base: Option<u64>,
        by: Option<PersonId>,
        now: Timestamp,
    ) -> Result<DirectoryInfo, CommitError> {
        let sections = sections(directory)?;
        let teams = teams(directory)?;
        let current = self.manifest().await?;
        let changes = self.changes_since(current.as_deref(), &pieces(&sections)).await?;
        let known = current.map(|manifest| manifest.keys().collect()).unwrap_or_default();
        let mut chunks: Vec<(keys::Key, &Chunk)> = Vec::new();
        for (section, (_, cut)) in &sections {
            chunks.extend(cut.iter().map(|chunk| (keys::directory_chunk(*section, &chunk.hash), chunk)));
        }
        chunks.extend(teams.iter().map(|chunk| (keys::team_chunk(&chunk.hash), chunk)));
        self.write_chunks(chunks, known).await?;
        let info = DirectoryInfo {
            version: base.unwrap_or(0) + 1,
            at: now,
            by,
            counts: sections.iter().map(|(section, (count, _))| (*section, *count)).collect(),
            changes: Some(counts(&changes)),
        };
        let hashes =
            |chunks: Vec<Chunk>| -> Vec<String> { chunks.into_iter().map(|chunk| chunk.hash).collect() };
        let chunks = sections.into_iter().map(|(section, (_, chunks))| (section, hashes(chunks))).collect();
        self.flip(&Manifest { info: info.clone(), chunks, teams: hashes(teams) }, base).await?;
        Ok(info)
    }

    async fn write_chunks(
        &self,
        chunks: Vec<(keys::Key, &Chunk)>,
        mut known: HashSet<keys::Key>,
    ) -> Result<(), StoreError> {
        let mut requests = Vec::new();
        for (key, chunk) in chunks {
            if !known.insert(key.clone()) {
                continue;
            }
            let put = PutRequest::builder().set_item(Some(item(&key, &chunk.json)?)).build();
            let put = put.map_err(|e| StoreError::unreadable("chunk", e))?;
            requests.push(WriteRequest::builder().put_request(put).build());
        }
        for batch in requests.chunks(BATCH) {
            self.write_all(batch.to_vec()).await?;
        }
        Ok(())
    }

    async fn flip(&self, manifest: &Manifest, base: Option<u64>) -> Result<(), CommitError> {
        let version = manifest.info.version;
        let mut pointer = item(&keys::current_directory(), &version)?;
        pointer.insert(VERSION.into(), number(version));
        let mut transaction = self.transaction();
        transaction.put_state(pointer, base)?;
        transaction.put(item(&keys::directory_version(version), manifest)?)?;
        transaction.write().await
    }
}

/// Who works where, cut by organization.
fn teams(directory: &Directory) -> Result<Vec<Chunk>, StoreError> {
    let mut by_organization: BTreeMap<&OrganizationId, Vec<&Person>> = BTreeMap::new();
    for person in &directory.draft().people {
        by_organization.entry(&person.organization).or_default().push(person);
    }
    let team = |(organization, people): (&OrganizationId, Vec<&Person>)| Team {
        organization: organization.clone(),
        people: people.into_iter().cloned().collect(),
    };
    let teams: Vec<Team> = by_organization.into_iter().map(team).collect();
    cut(&teams, |team| team.organization.as_str())
}

type Sections = BTreeMap<Section, (usize, Vec<Chunk>)>;

/// Hash and content of the chunks of each section.
fn pieces(sections: &Sections) -> BTreeMap<Section, Vec<(&str, &str)>> {
    let mut pieces = BTreeMap::new();
    for (section, (_, chunks)) in sections {
        pieces.insert(*section, chunks.iter().map(|chunk| (&*chunk.hash, &*chunk.json)).collect());
    }
    pieces
}

fn sections(directory: &Directory) -> Result<Sections, StoreError> {
    let draft = directory.draft();
    let tree = directory.organizations();
    let placed: Vec<PlacedOrganization> = draft
        .organizations
        .iter()
        .map(|organization| PlacedOrganization {
            id: organization.id.clone(),
            name: organization.name.clone(),
            parent: organization.parent.clone(),
            path: OrganizationPath::of(&organization.id, tree),
        })
        .collect();
    let mut sections = BTreeMap::new();
    for section in Section::ALL {
        let (count, chunks) = match section {
            Section::Calendars => (draft.calendars.len(), cut(&draft.calendars, |entry| entry.id.as_str())?),
            Section::Territories => {
                (draft.territories.len(), cut(&draft.territories, |entry| entry.id.as_str())?)
            }
            Section::Organizations => (placed.len(), cut(&placed, |entry| entry.id.as_str())?),
            Section::Categories => {
                (draft.categories.len(), cut(&draft.categories, |entry| entry.id.as_str())?)
            }
            Section::RoutingRules => {
                (draft.routing_rules.len(), cut(&draft.routing_rules, |entry| entry.id.as_str())?)
            }
            Section::DeadlineRules => {
                (draft.deadline_rules.len(), cut(&draft.deadline_rules, |entry| entry.id.as_str())?)
            }
            Section::People => (draft.people.len(), cut(&draft.people, |entry| entry.id.as_str())?),
        };
        sections.insert(section, (count, chunks));
    }
    Ok(sections)
}
