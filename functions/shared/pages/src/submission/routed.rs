//! Why an organization: what decided, in parts that every language can make its sentence of.

use domain::routing::{Basis, RoutingDecision};
use domain::rulebook::Rulebook;
use serde::Serialize;
use utoipa::ToSchema;

use super::named::Named;

/// What decided who answers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RoutedBy {
    /// `rule`, `default` (no rule fits: a default organization decides) or `import` (the imported file named it).
    pub by: &'static str,
    /// The category of the rule; for `default` the author's. Null if there is none.
    pub category: Option<Named>,
    /// The territory of the rule or of the default organization. Null if the rule is for everywhere.
    pub territory: Option<Named>,
}

impl RoutedBy {
    pub(super) fn of(decision: &RoutingDecision, rulebook: &Rulebook) -> Self {
        let territory = match &decision.basis {
            Basis::Default(territory) => Some(territory),
            Basis::Rule(_) | Basis::Import => decision.territory.as_ref(),
        };
        Self {
            by: match decision.basis {
                Basis::Rule(_) => "rule",
                Basis::Default(_) => "default",
                Basis::Import => "import",
            },
            category: decision.category.as_ref().map(|id| Named::find(id, &rulebook.categories)),
            territory: territory.map(|id| Named::find(id, &rulebook.territories)),
        }
    }
}
