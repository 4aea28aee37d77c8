//! An entry as a filled-in form, and what its fields offer.

use std::borrow::Cow;

use domain::SubmissionKind;
use domain::deadline::{Roll, TermKind, Unit};
use domain::directory::{Draft, Entry, Section};
use domain::person::Role;
use domain::tree::Node;
use entrypoint::http::FormValues;
use pages::{Choice, Layout};

/// Longer lists are not offered: the id or the name is written instead.
const LONGEST: usize = 1_000;

/// The values of an entry.
pub(crate) fn values(entry: &Entry<'_>) -> FormValues {
    let mut values = FormValues::default();
    for (field, value) in entry.fields() {
        if field == "roles" {
            for role in value.split(' ') {
                values.set("roles[]", role);
            }
        } else if !field.contains('.') {
            values.set(field, value);
        }
    }
    for list in ["days_off", "working_days"] {
        values.set(list, days(entry, list));
    }
    values
}

/// The days of a calendar, one a line.
fn days(entry: &Entry<'_>, list: &str) -> String {
    let line = |(field, name): (Cow<'_, str>, Cow<'_, str>)| {
        let (in_list, day) = field.split_once('.')?;
        (in_list == list).then(|| format!("{day} {name}"))
    };
    entry.fields().into_iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// What the fields of a section's form offer.
#[derive(Default)]
pub(crate) struct Offers {
    pub(crate) categories: Vec<Choice>,
    pub(crate) groups: Vec<Choice>,
    pub(crate) territories: Vec<Choice>,
    pub(crate) calendars: Vec<Choice>,
    pub(crate) kinds: Vec<Choice>,
    pub(crate) clocks: Vec<Choice>,
    pub(crate) units: Vec<Choice>,
    pub(crate) rolls: Vec<Choice>,
    pub(crate) roles: Vec<Choice>,
}

impl Offers {
    pub(crate) fn of(l: &Layout, section: Section, lists: &Draft) -> Self {
        let named = |prefix: &str, names: &[&str]| -> Vec<Choice> {
            names.iter().map(|name| Choice::new(*name, l.named(prefix, name))).collect()
        };
        let mut offers = Self::default();
        match section {
            Section::Categories => {
                offers.groups = nodes(lists.categories.iter().filter(|c| c.parent.is_none()));
            }
            Section::Territories => {
                offers.territories = nodes(lists.territories.iter());
                offers.calendars = lists
                    .calendars
                    .iter()
                    .map(|calendar| Choice::new(calendar.id.as_str(), calendar.id.as_str()))
                    .collect();
            }
            Section::RoutingRules => {
                offers.categories = categories(lists);
                offers.territories = nodes(lists.territories.iter());
            }
            Section::DeadlineRules => {
                offers.categories = categories(lists);
                offers.kinds =
                    named("kind", &[SubmissionKind::Report.as_str(), SubmissionKind::Appeal.as_str()]);
                offers.clocks = named("directory-clock", &TermKind::ALL.map(TermKind::as_str));
                offers.units = named("directory-unit", &Unit::ALL.map(Unit::as_str));
                offers.rolls = named("directory-roll", &Roll::ALL.map(Roll::as_str));
            }
            Section::People => offers.roles = named("role", &Role::ALL.map(Role::as_str)),
            Section::Calendars | Section::Organizations => {}
        }
        offers
    }
}

fn nodes<'n, N: Node + 'n>(nodes: impl Iterator<Item = &'n N>) -> Vec<Choice> {
    let choices: Vec<Choice> = nodes.map(|node| Choice::new(node.id().to_string(), node.name())).collect();
    if choices.len() > LONGEST { Vec::new() } else { choices }
}

/// Groups with their topics; a group itself comes first in it.
fn categories(lists: &Draft) -> Vec<Choice> {
    if lists.categories.len() > LONGEST {
        return Vec::new();
    }
    let mut choices = Vec::new();
    for group in lists.categories.iter().filter(|category| category.parent.is_none()) {
        let members = lists.categories.iter().filter(|category| category.parent.as_ref() == Some(&group.id));
        for category in std::iter::once(group).chain(members) {
            let choice = Choice::new(category.id.as_str(), &*category.name);
            choices.push(Choice { group: Some(group.name.clone()), ..choice });
        }
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{EntryRequest, NameableEntries};

    #[test]
    fn a_form_that_is_sent_as_it_is_changes_nothing() {
        let draft: Draft = serde_json::from_str(
            r#"{
            "calendars": [{ "id": "c", "days_off": { "2027-01-01": "Новый год", "2027-01-02": "Каникулы" },
                "working_days": { "2027-02-20": "Вместо 22 февраля" } }],
            "territories": [{ "id": "t", "name": "Город", "parent": "t0", "time_zone": "Europe/Moscow", "calendar": "c",
                "default_organization": "o" }, { "id": "t0", "name": "Область" }],
            "organizations": [{ "id": "o", "name": "Дороги", "parent": "o0" }, { "id": "o0", "name": "Город" }],
            "categories": [{ "id": "k", "name": "Яма", "parent": "k0" }, { "id": "k0", "name": "Дороги" }],
            "routing_rules": [{ "id": "r", "category": "k", "territory": "t", "organization": "o" },
                { "id": "r0", "organization": "o" }],
            "deadline_rules": [{ "id": "d", "kind": "appeal", "category": "k", "clock": "redirect", "days": 7,
                "unit": "working_days", "roll": "previous", "extension": 3, "pausable": true, "remind_before": 2,
                "escalate_after": 5 },
                { "id": "d0", "kind": "report", "clock": "answer", "days": 1, "unit": "calendar_days" }],
            "people": [{ "id": "p", "organization": "o", "roles": ["coordinator", "workspace_admin"] }] }"#,
        )
        .unwrap();
        let nameable = NameableEntries::of(&draft);
        for section in Section::ALL {
            for entry in draft.entries(section) {
                let request: EntryRequest = values(&entry).read().unwrap();
                let made = request.draft(section, entry.id(), &nameable).unwrap();
                assert_eq!(made.entry(section, entry.id()), Some(entry));
            }
        }
    }
}
