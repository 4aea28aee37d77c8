//! The rulebook: the trees, rules and calendars of the directory, which every function reads whole. Organizations and people
//! are too many for that, and are looked up one at a time.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::calendar::Calendar;
use crate::category::Category;
use crate::deadline::{Deadline, DeadlineRule, LocalDays, TermKind};
use crate::ids::{CategoryId, TerritoryId};
use crate::routing::{RoutingDecision, RoutingTable};
use crate::submission::kind::SubmissionKind;
use crate::territory::Territory;
use crate::tree::Tree;

/// One version of the directory's trees and rules.
#[derive(Debug, Clone)]
pub struct Rulebook {
    /// The version of the directory.
    pub version: u64,
    /// The tree of territories.
    pub territories: Tree<Territory>,
    /// Groups and topics.
    pub categories: Tree<Category>,
    /// Who answers for what, where.
    pub routing: RoutingTable,
    /// How long things may take.
    pub deadline_rules: Vec<DeadlineRule>,
    pub calendars: Vec<Calendar>,
    /// What counts where no calendar is named.
    pub weekends: Calendar,
}

/// What the rules of the directory decide by.
#[derive(Debug, Clone, Copy)]
pub struct CaseFacts<'s> {
    pub kind: SubmissionKind,
    pub category: Option<&'s CategoryId>,
    pub territory: &'s TerritoryId,
}

/// The directory lacks something that a checked directory has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the directory, version {version}, has no {what}")]
pub struct IncompleteDirectory {
    version: u64,
    what: String,
}

impl Rulebook {
    /// The territory that contains all others.
    pub fn root_territory(&self) -> Option<&Territory> {
        self.territories.roots().first().and_then(|id| self.territories.get(id))
    }

    /// Calendar and time zone of a territory, taken from the nearest one above that names them.
    pub fn local_days(&self, territory: &TerritoryId) -> LocalDays<'_> {
        let zone = self.territories.upward(territory).find_map(|node| node.time_zone.as_deref());
        let zone = zone.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
        let calendar = self.territories.upward(territory).find_map(|node| node.calendar.as_ref());
        let calendar = calendar.and_then(|id| self.calendars.iter().find(|calendar| calendar.id == *id));
        LocalDays { calendar: calendar.unwrap_or(&self.weekends), zone }
    }

    /// The rule for a term: the one for the category, else for its group, else for every category.
    ///
    /// # Errors
    /// [`IncompleteDirectory`] if not even a rule for every category is there.
    pub fn deadline_rule(
        &self,
        kind: SubmissionKind,
        term: TermKind,
        category: Option<&CategoryId>,
    ) -> Result<&DeadlineRule, IncompleteDirectory> {
        let own = category.into_iter().flat_map(|id| self.categories.upward(id)).map(|node| Some(&node.id));
        for wanted in own.chain([None]) {
            let fits = |rule: &&DeadlineRule| {
                (rule.kind, rule.clock) == (kind, term) && rule.category.as_ref() == wanted
            };
            if let Some(rule) = self.deadline_rules.iter().find(fits) {
                return Ok(rule);
            }
        }
        let what = format!("deadline rule for kind {} and clock {term:?}", kind.as_str());
        Err(IncompleteDirectory { version: self.version, what })
    }

    /// Counts a term from `start`.
    ///
    /// # Errors
    /// [`IncompleteDirectory`] if there is no rule for it.
    pub fn deadline(
        &self,
        facts: CaseFacts<'_>,
        term: TermKind,
        start: Timestamp,
    ) -> Result<Deadline, IncompleteDirectory> {
        let rule = self.deadline_rule(facts.kind, term, facts.category)?;
        Ok(Deadline::count(rule, self.version, start, &self.local_days(facts.territory)))
    }

    /// Where a submission goes.
    ///
    /// # Errors
    /// [`IncompleteDirectory`] if its territory is unknown and the root has no default organization.
    pub fn route(&self, facts: CaseFacts<'_>) -> Result<RoutingDecision, IncompleteDirectory> {
        let known = self.territories.get(facts.territory).or_else(|| self.root_territory());
        let decision = known.and_then(|territory| {
            self.routing.decide(facts.category, &territory.id, &self.categories, &self.territories)
        });
        decision.ok_or_else(|| IncompleteDirectory {
            version: self.version,
            what: format!("default organization for the territory «{}»", facts.territory),
        })
    }
}
