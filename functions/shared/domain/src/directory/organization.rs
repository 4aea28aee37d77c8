//! Organizations: the tree of authorities and institutions that answer.

use serde::{Deserialize, Serialize};

use crate::ids::OrganizationId;
use crate::tree::{Node, Tree};

/// An organization as the directory's author writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    pub id: OrganizationId,
    pub name: String,
    /// The organization above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<OrganizationId>,
}

impl Node for Organization {
    type Id = OrganizationId;

    fn id(&self) -> &OrganizationId {
        &self.id
    }

    fn parent(&self) -> Option<&OrganizationId> {
        self.parent.as_ref()
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// The way from the root of the tree down to an organization: `/region/town/school/`. "Is under" is a prefix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrganizationPath(String);

impl OrganizationPath {
    /// The path of an organization in its tree; `/` for an unknown one.
    pub fn of(id: &OrganizationId, tree: &Tree<Organization>) -> Self {
        let mut names: Vec<&str> = tree.upward(id).map(|node| node.id.as_str()).collect();
        names.reverse();
        let mut path = String::from("/");
        for name in names {
            path.push_str(name);
            path.push('/');
        }
        Self(path)
    }

    /// Whether this is the other organization or one below it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The organizations from the root down to this one.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|step| !step.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organization(id: &str, parent: Option<&str>) -> Organization {
        Organization {
            id: id.parse().unwrap(),
            name: id.to_uppercase(),
            parent: parent.map(|p| p.parse().unwrap()),
        }
    }

    #[test]
    fn under_is_a_prefix_of_whole_names() {
        let tree = Tree::build(vec![
            organization("town", None),
            organization("school-1", Some("town")),
            organization("school-12", Some("town")),
        ])
        .unwrap();
        let path = |id: &str| OrganizationPath::of(&id.parse().unwrap(), &tree);
        assert!(path("school-1").is_within(&path("town")));
        assert!(path("town").is_within(&path("town")));
        assert!(!path("town").is_within(&path("school-1")));
        assert!(!path("school-12").is_within(&path("school-1")), "a longer name is another organization");
        assert_eq!(path("school-1").steps().collect::<Vec<_>>(), ["town", "school-1"]);
    }
}
