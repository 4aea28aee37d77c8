//! Names for ids. An id that has left the directory stands for itself.

use std::collections::HashMap;

use domain::OrganizationId;
use domain::tree::{Node, Tree};
use pages::submission::Named;

pub(crate) type OrganizationNames = HashMap<OrganizationId, String>;

pub(crate) fn node<N: Node>(tree: &Tree<N>, id: &str) -> Named
where
    N::Id: std::str::FromStr,
{
    let node = id.parse().ok().and_then(|id| tree.get(&id));
    node.map_or_else(|| Named { id: id.to_owned(), name: id.to_owned() }, Named::of)
}

pub(crate) fn organization(id: &str, names: &OrganizationNames) -> Named {
    let name = id.parse().ok().and_then(|parsed: OrganizationId| names.get(&parsed));
    Named { id: id.to_owned(), name: name.map_or(id, String::as_str).to_owned() }
}
