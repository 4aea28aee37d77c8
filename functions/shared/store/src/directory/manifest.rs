//! A version of the directory, as stored.

use std::collections::BTreeMap;

use domain::directory::{Counts, Section};
use domain::organization::{Organization, OrganizationPath};
use domain::person::Person;
use domain::{OrganizationId, PersonId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::keys;

/// What is in a version of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryInfo {
    /// Counts up by one.
    pub version: u64,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it; none for the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// Entries per section.
    pub counts: BTreeMap<Section, usize>,
    /// Entries that it changed, per section; none if that was not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<BTreeMap<Section, Counts>>,
}

/// A version of the directory, as stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Manifest {
    #[serde(flatten)]
    pub(crate) info: DirectoryInfo,
    /// Hashes of the chunks of each section; the position is the bucket.
    pub(crate) chunks: BTreeMap<Section, Vec<String>>,
    /// Hashes of the chunks that say who works where.
    #[serde(default)]
    pub(crate) teams: Vec<String>,
}

impl Manifest {
    /// The keys of a section's chunks, in their order.
    pub(crate) fn section_keys(&self, section: Section) -> impl Iterator<Item = keys::Key> {
        let hashes = self.chunks.get(&section).map_or(&[][..], Vec::as_slice);
        hashes.iter().map(move |hash| keys::directory_chunk(section, hash))
    }

    /// The keys of all its chunks.
    pub(crate) fn keys(&self) -> impl Iterator<Item = keys::Key> {
        let of_sections = self.chunks.keys().flat_map(|section| self.section_keys(*section));
        of_sections.chain(self.teams.iter().map(|hash| keys::team_chunk(hash)))
    }
}

/// Who works for an organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Team {
    pub(crate) organization: OrganizationId,
    pub(crate) people: Vec<Person>,
}

/// An organization with its place in the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedOrganization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// The organization above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<OrganizationId>,
    /// The way from the root.
    pub path: OrganizationPath,
}

impl From<PlacedOrganization> for Organization {
    fn from(placed: PlacedOrganization) -> Self {
        Self { id: placed.id, name: placed.name, parent: placed.parent }
    }
}
