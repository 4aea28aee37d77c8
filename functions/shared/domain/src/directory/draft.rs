//! A directory as its files say it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::category::Category;
use super::organization::Organization;
use super::person::Person;
use super::section::Section;
use super::territory::Territory;
use crate::calendar::Calendar;
use crate::deadline::DeadlineRule;
use crate::routing::RoutingRule;

/// A directory as written, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub calendars: Vec<Calendar>,
    /// The tree of territories; it has one root.
    pub territories: Vec<Territory>,
    /// The tree of organizations.
    pub organizations: Vec<Organization>,
    /// Groups and topics.
    pub categories: Vec<Category>,
    /// Who answers for what, where.
    pub routing_rules: Vec<RoutingRule>,
    /// How long things may take.
    pub deadline_rules: Vec<DeadlineRule>,
    /// Staff and their roles.
    pub people: Vec<Person>,
}

impl Draft {
    /// Adds the other draft's entries; an entry with an id that is there already takes its place.
    pub fn merge(&mut self, other: Self) {
        merge_by(&mut self.calendars, other.calendars, |entry| entry.id.clone());
        merge_by(&mut self.territories, other.territories, |entry| entry.id.clone());
        merge_by(&mut self.organizations, other.organizations, |entry| entry.id.clone());
        merge_by(&mut self.categories, other.categories, |entry| entry.id.clone());
        merge_by(&mut self.routing_rules, other.routing_rules, |entry| entry.id.clone());
        merge_by(&mut self.deadline_rules, other.deadline_rules, |entry| entry.id.clone());
        merge_by(&mut self.people, other.people, |entry| entry.id.clone());
    }

    /// Takes these sections from the other draft, whole.
    pub fn replace(&mut self, sections: &[Section], other: Self) {
        let old = std::mem::replace(self, other);
        for section in Section::ALL.into_iter().filter(|section| !sections.contains(section)) {
            match section {
                Section::Calendars => self.calendars.clone_from(&old.calendars),
                Section::Territories => self.territories.clone_from(&old.territories),
                Section::Organizations => self.organizations.clone_from(&old.organizations),
                Section::Categories => self.categories.clone_from(&old.categories),
                Section::RoutingRules => self.routing_rules.clone_from(&old.routing_rules),
                Section::DeadlineRules => self.deadline_rules.clone_from(&old.deadline_rules),
                Section::People => self.people.clone_from(&old.people),
            }
        }
    }
}

fn merge_by<T, K: Eq + std::hash::Hash>(entries: &mut Vec<T>, others: Vec<T>, key: impl Fn(&T) -> K) {
    let mut places: HashMap<K, usize> =
        entries.iter().enumerate().map(|(at, entry)| (key(entry), at)).collect();
    for other in others {
        if let Some(&at) = places.get(&key(&other)) {
            entries[at] = other;
        } else {
            places.insert(key(&other), entries.len());
            entries.push(other);
        }
    }
}
