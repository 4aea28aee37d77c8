//! Which organization answers: the most exact rule for category and territory, and a sentence that says why.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::category::Category;
use crate::ids::{CategoryId, OrganizationId, RuleId, TerritoryId};
use crate::territory::Territory;
use crate::tree::Tree;

/// One rule of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoutingRule {
    /// Its id, named in every decision.
    pub id: RuleId,
    /// The category and all below it; none means every category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    /// The territory and all below it; none means everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<TerritoryId>,
    /// Who answers.
    pub organization: OrganizationId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by", content = "id")]
pub enum Basis {
    /// A rule of the directory.
    Rule(RuleId),
    /// No rule: the default organization of this territory.
    Default(TerritoryId),
    /// The imported file named the organization.
    Import,
}

impl Basis {
    /// The rule's id, or `default` or `import`.
    pub fn rule(&self) -> &str {
        match self {
            Self::Rule(id) => id.as_str(),
            Self::Default(_) => "default",
            Self::Import => "import",
        }
    }
}

/// Where a submission goes, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingDecision {
    /// Who answers.
    pub organization: OrganizationId,
    pub basis: Basis,
    /// Why, in a sentence.
    pub reason: String,
    /// The category that decided: that of the rule, or the author's for which there is no rule. None if the rule is for
    /// every category, or the author gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    /// The territory of the rule that decided; none if the rule is for everywhere, or no rule did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<TerritoryId>,
}

impl RoutingDecision {
    /// Where an imported file sends a submission.
    pub fn of_import(organization: OrganizationId, name: &str) -> Self {
        Self {
            organization,
            basis: Basis::Import,
            reason: format!("The imported file names «{name}»."),
            category: None,
            territory: None,
        }
    }
}

/// The routing rules, by what they are for.
#[derive(Debug, Clone, Default)]
pub struct RoutingTable {
    rules: HashMap<(Option<CategoryId>, Option<TerritoryId>), RoutingRule>,
}

impl RoutingTable {
    /// Takes the rules of a checked directory, in which no two have the same category and territory.
    pub fn new(rules: Vec<RoutingRule>) -> Self {
        let rules =
            rules.into_iter().map(|rule| ((rule.category.clone(), rule.territory.clone()), rule)).collect();
        Self { rules }
    }

    /// Decides. The most exact category wins; among the rules for it, the nearest territory. Without a category, or
    /// without a rule, the default organization of the nearest territory that has one decides by hand.
    ///
    /// `None` only if the territory is unknown, or no territory above it has a default organization.
    pub fn decide(
        &self,
        category: Option<&CategoryId>,
        territory: &TerritoryId,
        categories: &Tree<Category>,
        territories: &Tree<Territory>,
    ) -> Option<RoutingDecision> {
        let Some(category) = category else {
            return by_default(territory, territories, "No category was given", None);
        };
        let groups = categories.upward(category).map(Some).chain([None]);
        for group in groups {
            let places = territories.upward(territory).map(Some).chain([None]);
            for place in places {
                let key = (group.map(|node| node.id.clone()), place.map(|node| node.id.clone()));
                if let Some(rule) = self.rules.get(&key) {
                    return Some(by_rule(rule, group, place));
                }
            }
        }
        let name = categories.get(category).map_or(category.as_str(), |node| &node.name);
        let why = format!("No rule covers the category «{name}» here");
        by_default(territory, territories, &why, Some(category))
    }
}

fn by_rule(
    rule: &RoutingRule,
    category: Option<&Category>,
    territory: Option<&Territory>,
) -> RoutingDecision {
    let what = category.map_or("every category".into(), |node| format!("the category «{}»", node.name));
    let place = territory.map_or("everywhere".into(), |node| format!("in «{}»", node.name));
    RoutingDecision {
        organization: rule.organization.clone(),
        basis: Basis::Rule(rule.id.clone()),
        reason: format!("Rule «{}» names who answers for {what} {place}.", rule.id),
        category: rule.category.clone(),
        territory: rule.territory.clone(),
    }
}

fn by_default(
    territory: &TerritoryId,
    tree: &Tree<Territory>,
    why: &str,
    category: Option<&CategoryId>,
) -> Option<RoutingDecision> {
    let (node, organization) =
        tree.upward(territory).find_map(|node| node.default_organization.clone().map(|id| (node, id)))?;
    Some(RoutingDecision {
        organization,
        basis: Basis::Default(node.id.clone()),
        reason: format!("{why}: a coordinator of the default organization of «{}» decides.", node.name),
        category: category.cloned(),
        territory: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn territory(id: &str, parent: Option<&str>, default: Option<&str>) -> Territory {
        Territory {
            id: id.parse().unwrap(),
            name: id.to_uppercase(),
            parent: parent.map(|p| p.parse().unwrap()),
            time_zone: None,
            calendar: None,
            default_organization: default.map(|o| o.parse().unwrap()),
        }
    }

    fn category(id: &str, parent: Option<&str>) -> Category {
        Category {
            id: id.parse().unwrap(),
            name: id.to_uppercase(),
            parent: parent.map(|p| p.parse().unwrap()),
        }
    }

    fn rule(id: &str, category: Option<&str>, territory: Option<&str>, organization: &str) -> RoutingRule {
        RoutingRule {
            id: id.parse().unwrap(),
            category: category.map(|c| c.parse().unwrap()),
            territory: territory.map(|t| t.parse().unwrap()),
            organization: organization.parse().unwrap(),
        }
    }

    fn decide(rules: Vec<RoutingRule>, category_id: Option<&str>, territory_id: &str) -> RoutingDecision {
        let categories = Tree::build(vec![category("roads", None), category("pits", Some("roads"))]).unwrap();
        let territories = Tree::build(vec![
            territory("region", None, Some("government")),
            territory("town", Some("region"), None),
        ])
        .unwrap();
        let category_id = category_id.map(|c| c.parse().unwrap());
        RoutingTable::new(rules)
            .decide(category_id.as_ref(), &territory_id.parse().unwrap(), &categories, &territories)
            .unwrap()
    }

    #[test]
    fn the_most_exact_category_wins_then_the_nearest_territory() {
        let rules = vec![
            rule("any", None, None, "anyone"),
            rule("roads-town", Some("roads"), Some("town"), "town-roads"),
            rule("pits-region", Some("pits"), Some("region"), "ministry"),
        ];
        assert_eq!(decide(rules.clone(), Some("pits"), "town").basis.rule(), "pits-region");
        assert_eq!(decide(rules.clone(), Some("roads"), "town").organization.as_str(), "town-roads");
        assert_eq!(decide(rules.clone(), Some("roads"), "region").basis.rule(), "any");
        // The rule's own category and territory are kept, to say why.
        let pits = decide(rules, Some("pits"), "town");
        assert_eq!(pits.category.as_ref().map(CategoryId::as_str), Some("pits"));
        assert_eq!(pits.territory.as_ref().map(TerritoryId::as_str), Some("region"));
    }

    #[test]
    fn without_a_rule_the_default_organization_decides() {
        let decision = decide(vec![], Some("pits"), "town");
        assert_eq!(decision.organization.as_str(), "government");
        assert_eq!(decision.basis.rule(), "default");
        assert_eq!(decision.category.as_ref().map(CategoryId::as_str), Some("pits"));
        assert_eq!(
            decision.reason,
            "No rule covers the category «PITS» here: a coordinator of the default organization of «REGION» decides."
        );
    }

    #[test]
    fn without_a_category_not_even_a_rule_for_everything_decides() {
        let decision = decide(vec![rule("any", None, None, "anyone")], None, "town");
        assert_eq!(decision.basis.rule(), "default");
    }
}
