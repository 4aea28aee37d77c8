//! What a sound directory looks like: every reference resolves, every tree is a tree, no submission is without a term.

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::tz::TimeZone;

use super::draft::Draft;
use super::flaw::{Flaw, NAME_LENGTH, Violation};
use super::section::Section;
use crate::category::{Category, LEVELS};
use crate::deadline::{DeadlineRule, TermKind};
use crate::organization::Organization;
use crate::submission::kind::SubmissionKind;
use crate::territory::Territory;
use crate::tree::{Node, Tree, TreeViolation};

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
        let organizations = check(&draft)?;
        Ok(Self { draft, organizations })
    }

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

/// Checks a draft as a whole; gives its tree of organizations.
fn check(draft: &Draft) -> Result<Tree<Organization>, Vec<Violation>> {
    problems(draft).map_err(|mut problems| {
        for problem in &mut problems {
            let entry = draft.entries(problem.section).nth(problem.index);
            problem.id = entry.map(|entry| entry.id().to_owned());
        }
        problems
    })
}

fn problems(draft: &Draft) -> Result<Tree<Organization>, Vec<Violation>> {
    let mut check = Check::default();
    let calendars = check.unique(Section::Calendars, draft.calendars.iter().map(|c| &c.id));
    let territories = check.tree(Section::Territories, draft.territories.clone());
    let organizations = check.tree(Section::Organizations, draft.organizations.clone());
    let categories = check.tree(Section::Categories, draft.categories.clone());
    check.unique(Section::RoutingRules, draft.routing_rules.iter().map(|r| &r.id));
    check.unique(Section::DeadlineRules, draft.deadline_rules.iter().map(|r| &r.id));
    check.unique(Section::People, draft.people.iter().map(|p| &p.id));
    // References make sense only into sections that are sound by themselves.
    let (Some(territories), Some(organizations), Some(categories)) = (territories, organizations, categories)
    else {
        return Err(check.problems);
    };
    check.territories(draft, &territories, &calendars, &organizations);
    check.names(draft);
    check.categories(draft, &categories);
    check.routing_rules(draft, &territories, &organizations, &categories);
    check.deadline_rules(draft, &categories);
    check.people(draft, &organizations);
    if check.problems.is_empty() { Ok(organizations) } else { Err(check.problems) }
}

#[derive(Default)]
struct Check {
    problems: Vec<Violation>,
}

impl Check {
    fn add(&mut self, section: Section, index: usize, field: &'static str, flaw: impl Into<Flaw>) {
        self.problems.push(Violation { section, index, id: None, field, flaw: flaw.into() });
    }

    fn unique<'i, I: Eq + std::hash::Hash + fmt::Display + 'i>(
        &mut self,
        section: Section,
        ids: impl Iterator<Item = &'i I>,
    ) -> HashSet<&'i I> {
        let mut seen = HashSet::new();
        for (index, id) in ids.enumerate() {
            if !seen.insert(id) {
                self.add(section, index, "id", Flaw::UsedTwice(id.to_string()));
            }
        }
        seen
    }

    fn tree<N: Node>(&mut self, section: Section, list: Vec<N>) -> Option<Tree<N>> {
        match Tree::build(list) {
            Ok(tree) => Some(tree),
            Err(problems) => {
                for TreeViolation { index, field, flaw } in problems {
                    self.add(section, index, field, flaw);
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
            self.add(section, 0, "id", Flaw::NoTerritory);
        }
        for (index, territory) in draft.territories.iter().enumerate() {
            if territory.parent.is_none() {
                if tree.roots().first() != Some(&territory.id) {
                    self.add(section, index, "parent", Flaw::SecondRoot);
                }
                if territory.time_zone.is_none() {
                    self.add(section, index, "time_zone", Flaw::RootTimeZone);
                }
                if territory.default_organization.is_none() {
                    self.add(section, index, "default_organization", Flaw::RootOrganization);
                }
            }
            if let Some(zone) = &territory.time_zone
                && TimeZone::get(zone).is_err()
            {
                self.add(section, index, "time_zone", Flaw::TimeZone(zone.clone()));
            }
            if let Some(calendar) = &territory.calendar
                && !calendars.contains(calendar)
            {
                self.add(section, index, "calendar", Flaw::NoSuchEntry(calendar.to_string()));
            }
            if let Some(organization) = &territory.default_organization
                && organizations.get(organization).is_none()
            {
                self.add(section, index, "default_organization", Flaw::NoSuchEntry(organization.to_string()));
            }
        }
    }

    fn names(&mut self, draft: &Draft) {
        let names = (draft
            .territories
            .iter()
            .map(|n| &n.name)
            .enumerate()
            .map(|n| (Section::Territories, n)))
        .chain(draft.organizations.iter().map(|n| &n.name).enumerate().map(|n| (Section::Organizations, n)))
        .chain(draft.categories.iter().map(|n| &n.name).enumerate().map(|n| (Section::Categories, n)));
        for (section, (index, name)) in names {
            let length = name.chars().count();
            if name.trim().is_empty() {
                self.add(section, index, "name", Flaw::EmptyName);
            } else if length > NAME_LENGTH {
                self.add(section, index, "name", Flaw::LongName(length));
            }
        }
    }

    fn categories(&mut self, draft: &Draft, tree: &Tree<Category>) {
        for (index, category) in draft.categories.iter().enumerate() {
            if tree.depth(&category.id) >= LEVELS {
                self.add(Section::Categories, index, "parent", Flaw::TopicInTopic);
            }
        }
    }

    fn routing_rules(
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
                self.add(section, index, "category", Flaw::NoSuchEntry(category.to_string()));
            }
            if let Some(territory) = rule.territory.as_ref().filter(|id| territories.get(id).is_none()) {
                self.add(section, index, "territory", Flaw::NoSuchEntry(territory.to_string()));
            }
            if organizations.get(&rule.organization).is_none() {
                self.add(section, index, "organization", Flaw::NoSuchEntry(rule.organization.to_string()));
            }
            if let Some(other) = taken.insert((&rule.category, &rule.territory), &rule.id) {
                self.add(section, index, "category", Flaw::SameRule(other.clone()));
            }
        }
    }

    fn deadline_rules(&mut self, draft: &Draft, categories: &Tree<Category>) {
        for (index, rule) in draft.deadline_rules.iter().enumerate() {
            let section = Section::DeadlineRules;
            if let Some(category) = rule.category.as_ref().filter(|id| categories.get(id).is_none()) {
                self.add(section, index, "category", Flaw::NoSuchEntry(category.to_string()));
            }
            if !(1..=365).contains(&rule.days) {
                self.add(section, index, "days", Flaw::Days);
            }
            if rule.extension > 365 {
                self.add(section, index, "extension", Flaw::Extension);
            }
        }
        for (kind, clock) in required_terms() {
            let is_default =
                |rule: &DeadlineRule| (rule.kind, rule.clock) == (kind, clock) && rule.category.is_none();
            if !draft.deadline_rules.iter().any(is_default) {
                let flaw = Flaw::MissingTerm { kind, clock };
                self.add(Section::DeadlineRules, draft.deadline_rules.len(), "clock", flaw);
            }
        }
    }

    fn people(&mut self, draft: &Draft, organizations: &Tree<Organization>) {
        for (index, person) in draft.people.iter().enumerate() {
            if organizations.get(&person.organization).is_none() {
                let flaw = Flaw::NoSuchEntry(person.organization.to_string());
                self.add(Section::People, index, "organization", flaw);
            }
            if person.roles.is_empty() {
                self.add(Section::People, index, "roles", Flaw::NoRole);
            }
        }
    }
}
