//! The caseworkers that a case can be assigned to, and the number of cases that each of them has open.

use std::collections::HashMap;

use domain::organization::OrganizationPath;
use domain::person::Person;
use domain::{OrganizationId, PersonId};
use entrypoint::App;
use entrypoint::http::Failure;
use pages::{Choice, Layout};
use serde::Serialize;
use utoipa::ToSchema;

use crate::inbox::listing::Listing;

/// A caseworker with what they have open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Colleague {
    #[schema(value_type = String)]
    pub(crate) person: PersonId,
    /// The id, if nothing else is known.
    pub(crate) name: String,
    /// Open submissions assigned to them in the organizations listed.
    pub(crate) open: usize,
    /// Whether they can no longer answer any of these: they have moved, lost the role or left.
    pub(crate) left: bool,
}

impl Colleague {
    /// «Иванов · 12».
    pub(crate) fn label(&self, l: &Layout) -> String {
        let name = if self.left { l.with("inbox-left", "name", &self.name) } else { self.name.clone() };
        format!("{name} · {}", l.integer(self.open))
    }

    /// In a list to choose from.
    pub(crate) fn choice(&self, l: &Layout) -> Choice {
        Choice::new(self.person.as_str(), self.label(l))
    }
}

/// The organizations from this one up to the root.
pub(crate) fn upward(path: &OrganizationPath) -> Vec<OrganizationId> {
    path.steps().rev().filter_map(|step| step.parse().ok()).collect()
}

/// The people who may draft answers for an organization: its own caseworkers, and those of the organizations above it.
pub(crate) async fn of_organization(app: &App, path: &OrganizationPath) -> Result<Vec<Person>, Failure> {
    let mut people = Vec::new();
    for organization in upward(path) {
        let team = app.store.team(&organization).await?;
        people.extend(team.into_iter().filter(Person::drafts));
    }
    Ok(people)
}

/// People with their names and loads; who has least comes first.
pub(crate) fn with_load(
    people: impl IntoIterator<Item = PersonId>,
    names: &HashMap<PersonId, String>,
    listing: &Listing,
) -> Vec<Colleague> {
    let load = listing.load();
    let colleague = |person: PersonId| Colleague {
        name: names.get(&person).cloned().unwrap_or_else(|| person.to_string()),
        open: load.get(&person).copied().unwrap_or(0),
        left: load.contains_key(&person) && listing.has_left(&person),
        person,
    };
    sorted(people.into_iter().map(colleague).collect())
}

fn sorted(mut colleagues: Vec<Colleague>) -> Vec<Colleague> {
    colleagues.sort_by(|a, b| (a.open, &a.name).cmp(&(b.open, &b.name)));
    colleagues
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn who_has_least_comes_first_then_by_name() {
        let colleague = |name: &str, open| Colleague {
            person: "someone".parse().unwrap(),
            name: name.into(),
            open,
            left: false,
        };
        let all =
            [("a", 2), ("b", 1), ("Яковлев", 0), ("Антонов", 0)].map(|(name, open)| colleague(name, open));
        let sorted = sorted(all.into());
        let shown: Vec<(&str, usize)> = sorted.iter().map(|one| (one.name.as_str(), one.open)).collect();
        assert_eq!(shown, [("Антонов", 0), ("Яковлев", 0), ("b", 1), ("a", 2)]);
    }

    #[test]
    fn the_way_up_begins_with_the_organization_itself() {
        let path: OrganizationPath = serde_json::from_value(json!("/region/town/school/")).unwrap();
        let ids: Vec<String> = upward(&path).iter().map(ToString::to_string).collect();
        assert_eq!(ids, ["school", "town", "region"]);
    }
}
