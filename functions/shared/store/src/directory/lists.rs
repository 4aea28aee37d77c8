//! Whole sections as lists, for those who look through them.

use std::sync::Arc;

use domain::directory::{Draft, Section};
use domain::tree::Node;

use super::cache::{Folded, locked};
use super::manifest::PlacedOrganization;
use crate::Store;
use crate::error::StoreError;

/// Organizations that were looked for.
#[derive(Debug)]
pub struct FoundOrganizations {
    all: Arc<Vec<PlacedOrganization>>,
    /// Places in `all`.
    places: Vec<usize>,
}

impl FoundOrganizations {
    /// How many there are.
    pub fn total(&self) -> usize {
        self.places.len()
    }

    /// They, by name.
    pub fn iter(&self) -> impl Iterator<Item = &PlacedOrganization> {
        self.places.iter().map(|&place| &self.all[place])
    }
}

impl Store {
    /// Organizations with this in their name or id, in any case. 121,000 are looked through in a few milliseconds.
    ///
    /// # Errors
    /// [`StoreError::NoDirectory`] before the first version.
    pub async fn find_organizations(&self, part: &str) -> Result<FoundOrganizations, StoreError> {
        let all = self.organizations().await?;
        let kept = locked(&self.directory.folded).clone().filter(|kept| Arc::ptr_eq(&kept.all, &all));
        let folded = kept.unwrap_or_else(|| {
            let text = |organization: &PlacedOrganization| {
                format!("{}\n{}", organization.name, organization.id).to_lowercase().into_boxed_str()
            };
            let texts = all.iter().map(text).collect();
            let folded = Arc::new(Folded { all: Arc::clone(&all), texts });
            *locked(&self.directory.folded) = Some(Arc::clone(&folded));
            folded
        });
        let part = part.to_lowercase();
        let mut places = Vec::new();
        for (place, text) in folded.texts.iter().enumerate() {
            if text.contains(&*part) {
                places.push(place);
            }
        }
        Ok(FoundOrganizations { all, places })
    }

    /// Every section of the current version but the organizations, which are many: entries with names by name, others
    /// by id. Kept by version.
    ///
    /// # Errors
    /// [`StoreError::NoDirectory`] before the first version.
    pub async fn directory_lists(&self) -> Result<Arc<Draft>, StoreError> {
        let manifest = self.manifest().await?.ok_or(StoreError::NoDirectory)?;
        let kept = locked(&self.directory.lists).clone();
        if let Some((_, kept)) = kept.filter(|(version, _)| *version == manifest.info.version) {
            return Ok(kept);
        }
        let mut lists = Draft {
            calendars: self.section(&manifest, Section::Calendars).await?,
            territories: self.section(&manifest, Section::Territories).await?,
            organizations: Vec::new(),
            categories: self.section(&manifest, Section::Categories).await?,
            routing_rules: self.section(&manifest, Section::RoutingRules).await?,
            deadline_rules: self.section(&manifest, Section::DeadlineRules).await?,
            people: self.section(&manifest, Section::People).await?,
        };
        lists.calendars.sort_by(|a, b| a.id.cmp(&b.id));
        by_name(&mut lists.territories);
        by_name(&mut lists.categories);
        lists.routing_rules.sort_by(|a, b| a.id.cmp(&b.id));
        lists.deadline_rules.sort_by(|a, b| a.id.cmp(&b.id));
        lists.people.sort_by(|a, b| a.id.cmp(&b.id));
        let lists = Arc::new(lists);
        *locked(&self.directory.lists) = Some((manifest.info.version, Arc::clone(&lists)));
        Ok(lists)
    }
}

fn by_name<N: Node>(nodes: &mut [N]) {
    nodes.sort_by(|a, b| (a.name(), a.id()).cmp(&(b.name(), b.id())));
}
