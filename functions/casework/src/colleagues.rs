//! The caseworkers that a case can be assigned to, and the number of cases that each of them has open.

use std::collections::{BTreeMap, HashMap};

use domain::organization::OrganizationPath;
use domain::person::Person;
use domain::{OrganizationId, PersonId};
use entrypoint::App;
use entrypoint::http::Failure;
use pages::{Choice, Layout};
use serde::Serialize;
use store::InboxEntry;
use utoipa::ToSchema;

/// A caseworker with what they have open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Colleague {
    #[schema(value_type = String)]
    pub(crate) person: PersonId,
    /// The id, if nothing else is known.
    pub(crate) name: String,
    /// Open submissions assigned to them, of those that were counted.
    pub(crate) open: usize,
}

impl Colleague {
    /// «Иванов · 12».
    pub(crate) fn label(&self, l: &Layout) -> String {
        format!("{} · {}", self.name, l.integer(self.open))
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

/// How many of these each caseworker has.
pub(crate) fn load(entries: &[InboxEntry]) -> BTreeMap<&PersonId, usize> {
    let mut load = BTreeMap::new();
    for assignee in entries.iter().filter_map(|entry| entry.assignee.as_ref()) {
        *load.entry(assignee).or_insert(0) += 1;
    }
    load
}

/// People with their names and loads; who has least comes first.
pub(crate) fn with_load(
    people: impl IntoIterator<Item = PersonId>,
    names: &HashMap<PersonId, String>,
    entries: &[InboxEntry],
) -> Vec<Colleague> {
    let load = load(entries);
    let colleague = |person: PersonId| Colleague {
        name: names.get(&person).cloned().unwrap_or_else(|| person.to_string()),
        open: load.get(&person).copied().unwrap_or(0),
        person,
    };
    let mut colleagues: Vec<Colleague> = people.into_iter().map(colleague).collect();
    colleagues.sort_by(|a, b| (a.open, &a.name).cmp(&(b.open, &b.name)));
    colleagues
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(assignee: Option<&str>) -> InboxEntry {
        serde_json::from_value(json!({
            "id": "00000000-0000-0000-0000-000000000001", "version": 1, "kind": "report", "status": "assigned",
            "territory": "town", "received": "2026-03-01T00:00:00Z", "assignee": assignee,
        }))
        .unwrap()
    }

    #[test]
    fn who_has_least_comes_first_then_by_name() {
        let entries = [entry(Some("a")), entry(Some("a")), entry(None), entry(Some("b"))];
        let people: [PersonId; 4] = ["a", "b", "c", "d"].map(|id| id.parse().unwrap());
        let names = HashMap::from([
            (people[2].clone(), "Яковлев".to_owned()),
            (people[3].clone(), "Антонов".to_owned()),
        ]);
        let colleagues = with_load(people, &names, &entries);
        let shown: Vec<(&str, usize)> = colleagues.iter().map(|one| (one.name.as_str(), one.open)).collect();
        assert_eq!(shown, [("Антонов", 0), ("Яковлев", 0), ("b", 1), ("a", 2)]);
    }

    #[test]
    fn the_way_up_begins_with_the_organization_itself() {
        let path: OrganizationPath = serde_json::from_value(json!("/region/town/school/")).unwrap();
        let ids: Vec<String> = upward(&path).iter().map(ToString::to_string).collect();
        assert_eq!(ids, ["school", "town", "region"]);
    }
}
