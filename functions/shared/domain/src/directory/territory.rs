//! Territories: the tree of regions, districts and towns.

use serde::{Deserialize, Serialize};

use crate::ids::{CalendarId, OrganizationId, TerritoryId};
use crate::tree::Node;

/// A territory. What it does not say itself it takes from the territory above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Territory {
    pub id: TerritoryId,
    /// What people call it.
    pub name: String,
    /// The territory around it; exactly one territory has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<TerritoryId>,
    /// IANA time zone, for example `Europe/Moscow`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarId>,
    /// Who decides where a submission goes when no rule does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_organization: Option<OrganizationId>,
}

impl Node for Territory {
    type Id = TerritoryId;

    fn id(&self) -> &TerritoryId {
        &self.id
    }

    fn parent(&self) -> Option<&TerritoryId> {
        self.parent.as_ref()
    }

    fn name(&self) -> &str {
        &self.name
    }
}
