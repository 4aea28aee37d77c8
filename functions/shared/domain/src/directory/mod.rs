//! The directory: everything about organizations, territories, categories, rules and roles, written whole.
//!
//! A [`Draft`] is what files say; a [`Directory`] is a draft in which every reference resolves, every tree is a tree
//! and every submission would find its deadline and its organization.

pub mod authorization;
pub mod category;
mod check;
mod difference;
mod entry;
mod flaw;
pub mod organization;
pub mod person;
pub mod territory;
pub mod tree;
pub mod voter;

pub use difference::{Changed, Counts, FieldChange, Kind, counts, difference};
pub use entry::{Entry, Reference, target};
pub use flaw::{Flaw, NAME_LENGTH};

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::calendar::Calendar;
use crate::category::Category;
use crate::deadline::{DeadlineRule, TermKind};
use crate::organization::Organization;
use crate::person::Person;
use crate::routing::RoutingRule;
use crate::submission::kind::SubmissionKind;
use crate::territory::Territory;
use crate::tree::Tree;
use crate::variants::named_variants;

/// The parts of a directory.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    VariantArray,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Section {
    /// [`Draft::calendars`]
    Calendars,
    /// [`Draft::territories`]
    Territories,
    /// [`Draft::organizations`]
    Organizations,
    /// [`Draft::categories`]
    Categories,
    /// [`Draft::routing_rules`]
    RoutingRules,
    /// [`Draft::deadline_rules`]
    DeadlineRules,
    /// [`Draft::people`]
    People,
}

impl FromStr for Section {
    type Err = UnknownSection;

    fn from_str(name: &str) -> Result<Self, UnknownSection> {
        Self::ALL.into_iter().find(|section| section.as_str() == name).ok_or(UnknownSection)
    }
}

/// No section has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a directory has no such section")]
pub struct UnknownSection;

named_variants!(Section);

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A directory as written, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// Working-day calendars.
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

/// What is wrong with one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The part of the directory.
    pub section: Section,
    /// Position of the entry in its section, from 0.
    pub index: usize,
    /// Id of the entry; none if something that should be there is missing.
    pub id: Option<String>,
    /// The field at fault.
    pub field: &'static str,
    /// What is wrong with it.
    pub flaw: Flaw,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}].{}: {}", self.section, self.index, self.field, self.flaw)
    }
}

/// A checked directory.
#[derive(Debug, Clone)]
pub struct Directory {
    draft: Draft,
    organizations: Tree<Organization>,
}

impl Directory {
    /// Checks a draft as a whole.
    ///
    /// # Errors
    /// Every problem found, not just the first.
    pub fn build(draft: Draft) -> Result<Self, Vec<Violation>> {
        let organizations = check::check(&draft)?;
        Ok(Self { draft, organizations })
    }

    /// The entries.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The tree of organizations.
    pub fn organizations(&self) -> &Tree<Organization> {
        &self.organizations
    }
}

/// The terms without which some submission would have no deadline.
pub const fn required_terms() -> [(SubmissionKind, TermKind); 6] {
    use SubmissionKind::{Appeal, Report};
    [
        (Report, TermKind::Answer),
        (Report, TermKind::Rating),
        (Appeal, TermKind::Registration),
        (Appeal, TermKind::Redirect),
        (Appeal, TermKind::Answer),
        (Appeal, TermKind::Rating),
    ]
}
