//! Categories: two levels, a group and the topics in it.

use serde::{Deserialize, Serialize};

use crate::ids::CategoryId;
use crate::tree::Node;

/// How many levels the tree of categories has at most.
pub const LEVELS: usize = 2;

/// A category: a group (no parent) or a topic in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub id: CategoryId,
    /// What people call it.
    pub name: String,
    /// The group it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CategoryId>,
}

impl Node for Category {
    type Id = CategoryId;

    fn id(&self) -> &CategoryId {
        &self.id
    }

    fn parent(&self) -> Option<&CategoryId> {
        self.parent.as_ref()
    }

    fn name(&self) -> &str {
        &self.name
    }
}
