//! One entry of any section: what it is called, its fields as texts, what it refers to.

use std::borrow::Cow;

use serde::Serialize;

use super::draft::Draft;
use super::section::Section;
use crate::calendar::Calendar;
use crate::category::Category;
use crate::deadline::DeadlineRule;
use crate::ids::{CalendarId, CategoryId, OrganizationId, TerritoryId};
use crate::organization::Organization;
use crate::person::{Person, Role};
use crate::routing::RoutingRule;
use crate::territory::Territory;

/// An entry. In JSON it is what a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Entry<'d> {
    Calendar(&'d Calendar),
    Territory(&'d Territory),
    Organization(&'d Organization),
    Category(&'d Category),
    RoutingRule(&'d RoutingRule),
    DeadlineRule(&'d DeadlineRule),
    Person(&'d Person),
}

/// A field with its value; fields that say nothing are left out.
type FieldText<'d> = (Cow<'static, str>, Cow<'d, str>);

/// An entry that names another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub section: Section,
    pub id: String,
    /// The field that names the other one.
    pub field: String,
}

/// The section whose entries a field names.
pub fn target(section: Section, field: &str) -> Option<Section> {
    Some(match (section, field) {
        (Section::Territories | Section::Organizations | Section::Categories, "parent") => section,
        (Section::Territories, "calendar") => Section::Calendars,
        (Section::Territories, "default_organization")
        | (Section::RoutingRules | Section::People, "organization") => Section::Organizations,
        (Section::RoutingRules | Section::DeadlineRules, "category") => Section::Categories,
        (Section::RoutingRules, "territory") => Section::Territories,
        _ => return None,
    })
}

impl<'d> Entry<'d> {
    pub const fn section(&self) -> Section {
        match self {
            Self::Calendar(_) => Section::Calendars,
            Self::Territory(_) => Section::Territories,
            Self::Organization(_) => Section::Organizations,
            Self::Category(_) => Section::Categories,
            Self::RoutingRule(_) => Section::RoutingRules,
            Self::DeadlineRule(_) => Section::DeadlineRules,
            Self::Person(_) => Section::People,
        }
    }

    pub fn id(&self) -> &'d str {
        match self {
            Self::Calendar(entry) => entry.id.as_str(),
            Self::Territory(entry) => entry.id.as_str(),
            Self::Organization(entry) => entry.id.as_str(),
            Self::Category(entry) => entry.id.as_str(),
            Self::RoutingRule(entry) => entry.id.as_str(),
            Self::DeadlineRule(entry) => entry.id.as_str(),
            Self::Person(entry) => entry.id.as_str(),
        }
    }

    /// Its name, if its section has names.
    pub fn name(&self) -> Option<&'d str> {
        match self {
            Self::Territory(entry) => Some(&entry.name),
            Self::Organization(entry) => Some(&entry.name),
            Self::Category(entry) => Some(&entry.name),
            Self::Calendar(_) | Self::RoutingRule(_) | Self::DeadlineRule(_) | Self::Person(_) => None,
        }
    }

    /// Its fields but for the id, in the order of a file. A day of a calendar is a field of its own:
    /// `days_off.2027-01-01`.
    pub fn fields(&self) -> Vec<FieldText<'d>> {
        let mut fields = Vec::new();
        match self {
            Self::Calendar(entry) => {
                for (list, days) in [("days_off", &entry.days_off), ("working_days", &entry.working_days)] {
                    let day =
                        |(day, name): (_, &'d String)| (Cow::from(format!("{list}.{day}")), Cow::from(name));
                    fields.extend(days.iter().map(day));
                }
            }
            Self::Territory(entry) => {
                given(&mut fields, "name", Some(&entry.name));
                given(&mut fields, "parent", entry.parent.as_ref().map(TerritoryId::as_str));
                given(&mut fields, "time_zone", entry.time_zone.as_deref());
                given(&mut fields, "calendar", entry.calendar.as_ref().map(CalendarId::as_str));
                let default = entry.default_organization.as_ref();
                given(&mut fields, "default_organization", default.map(OrganizationId::as_str));
            }
            Self::Organization(entry) => {
                given(&mut fields, "name", Some(&entry.name));
                given(&mut fields, "parent", entry.parent.as_ref().map(OrganizationId::as_str));
            }
            Self::Category(entry) => {
                given(&mut fields, "name", Some(&entry.name));
                given(&mut fields, "parent", entry.parent.as_ref().map(CategoryId::as_str));
            }
            Self::RoutingRule(entry) => {
                given(&mut fields, "category", entry.category.as_ref().map(CategoryId::as_str));
                given(&mut fields, "territory", entry.territory.as_ref().map(TerritoryId::as_str));
                given(&mut fields, "organization", Some(entry.organization.as_str()));
            }
            Self::DeadlineRule(entry) => deadline_fields(&mut fields, entry),
            Self::Person(entry) => {
                given(&mut fields, "organization", Some(entry.organization.as_str()));
                let roles: Vec<&str> = entry.roles.iter().copied().map(Role::as_str).collect();
                if !roles.is_empty() {
                    fields.push(("roles".into(), roles.join(" ").into()));
                }
            }
        }
        fields
    }
}

fn given<'d>(fields: &mut Vec<FieldText<'d>>, field: &'static str, value: Option<&'d str>) {
    fields.extend(value.map(|value| (field.into(), value.into())));
}

fn deadline_fields<'d>(fields: &mut Vec<FieldText<'d>>, entry: &'d DeadlineRule) {
    given(fields, "kind", Some(entry.kind.as_str()));
    given(fields, "category", entry.category.as_ref().map(CategoryId::as_str));
    given(fields, "clock", Some(entry.clock.as_str()));
    fields.push(("days".into(), entry.days.to_string().into()));
    given(fields, "unit", Some(entry.unit.as_str()));
    given(fields, "roll", Some(entry.roll.as_str()));
    fields.push(("extension".into(), entry.extension.to_string().into()));
    given(fields, "pausable", Some(if entry.pausable { "true" } else { "false" }));
    fields.push(("remind_before".into(), entry.remind_before.to_string().into()));
    if let Some(days) = entry.escalate_after {
        fields.push(("escalate_after".into(), days.to_string().into()));
    }
}

impl Draft {
    /// The entries of a section, in its order.
    pub fn entries(&self, section: Section) -> Box<dyn Iterator<Item = Entry<'_>> + '_> {
        match section {
            Section::Calendars => Box::new(self.calendars.iter().map(Entry::Calendar)),
            Section::Territories => Box::new(self.territories.iter().map(Entry::Territory)),
            Section::Organizations => Box::new(self.organizations.iter().map(Entry::Organization)),
            Section::Categories => Box::new(self.categories.iter().map(Entry::Category)),
            Section::RoutingRules => Box::new(self.routing_rules.iter().map(Entry::RoutingRule)),
            Section::DeadlineRules => Box::new(self.deadline_rules.iter().map(Entry::DeadlineRule)),
            Section::People => Box::new(self.people.iter().map(Entry::Person)),
        }
    }

    /// The entry with this id.
    pub fn entry(&self, section: Section, id: &str) -> Option<Entry<'_>> {
        self.entries(section).find(|entry| entry.id() == id)
    }

    /// Takes an entry out; false if it is not there.
    pub fn remove(&mut self, section: Section, id: &str) -> bool {
        let before = self.entries(section).count();
        match section {
            Section::Calendars => self.calendars.retain(|entry| entry.id.as_str() != id),
            Section::Territories => self.territories.retain(|entry| entry.id.as_str() != id),
            Section::Organizations => self.organizations.retain(|entry| entry.id.as_str() != id),
            Section::Categories => self.categories.retain(|entry| entry.id.as_str() != id),
            Section::RoutingRules => self.routing_rules.retain(|entry| entry.id.as_str() != id),
            Section::DeadlineRules => self.deadline_rules.retain(|entry| entry.id.as_str() != id),
            Section::People => self.people.retain(|entry| entry.id.as_str() != id),
        }
        self.entries(section).count() < before
    }

    /// Every entry that names this one, section by section.
    pub fn references(&self, section: Section, id: &str) -> Vec<Reference> {
        let mut found = Vec::new();
        for from in Section::ALL {
            for entry in self.entries(from) {
                let names_it =
                    |(field, value): &FieldText<'_>| value == id && target(from, field) == Some(section);
                let fields = entry.fields().into_iter().filter(names_it);
                found.extend(fields.map(|(field, _)| Reference {
                    section: from,
                    id: entry.id().to_owned(),
                    field: field.into_owned(),
                }));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        serde_json::from_str(
            r#"{ "organizations": [{ "id": "town", "name": "Town" }, { "id": "roads", "name": "Roads", "parent": "town" }],
                "territories": [{ "id": "roads", "name": "A place called roads", "default_organization": "town" }],
                "categories": [{ "id": "pits", "name": "Pits" }],
                "routing_rules": [{ "id": "r", "category": "pits", "organization": "roads" }],
                "people": [{ "id": "p", "organization": "roads", "roles": ["analyst", "coordinator"] }] }"#,
        )
        .unwrap()
    }

    #[test]
    fn an_entry_is_written_as_in_its_file() {
        let draft = draft();
        let person = draft.entry(Section::People, "p").unwrap();
        let fields: Vec<(String, String)> =
            person.fields().into_iter().map(|(field, value)| (field.into(), value.into())).collect();
        let wanted = [("organization", "roads"), ("roles", "coordinator analyst")];
        assert_eq!(fields, wanted.map(|(field, value)| (field.to_owned(), value.to_owned())));
        let json = serde_json::to_string(&person).unwrap();
        assert_eq!(json, r#"{"id":"p","organization":"roads","roles":["coordinator","analyst"]}"#);
    }

    #[test]
    fn what_names_an_entry_is_found_by_section_and_id() {
        let draft = draft();
        let found = |section, id: &str| -> Vec<String> {
            let references = draft.references(section, id).into_iter();
            references.map(|found| format!("{}/{}.{}", found.section, found.id, found.field)).collect()
        };
        assert_eq!(
            found(Section::Organizations, "roads"),
            ["routing_rules/r.organization", "people/p.organization"]
        );
        assert_eq!(
            found(Section::Organizations, "town"),
            ["territories/roads.default_organization", "organizations/roads.parent"]
        );
        // The territory has the same id, and nothing names it.
        assert_eq!(found(Section::Territories, "roads"), [""; 0]);
        assert_eq!(found(Section::Categories, "pits"), ["routing_rules/r.category"]);
    }

    #[test]
    fn an_entry_is_removed_from_its_section_alone() {
        let mut draft = draft();
        assert!(draft.remove(Section::Territories, "roads"));
        assert!(!draft.remove(Section::Territories, "roads"));
        assert!(draft.entry(Section::Organizations, "roads").is_some());
    }

    #[test]
    fn only_named_sections_are_replaced() {
        let mut draft = draft();
        let other = Draft { categories: draft.categories.clone(), ..Draft::default() };
        draft.replace(&[Section::People, Section::Categories], other);
        assert_eq!((draft.people.len(), draft.categories.len(), draft.organizations.len()), (0, 1, 2));
    }
}
