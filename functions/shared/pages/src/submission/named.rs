//! An entry of the directory with its name.

use domain::tree::{Node, Tree};
use serde::Serialize;
use utoipa::ToSchema;

/// Something of the directory.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
}

impl Named {
    /// A node of a tree.
    pub fn of<N: Node>(node: &N) -> Self {
        Self { id: node.id().to_string(), name: node.name().to_owned() }
    }

    /// The node with this id.
    pub fn find<N: Node>(id: &N::Id, tree: &Tree<N>) -> Self {
        tree.get(id).map_or_else(|| Self::unknown(id), Self::of)
    }

    /// An id that has left the directory stands for itself.
    pub(super) fn unknown(id: &impl ToString) -> Self {
        Self { id: id.to_string(), name: id.to_string() }
    }
}
