//! Reading the current version of the directory, or the one that a handle is pinned to.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::calendar::Calendar;
use domain::directory::{Draft, Section};
use domain::organization::Organization;
use domain::person::Person;
use domain::routing::RoutingTable;
use domain::rulebook::Rulebook;
use domain::tree::{Node, Tree};
use domain::{OrganizationId, PersonId};
use serde::de::DeserializeOwned;

use super::cache::locked;
use super::chunk;
use super::manifest::{DirectoryInfo, Manifest, PlacedOrganization, Team};
use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, body, key_attributes, text_of};
use crate::keys::{self, PK};

/// What a [`Rulebook`] is made of.
const RULEBOOK: [Section; 5] = [
    Section::Territories,
    Section::Categories,
    Section::RoutingRules,
    Section::DeadlineRules,
    Section::Calendars,
];

/// Chunks kept: about 10 MB.
const KEPT_CHUNKS: usize = 256;

impl Store {
    /// A handle for one request: everything that it reads of the directory is of one version. The pointer to the current
    /// version is read when the directory is first asked for, and not again.
    #[must_use]
    pub fn pinned(&self) -> Self {
        Self { pin: Some(Arc::default()), ..self.clone() }
    }

    /// What is in the current version; none before the first.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn directory_info(&self) -> Result<Option<DirectoryInfo>, StoreError> {
        Ok(self.manifest().await?.map(|manifest| manifest.info.clone()))
    }

    /// Trees, rules and calendars of the current version.
    ///
    /// # Errors
    /// [`StoreError::NoDirectory`] before the first version.
    pub async fn rulebook(&self) -> Result<Arc<Rulebook>, StoreError> {
        let manifest = self.manifest().await?.ok_or(StoreError::NoDirectory)?;
        let kept = locked(&self.directory.rulebook).clone();
        if let Some(kept) = kept.filter(|kept| kept.version == manifest.info.version) {
            return Ok(kept);
        }
        let read = self.sections(&manifest, &RULEBOOK).await?;
        let rulebook = Arc::new(Rulebook {
            version: manifest.info.version,
            territories: tree(read.entries(Section::Territories)?)?,
            categories: tree(read.entries(Section::Categories)?)?,
            routing: RoutingTable::new(read.entries(Section::RoutingRules)?),
            deadline_rules: read.entries(Section::DeadlineRules)?,
            calendars: read.entries(Section::Calendars)?,
            weekends: weekends()?,
        });
        *locked(&self.directory.rulebook) = Some(Arc::clone(&rulebook));
        Ok(rulebook)
    }

    /// One organization of the current version.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn organization(&self, id: &OrganizationId) -> Result<Option<PlacedOrganization>, StoreError> {
        let found = self.chunk_with(Section::Organizations, id.as_str()).await?;
        Ok(found.into_iter().find(|organization: &PlacedOrganization| organization.id == *id))
    }

    /// What these organizations are called; those that have left the directory are left out.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn organization_names(
        &self,
        ids: Vec<OrganizationId>,
    ) -> Result<HashMap<OrganizationId, String>, StoreError> {
        let manifest = self.manifest().await?.ok_or(StoreError::NoDirectory)?;
        let mut names = HashMap::new();
        for id in ids {
            if names.contains_key(&id) {
                continue;
            }
            // A chunk holds many: what is read for one is there for the others.
            let found: Vec<PlacedOrganization> =
                self.chunk_of(&manifest, Section::Organizations, id.as_str()).await?;
            names.extend(found.into_iter().map(|organization| (organization.id, organization.name)));
        }
        Ok(names)
    }

    /// One member of staff of the current version.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn person(&self, id: &PersonId) -> Result<Option<Person>, StoreError> {
        let found = self.chunk_with(Section::People, id.as_str()).await?;
        Ok(found.into_iter().find(|person: &Person| person.id == *id))
    }

    /// These members of staff, as the current version knows them; those who have left the directory are left out.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn people<'i>(
        &self,
        ids: impl IntoIterator<Item = &'i PersonId>,
    ) -> Result<HashMap<PersonId, Person>, StoreError> {
        let manifest = self.manifest().await?.ok_or(StoreError::NoDirectory)?;
        let Some(hashes) = manifest.chunks.get(&Section::People).filter(|hashes| !hashes.is_empty()) else {
            return Ok(HashMap::new());
        };
        let mut people = HashMap::new();
        let mut wanted: HashMap<&str, HashSet<&PersonId>> = HashMap::new();
        for id in ids {
            let hash = &hashes[chunk::bucket(id.as_str(), hashes.len())];
            wanted.entry(hash).or_default().insert(id);
        }
        for (hash, ids) in wanted {
            let found: Vec<Person> =
                self.chunk_at(&keys::directory_chunk(Section::People, hash), hash).await?;
            people.extend(
                found.into_iter().filter(|one| ids.contains(&one.id)).map(|one| (one.id.clone(), one)),
            );
        }
        Ok(people)
    }

    /// Who works for an organization itself, by id; nobody for an organization that is not there.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn team(&self, organization: &OrganizationId) -> Result<Vec<Person>, StoreError> {
        let manifest = self.manifest().await?.ok_or(StoreError::NoDirectory)?;
        if manifest.teams.is_empty() {
            return Ok(Vec::new());
        }
        let hash = &manifest.teams[chunk::bucket(organization.as_str(), manifest.teams.len())];
        let teams: Vec<Team> = self.chunk_at(&keys::team_chunk(hash), hash).await?;
        let found = teams.into_iter().find(|team| team.organization == *organization);
        Ok(found.map(|team| team.people).unwrap_or_default())
    }

    /// The whole current version, to be looked through or changed.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn directory(&self) -> Result<Option<(DirectoryInfo, Draft)>, StoreError> {
        let Some(manifest) = self.manifest().await? else {
            return Ok(None);
        };
        let read = self.sections(&manifest, &Section::ALL).await?;
        let organizations: Vec<PlacedOrganization> = read.entries(Section::Organizations)?;
        let draft = Draft {
            calendars: read.entries(Section::Calendars)?,
            territories: read.entries(Section::Territories)?,
            organizations: organizations.into_iter().map(Organization::from).collect(),
            categories: read.entries(Section::Categories)?,
            routing_rules: read.entries(Section::RoutingRules)?,
            deadline_rules: read.entries(Section::DeadlineRules)?,
            people: read.entries(Section::People)?,
        };
        Ok(Some((manifest.info.clone(), draft)))
    }

    /// Every organization of the current version, by name. Kept by version: 121,000 take about 40 MB.
    ///
    /// # Errors
    /// [`StoreError::NoDirectory`] before the first version.
    pub async fn organizations(&self) -> Result<Arc<Vec<PlacedOrganization>>, StoreError> {
        let manifest = self.manifest().await?.ok_or(StoreError::NoDirectory)?;
        let kept = locked(&self.directory.organizations).clone();
        if let Some((_, kept)) = kept.filter(|(version, _)| *version == manifest.info.version) {
            return Ok(kept);
        }
        let mut read: Vec<PlacedOrganization> = self.section(&manifest, Section::Organizations).await?;
        read.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        let read = Arc::new(read);
        *locked(&self.directory.organizations) = Some((manifest.info.version, Arc::clone(&read)));
        Ok(read)
    }

    /// The manifest of the version that this handle reads: the pinned one, else the current one.
    pub(crate) async fn manifest(&self) -> Result<Option<Arc<Manifest>>, StoreError> {
        match &self.pin {
            Some(pin) => pin.0.get_or_try_init(|| self.current_manifest()).await.cloned(),
            None => self.current_manifest().await,
        }
    }

    /// The current manifest. The pointer is read every time, so that a new version is in force at once everywhere.
    async fn current_manifest(&self) -> Result<Option<Arc<Manifest>>, StoreError> {
        let Some(version) = self.current_version().await? else {
            return Ok(None);
        };
        let kept = locked(&self.directory.manifest).clone();
        if let Some(kept) = kept.filter(|kept| kept.info.version == version) {
            return Ok(Some(kept));
        }
        let manifest = Arc::new(self.manifest_of(version).await?.ok_or(StoreError::NoDirectory)?);
        *locked(&self.directory.manifest) = Some(Arc::clone(&manifest));
        Ok(Some(manifest))
    }

    pub(crate) async fn manifest_of(&self, version: u64) -> Result<Option<Manifest>, StoreError> {
        let key = key_attributes(&keys::directory_version(version));
        let call = self.client.get_item().table_name(&self.platform).set_key(Some(key)).consistent_read(true);
        let found = call.send().await.map_err(StoreError::call("GetItem"))?;
        found.item.map(body).transpose()
    }

    async fn current_version(&self) -> Result<Option<u64>, StoreError> {
        let key = key_attributes(&keys::current_directory());
        let call = self.client.get_item().table_name(&self.platform).set_key(Some(key)).consistent_read(true);
        let found = call.send().await.map_err(StoreError::call("GetItem"))?;
        found.item.map(body).transpose()
    }

    /// The entries of the one chunk that holds the entry with this id, if any does.
    async fn chunk_with<T: DeserializeOwned>(
        &self,
        section: Section,
        id: &str,
    ) -> Result<Vec<T>, StoreError> {
        let manifest = self.manifest().await?.ok_or(StoreError::NoDirectory)?;
        self.chunk_of(&manifest, section, id).await
    }

    async fn chunk_of<T: DeserializeOwned>(
        &self,
        manifest: &Manifest,
        section: Section,
        id: &str,
    ) -> Result<Vec<T>, StoreError> {
        let Some(hashes) = manifest.chunks.get(&section).filter(|hashes| !hashes.is_empty()) else {
            return Ok(Vec::new());
        };
        let hash = &hashes[chunk::bucket(id, hashes.len())];
        self.chunk_at(&keys::directory_chunk(section, hash), hash).await
    }

    /// The entries of a chunk, from what was read before or from the table.
    async fn chunk_at<T: DeserializeOwned>(&self, key: &keys::Key, hash: &str) -> Result<Vec<T>, StoreError> {
        let kept = locked(&self.directory.chunks).get(hash).cloned();
        let json = match kept {
            Some(json) => json,
            None => self.read_chunk(key, hash).await?,
        };
        serde_json::from_str(&json).map_err(|e| StoreError::unreadable(hash, e))
    }

    async fn read_chunk(&self, key: &keys::Key, hash: &str) -> Result<Arc<str>, StoreError> {
        let call = self.client.get_item().table_name(&self.platform).set_key(Some(key_attributes(key)));
        let found = call.consistent_read(true).send().await.map_err(StoreError::call("GetItem"))?;
        let json: String = body(found.item.unwrap_or_default())?;
        let json: Arc<str> = json.into();
        let mut chunks = locked(&self.directory.chunks);
        if chunks.len() >= KEPT_CHUNKS {
            chunks.clear();
        }
        chunks.insert(hash.to_owned(), Arc::clone(&json));
        Ok(json)
    }

    /// Every entry of a section.
    pub(crate) async fn section<T: DeserializeOwned>(
        &self,
        manifest: &Manifest,
        section: Section,
    ) -> Result<Vec<T>, StoreError> {
        self.sections(manifest, &[section]).await?.entries(section)
    }

    /// Reads whole sections together: a function's first request waits for this.
    pub(crate) async fn sections<'a>(
        &self,
        manifest: &'a Manifest,
        sections: &[Section],
    ) -> Result<Read<'a>, StoreError> {
        let keys = sections.iter().flat_map(|section| manifest.section_keys(*section));
        let keys: HashSet<keys::Key> = keys.collect();
        let items = self.get_all(keys).await?;
        let chunk = |item: Item| Ok((text_of(&item, PK).to_owned(), body::<String>(item)?));
        let chunks = items.into_iter().map(chunk).collect::<Result<_, StoreError>>()?;
        Ok(Read { manifest, chunks })
    }
}

/// What was read of a version: chunks by their partition key.
pub(crate) struct Read<'a> {
    manifest: &'a Manifest,
    chunks: HashMap<String, String>,
}

impl Read<'_> {
    /// The entries of a section, chunk by chunk in the manifest's order.
    fn entries<T: DeserializeOwned>(&self, section: Section) -> Result<Vec<T>, StoreError> {
        let mut entries = Vec::with_capacity(self.manifest.info.counts.get(&section).copied().unwrap_or(0));
        for key in self.manifest.section_keys(section) {
            // Equal chunks (empty ones) are stored once and listed many times.
            let json = self.chunks.get(&key.pk).ok_or(StoreError::NoDirectory)?;
            let more: Vec<T> = serde_json::from_str(json).map_err(|e| StoreError::unreadable(&key.pk, e))?;
            entries.extend(more);
        }
        Ok(entries)
    }
}

fn tree<N: Node>(entries: Vec<N>) -> Result<Tree<N>, StoreError> {
    Tree::build(entries).map_err(|problems| {
        let message = problems.first().map(|problem| problem.flaw.to_string()).unwrap_or_default();
        StoreError::unreadable("DIRECTORY", std::io::Error::other(message))
    })
}

fn weekends() -> Result<Calendar, StoreError> {
    let id = "weekends".parse().map_err(|e| StoreError::unreadable("weekends", e))?;
    Ok(Calendar::weekends_only(id))
}
