//! Caseworkers who have submissions, and whether they can still answer them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::organization::OrganizationPath;
use domain::person::Person;
use domain::{OrganizationId, PersonId};
use entrypoint::App;
use entrypoint::http::Failure;
use store::{OrganizationCounts, PlacedOrganization};

/// Those to whom something is assigned that they can no longer answer: they have moved, lost the role or left the directory.
/// Their work is nobody's.
#[derive(Debug, Default)]
pub(crate) struct Executors {
    gone: BTreeMap<PersonId, BTreeSet<OrganizationId>>,
}

impl Executors {
    /// Everybody to whom these organizations have assigned something, by the directory as it is now.
    pub(crate) async fn of(
        app: &App,
        counts: &[OrganizationCounts],
        directory: &[PlacedOrganization],
    ) -> Result<Self, Failure> {
        let mut holders: BTreeMap<&PersonId, BTreeSet<&OrganizationId>> = BTreeMap::new();
        for one in counts {
            for person in one.counts.cells.keys().filter_map(|cell| cell.assignee.as_ref()) {
                holders.entry(person).or_default().insert(&one.organization);
            }
        }
        if holders.is_empty() {
            return Ok(Self::default());
        }
        let people = app.store.people(holders.keys().copied()).await?;
        let paths: HashMap<&OrganizationId, &OrganizationPath> =
            directory.iter().map(|organization| (&organization.id, &organization.path)).collect();
        let mut gone: BTreeMap<PersonId, BTreeSet<OrganizationId>> = BTreeMap::new();
        for (person, organizations) in holders {
            let lost = organizations.into_iter().filter(|id| !can_answer(people.get(person), id, &paths));
            let lost: BTreeSet<OrganizationId> = lost.cloned().collect();
            if !lost.is_empty() {
                gone.insert(person.clone(), lost);
            }
        }
        Ok(Self { gone })
    }

    #[cfg(test)]
    pub(crate) fn having_left(person: &str, organization: &str) -> Self {
        let organizations = BTreeSet::from([organization.parse().unwrap()]);
        Self { gone: BTreeMap::from([(person.parse().unwrap(), organizations)]) }
    }

    /// Whether somebody has work of an organization that they cannot answer any more.
    pub(crate) fn has_gone(&self, organization: &OrganizationId, person: &PersonId) -> bool {
        self.gone.get(person).is_some_and(|organizations| organizations.contains(organization))
    }
}

fn can_answer(
    person: Option<&Person>,
    responsible: &OrganizationId,
    paths: &HashMap<&OrganizationId, &OrganizationPath>,
) -> bool {
    let Some(person) = person else { return false };
    // An organization that has left the directory cannot be compared; its work stays where it is.
    let Some(responsible) = paths.get(responsible) else { return person.drafts() };
    let own = paths.get(&person.organization);
    own.is_some_and(|own| person.can_be_assigned(own, responsible).is_ok())
}
