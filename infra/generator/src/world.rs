//! Whom and what messages are about: categories, territories, organizations, and how often each.

use std::collections::{HashMap, HashSet};

use domain::ids::InvalidId;
use domain::{CategoryId, OrganizationId};

use super::calendar::Season;
use super::names::Names;
use super::random::{Weighted, zipf};
use super::territory::Territory;
use super::vocabulary::Vocabulary;

/// Regions of the made-up country.
const REGIONS: usize = 90;
/// Groups that a municipality answers for itself; of the others the region does.
const MUNICIPAL: [&str; 8] = [
    "roads",
    "housing",
    "waste",
    "yards",
    "street-lighting",
    "public-transport",
    "education",
    ADMINISTRATION,
];
/// Answers for what has no category.
const ADMINISTRATION: &str = "administration";

/// An entry of a directory that somebody else keeps.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct WorldEntry {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The entry above it.
    pub parent: Option<String>,
}

/// Why messages cannot be made for a directory.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// Nothing to write about.
    #[error("the directory has no categories")]
    NoCategories,
    /// Nowhere to write from.
    #[error("the directory has no territories")]
    NoTerritories,
    /// An entry cannot be named.
    #[error("«{id}» is no id")]
    Id {
        /// The id.
        id: String,
        /// What is wrong with it.
        #[source]
        source: InvalidId,
    },
}

/// A leaf category.
#[derive(Debug)]
pub(super) struct Category {
    pub(super) id: CategoryId,
    pub(super) name: String,
    pub(super) season: Season,
    /// Its group and topic in the vocabulary, if people are known to write of it.
    pub(super) topic: Option<(usize, usize)>,
    /// Days in which a report is to be answered.
    pub(super) term: i64,
    /// The number of its group among the groups of the world.
    group: usize,
}

/// Everything that a message can be about.
#[derive(Debug)]
pub(super) struct World {
    pub(super) categories: Vec<Category>,
    pub(super) category_weights: Weighted,
    pub(super) territories: Vec<Territory>,
    pub(super) territory_weights: Weighted,
    pub(super) regions: Vec<String>,
    organizations: Vec<OrganizationId>,
    /// By territory, then by group.
    responsible: Vec<Vec<usize>>,
}

impl World {
    /// A made-up country: 90 regions with 25 or so municipalities each, and every topic of the vocabulary.
    pub(super) fn country(vocabulary: &Vocabulary) -> Result<Self, WorldError> {
        let mut categories = Vec::new();
        for (at, group) in vocabulary.groups.iter().enumerate() {
            categories.push(entry(group.id, group.id, None));
            for topic in &vocabulary.groups[at].topics {
                categories.push(entry(topic.id, topic.name, Some(group.id)));
            }
        }
        let (mut territories, mut weights) = (Vec::new(), Vec::new());
        for (region, region_weight) in zipf(REGIONS, 0.7).into_iter().enumerate() {
            let region_id = format!("region-{:02}", region + 1);
            // 18 to 33.
            let count = 18 + (region * 7 + 5) % 16;
            for (at, weight) in zipf(count, 1.0).into_iter().enumerate() {
                let name = vocabulary.names.municipality(territories.len());
                let id = format!("{region_id}-{:03}", at + 1);
                let (of, inside) = (format!("{name}а"), format!("{name}е"));
                territories.push(Territory { id: parsed(&id)?, name, of, inside, region });
                weights.push(region_weight * weight);
            }
        }
        let regions = (1..=REGIONS).map(|region| format!("region-{region:02}")).collect();
        Self::build(vocabulary, &categories, territories, &weights, regions)
    }

    /// A directory that somebody else keeps. Of both trees the leaves are used, the first oftener than the last.
    pub(super) fn of(
        vocabulary: &Vocabulary,
        categories: &[WorldEntry],
        territories: &[WorldEntry],
    ) -> Result<Self, WorldError> {
        let mut regions: Vec<String> = Vec::new();
        let mut leaves_found = Vec::new();
        for leaf in leaves(territories) {
            let above = leaf.parent.as_ref().unwrap_or(&leaf.id);
            let region = regions.iter().position(|region| region == above).unwrap_or_else(|| {
                regions.push(above.clone());
                regions.len() - 1
            });
            let (of, inside) = ("нашего города".to_owned(), "нашем городе".to_owned());
            leaves_found.push(Territory {
                id: parsed(&leaf.id)?,
                name: leaf.name.clone(),
                of,
                inside,
                region,
            });
        }
        if leaves_found.is_empty() {
            return Err(WorldError::NoTerritories);
        }
        let weights = zipf(leaves_found.len(), 0.8);
        Self::build(vocabulary, categories, leaves_found, &weights, regions)
    }

    fn build(
        vocabulary: &Vocabulary,
        entries: &[WorldEntry],
        territories: Vec<Territory>,
        territory_weights: &[f64],
        regions: Vec<String>,
    ) -> Result<Self, WorldError> {
        let mut groups: Vec<&str> = Vec::new();
        let mut categories = Vec::new();
        for leaf in leaves(entries) {
            let above = leaf.parent.as_ref().unwrap_or(&leaf.id).as_str();
            let group = groups.iter().position(|group| *group == above).unwrap_or_else(|| {
                groups.push(above);
                groups.len() - 1
            });
            let topic = vocabulary.find(&leaf.id);
            let season = topic.map_or(Season::Even, |(g, t)| vocabulary.groups[g].topics[t].season);
            let term = term(above, &leaf.id);
            let (id, name) = (parsed(&leaf.id)?, leaf.name.clone());
            categories.push(Category { id, name, season, topic, term, group });
        }
        if categories.is_empty() {
            return Err(WorldError::NoCategories);
        }
        // The first topics of the first groups are the most frequent; what the vocabulary does not know comes last.
        categories.sort_by_key(|category| {
            category.topic.map_or(usize::MAX, |(group, topic)| (group + 1) * (topic + 1))
        });
        let category_weights = Weighted::new(&zipf(categories.len(), 0.9));
        let (organizations, responsible) = organizations(&groups, &territories, &regions)?;
        Ok(Self {
            categories,
            category_weights,
            territories,
            territory_weights: Weighted::new(territory_weights),
            regions,
            organizations,
            responsible,
        })
    }

    /// The organization that answers: of the territory's, the last one is for what has no category.
    pub(super) fn organization(&self, category: Option<usize>, territory: usize) -> &OrganizationId {
        let responsible = &self.responsible[territory];
        let group = category.map_or(responsible.len() - 1, |category| self.categories[category].group);
        &self.organizations[responsible[group]]
    }

    /// How well it works, 0.5 to 1.5: the time it takes against the usual one.
    pub(super) fn slowness(organization: &OrganizationId) -> f64 {
        let byte = Names::hash(organization.as_str()).to_le_bytes()[0];
        0.5 + f64::from(byte) / 255.0
    }
}

/// Days in which a report is to be answered.
fn term(group: &str, category: &str) -> i64 {
    match (group, category) {
        (_, "open-manhole") => 1,
        ("waste", _) => 5,
        ("street-lighting", _) => 7,
        _ => 14,
    }
}

/// All organizations, and for every territory which of them answers for each group and for what has no group.
fn organizations(
    groups: &[&str],
    territories: &[Territory],
    regions: &[String],
) -> Result<(Vec<OrganizationId>, Vec<Vec<usize>>), WorldError> {
    let (mut all, mut known) = (Vec::new(), HashMap::new());
    let mut responsible = Vec::new();
    for territory in territories {
        let mut of_territory = Vec::new();
        for group in groups.iter().chain(&[ADMINISTRATION]) {
            let place = if MUNICIPAL.contains(group) {
                territory.id.as_str()
            } else {
                regions[territory.region].as_str()
            };
            let id = format!("{place}-{group}");
            let at = if let Some(&at) = known.get(&id) {
                at
            } else {
                all.push(parsed(&id)?);
                known.insert(id, all.len() - 1);
                all.len() - 1
            };
            of_territory.push(at);
        }
        responsible.push(of_territory);
    }
    Ok((all, responsible))
}

fn parsed<T: std::str::FromStr<Err = InvalidId>>(id: &str) -> Result<T, WorldError> {
    id.parse().map_err(|source| WorldError::Id { id: id.to_owned(), source })
}

fn entry(id: &str, name: &str, parent: Option<&str>) -> WorldEntry {
    WorldEntry { id: id.to_owned(), name: name.to_owned(), parent: parent.map(str::to_owned) }
}

/// The entries that stand above no other.
fn leaves(entries: &[WorldEntry]) -> impl Iterator<Item = &WorldEntry> {
    let parents: HashSet<&str> = entries.iter().filter_map(|entry| entry.parent.as_deref()).collect();
    entries.iter().filter(move |entry| !parents.contains(entry.id.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_country_is_as_large_as_it_says() {
        let world = World::country(&Vocabulary::read()).unwrap();
        assert_eq!((world.categories.len(), world.regions.len()), (153, 90));
        assert!((2_200..2_400).contains(&world.territories.len()), "{}", world.territories.len());
        assert!((18_000..21_000).contains(&world.organizations.len()), "{}", world.organizations.len());
        assert_eq!(world.organization(Some(0), 0).as_str(), "region-01-001-roads");
    }

    #[test]
    fn of_a_directory_the_leaves_are_used() {
        let vocabulary = Vocabulary::read();
        let categories = [entry("roads", "Дороги", None), entry("pothole", "Яма", Some("roads"))];
        let world = World::of(&vocabulary, &categories, &[entry("t", "Т", None)]).unwrap();
        assert_eq!(world.categories[0].id.as_str(), "pothole");
        assert!(matches!(
            World::of(&vocabulary, &[], &[entry("t", "Т", None)]),
            Err(WorldError::NoCategories)
        ));
        assert!(matches!(World::of(&vocabulary, &categories, &[]), Err(WorldError::NoTerritories)));
        let bad = World::of(&vocabulary, &categories, &[entry("a b", "Т", None)]);
        assert_eq!(bad.unwrap_err().to_string(), "«a b» is no id");
    }
}
