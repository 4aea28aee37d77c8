//! The directory: everything about organizations, territories, categories, rules and roles, written whole.
//!
//! A [`Draft`] is what files say; a [`Directory`] is a draft in which every reference resolves, every tree is a tree
//! and every submission would find its deadline and its organization.

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::category::{Category, LEVELS};
use crate::deadline::{Clock, DeadlineRule};
use crate::organization::Organization;
use crate::person::Person;
use crate::routing::RoutingRule;
use crate::submission::SubmissionKind;
use crate::territory::Territory;
use crate::tree::{Node, Tree, TreeProblem};

/// The parts of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

impl Section {
    /// Every section, referred-to ones first.
    pub const ALL: [Self; 7] = [
        Self::Calendars,
        Self::Territories,
        Self::Organizations,
        Self::Categories,
        Self::RoutingRules,
        Self::DeadlineRules,
        Self::People,
    ];

    /// The name used in files and keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calendars => "calendars",
            Self::Territories => "territories",
            Self::Organizations => "organizations",
            Self::Categories => "categories",
            Self::RoutingRules => "routing_rules",
            Self::DeadlineRules => "deadline_rules",
            Self::People => "people",
        }
    }
}

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
}

fn merge_by<T, K: Eq + std::hash::Hash>(entries: &mut Vec<T>, others: Vec<T>, key: impl Fn(&T) -> K) {
    let mut places: HashMap<K, usize> = entries.iter().enumerate().map(|(at, entry)| (key(entry), at)).collect();
    for other in others {
        match places.get(&key(&other)) {
            Some(&at) => entries[at] = other,
            None => {
                places.insert(key(&other), entries.len());
                entries.push(other);
            }
        }
    }
}

/// What is wrong with one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The part of the directory.
    pub section: Section,
    /// Position of the entry in its section, from 0.
    pub index: usize,
    /// The field at fault.
    pub field: String,
    /// What would be right.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}].{}: {}", self.section, self.index, self.field, self.message)
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
    pub fn build(draft: Draft) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let calendars = check.unique(Section::Calendars, draft.calendars.iter().map(|c| &c.id));
        let territories = check.tree(Section::Territories, draft.territories.clone());
        let organizations = check.tree(Section::Organizations, draft.organizations.clone());
        let categories = check.tree(Section::Categories, draft.categories.clone());
        check.unique(Section::RoutingRules, draft.routing_rules.iter().map(|r| &r.id));
        check.unique(Section::DeadlineRules, draft.deadline_rules.iter().map(|r| &r.id));
        check.unique(Section::People, draft.people.iter().map(|p| &p.id));
        // References make sense only into sections that are sound by themselves.
        if let (Some(territories), Some(organizations), Some(categories)) = (territories, organizations, categories) {
            check.territories(&draft, &territories, &calendars, &organizations);
            check.names(&draft);
            check.categories(&draft, &categories);
            check.rules(&draft, &territories, &organizations, &categories);
            if check.problems.is_empty() {
                return Ok(Self { draft, organizations });
            }
        }
        Err(check.problems)
    }

    /// The entries.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The entries, to be changed and checked anew.
    pub fn into_draft(self) -> Draft {
        self.draft
    }

    /// The tree of organizations.
    pub fn organizations(&self) -> &Tree<Organization> {
        &self.organizations
    }
}

#[derive(Default)]
struct Check {
    problems: Vec<Problem>,
}

impl Check {
    fn add(&mut self, section: Section, index: usize, field: &str, message: impl Into<String>) {
        self.problems.push(Problem { section, index, field: field.into(), message: message.into() });
    }

    fn unique<'i, I: Eq + std::hash::Hash + fmt::Display + 'i>(
        &mut self,
        section: Section,
        ids: impl Iterator<Item = &'i I>,
    ) -> HashSet<&'i I> {
        let mut seen = HashSet::new();
        for (index, id) in ids.enumerate() {
            if !seen.insert(id) {
                self.add(section, index, "id", format!("«{id}» is used twice"));
            }
        }
        seen
    }

    fn tree<N: Node>(&mut self, section: Section, list: Vec<N>) -> Option<Tree<N>> {
        match Tree::build(list) {
            Ok(tree) => Some(tree),
            Err(problems) => {
                for TreeProblem { index, field, message } in problems {
                    self.add(section, index, field, message);
                }
                None
            }
        }
    }

    fn territories(
        &mut self,
        draft: &Draft,
        tree: &Tree<Territory>,
        calendars: &HashSet<&crate::ids::CalendarId>,
        organizations: &Tree<Organization>,
    ) {
        let section = Section::Territories;
        if tree.is_empty() {
            self.add(section, 0, "id", "there must be at least one territory, the root");
        }
        for (index, territory) in draft.territories.iter().enumerate() {
            if territory.parent.is_none() {
                if tree.roots().first() != Some(&territory.id) {
                    self.add(section, index, "parent", "only one territory, the root, has no parent");
                }
                if territory.time_zone.is_none() {
                    self.add(section, index, "time_zone", "the root territory needs one, for example Europe/Moscow");
                }
                if territory.default_organization.is_none() {
                    self.add(section, index, "default_organization", "the root territory needs one");
                }
            }
            if let Some(zone) = &territory.time_zone
                && TimeZone::get(zone).is_err()
            {
                self.add(section, index, "time_zone", format!("«{zone}» is no IANA time zone"));
            }
            if let Some(calendar) = &territory.calendar
                && !calendars.contains(calendar)
            {
                self.add(section, index, "calendar", format!("there is no «{calendar}»"));
            }
            if let Some(organization) = &territory.default_organization
                && organizations.get(organization).is_none()
            {
                self.add(section, index, "default_organization", format!("there is no «{organization}»"));
            }
        }
    }

    fn names(&mut self, draft: &Draft) {
        let names = (draft.territories.iter().map(|n| &n.name).enumerate().map(|n| (Section::Territories, n)))
            .chain(draft.organizations.iter().map(|n| &n.name).enumerate().map(|n| (Section::Organizations, n)))
            .chain(draft.categories.iter().map(|n| &n.name).enumerate().map(|n| (Section::Categories, n)));
        for (section, (index, name)) in names {
            if name.trim().is_empty() {
                self.add(section, index, "name", "must not be empty");
            } else if name.chars().count() > 500 {
                self.add(section, index, "name", "has more than 500 characters");
            }
        }
    }

    fn categories(&mut self, draft: &Draft, tree: &Tree<Category>) {
        for (index, category) in draft.categories.iter().enumerate() {
            if tree.depth(&category.id) >= LEVELS {
                self.add(Section::Categories, index, "parent", "a topic belongs to a group, not to another topic");
            }
        }
    }

    fn rules(
        &mut self,
        draft: &Draft,
        territories: &Tree<Territory>,
        organizations: &Tree<Organization>,
        categories: &Tree<Category>,
    ) {
        let mut taken = HashMap::new();
        for (index, rule) in draft.routing_rules.iter().enumerate() {
            let section = Section::RoutingRules;
            if let Some(category) = rule.category.as_ref().filter(|id| categories.get(id).is_none()) {
                self.add(section, index, "category", format!("there is no «{category}»"));
            }
            if let Some(territory) = rule.territory.as_ref().filter(|id| territories.get(id).is_none()) {
                self.add(section, index, "territory", format!("there is no «{territory}»"));
            }
            if organizations.get(&rule.organization).is_none() {
                self.add(section, index, "organization", format!("there is no «{}»", rule.organization));
            }
            if let Some(other) = taken.insert((&rule.category, &rule.territory), &rule.id) {
                self.add(section, index, "category", format!("rule «{other}» has the same category and territory"));
            }
        }
        for (index, rule) in draft.deadline_rules.iter().enumerate() {
            let section = Section::DeadlineRules;
            if let Some(category) = rule.category.as_ref().filter(|id| categories.get(id).is_none()) {
                self.add(section, index, "category", format!("there is no «{category}»"));
            }
            if !(1..=365).contains(&rule.days) {
                self.add(section, index, "days", "must be from 1 to 365");
            }
            if rule.extension > 365 {
                self.add(section, index, "extension", "must be at most 365");
            }
        }
        for (kind, clock) in required_terms() {
            let is_default = |rule: &DeadlineRule| (rule.kind, rule.clock) == (kind, clock) && rule.category.is_none();
            if !draft.deadline_rules.iter().any(is_default) {
                let kind = kind.as_str();
                let message = format!("there must be a rule without category for kind {kind} and clock {clock:?}");
                self.add(Section::DeadlineRules, draft.deadline_rules.len(), "clock", message);
            }
        }
        for (index, person) in draft.people.iter().enumerate() {
            if organizations.get(&person.organization).is_none() {
                let message = format!("there is no «{}»", person.organization);
                self.add(Section::People, index, "organization", message);
            }
            if person.roles.is_empty() {
                self.add(Section::People, index, "roles", "name at least one role");
            }
        }
    }
}

/// The terms without which some submission would have no deadline.
pub const fn required_terms() -> [(SubmissionKind, Clock); 6] {
    use SubmissionKind::{Appeal, Report};
    [
        (Report, Clock::Answer),
        (Report, Clock::Rating),
        (Appeal, Clock::Registration),
        (Appeal, Clock::Redirect),
        (Appeal, Clock::Answer),
        (Appeal, Clock::Rating),
    ]
}
