//! Trees of territories, categories and organizations. A tree is checked when it is built, and never changes after that.

use std::collections::HashMap;
use std::hash::Hash;

/// Something with a place in a tree.
pub trait Node {
    type Id: Clone + Eq + Hash + Ord + std::fmt::Display;
    fn id(&self) -> &Self::Id;
    /// The node above it; a root has none.
    fn parent(&self) -> Option<&Self::Id>;
    /// What people call it.
    fn name(&self) -> &str;
}

/// A checked forest: ids are unique, every parent exists, there is no cycle.
#[derive(Debug, Clone)]
pub struct Tree<N: Node> {
    nodes: HashMap<N::Id, N>,
    children: HashMap<N::Id, Vec<N::Id>>,
    roots: Vec<N::Id>,
}

/// What is wrong with the node at `index` of the list a tree was to be built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeViolation {
    /// Position in the list, from 0.
    pub index: usize,
    /// `id` or `parent`.
    pub field: &'static str,
    pub flaw: TreeFlaw,
}

/// What can be wrong with a place in a tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeFlaw {
    /// An id stands twice.
    #[error("«{id}» is used twice; it is also the id of entry {first}")]
    UsedTwice {
        id: String,
        /// The first entry with it, from 1.
        first: usize,
    },
    /// The node above is not there.
    #[error("there is no «{0}»")]
    NoParent(String),
    /// A member of a cycle.
    #[error("«{0}» is above itself: its parents form a cycle")]
    AboveItself(String),
}

impl<N: Node> Tree<N> {
    /// Builds a tree and finds everything that is wrong with it.
    ///
    /// # Errors
    /// Every duplicate id, unknown parent and member of a cycle, in the order of the list.
    pub fn build(list: Vec<N>) -> Result<Self, Vec<TreeViolation>> {
        let problems = check(&list);
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut children: HashMap<N::Id, Vec<N::Id>> = HashMap::new();
        let mut roots = Vec::new();
        for node in &list {
            match node.parent() {
                Some(parent) => children.entry(parent.clone()).or_default().push(node.id().clone()),
                None => roots.push(node.id().clone()),
            }
        }
        let nodes = list.into_iter().map(|node| (node.id().clone(), node)).collect();
        Ok(Self { nodes, children, roots })
    }

    /// The node with this id.
    pub fn get(&self, id: &N::Id) -> Option<&N> {
        self.nodes.get(id)
    }

    /// The nodes without a parent, in the order of the list.
    pub fn roots(&self) -> &[N::Id] {
        &self.roots
    }

    /// The nodes right below this one, in the order of the list.
    pub fn children(&self, id: &N::Id) -> &[N::Id] {
        self.children.get(id).map_or(&[], Vec::as_slice)
    }

    /// The node itself, its parent, and so on up to the root; empty for an unknown id.
    pub fn upward<'t>(&'t self, id: &N::Id) -> impl Iterator<Item = &'t N> + use<'t, N> {
        std::iter::successors(self.get(id), |node| node.parent().and_then(|parent| self.get(parent)))
    }

    /// The node itself and everything below it; empty for an unknown id.
    pub fn subtree(&self, id: &N::Id) -> Vec<N::Id> {
        let mut found: Vec<N::Id> = self.get(id).map(|node| node.id().clone()).into_iter().collect();
        let mut next = 0;
        while let Some(id) = found.get(next) {
            let below = self.children(id).to_vec();
            found.extend(below);
            next += 1;
        }
        found
    }

    /// Nodes above this one: 0 for a root.
    pub fn depth(&self, id: &N::Id) -> usize {
        self.upward(id).count().saturating_sub(1)
    }

    /// The node that people mean by `wanted`: the one with this id, else the only one with this name.
    pub fn find(&self, wanted: &str) -> Option<&N>
    where
        N::Id: std::str::FromStr,
    {
        let by_id = wanted.parse().ok().and_then(|id| self.get(&id));
        by_id.or_else(|| {
            let mut named = self.nodes.values().filter(|node| node.name() == wanted);
            let first = named.next();
            if named.next().is_some() { None } else { first }
        })
    }

    /// Every node, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &N> {
        self.nodes.values()
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes at all.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

fn check<N: Node>(list: &[N]) -> Vec<TreeViolation> {
    let mut problems = Vec::new();
    let mut index_of: HashMap<&N::Id, usize> = HashMap::with_capacity(list.len());
    for (index, node) in list.iter().enumerate() {
        if let Some(first) = index_of.get(node.id()) {
            let flaw = TreeFlaw::UsedTwice { id: node.id().to_string(), first: first + 1 };
            problems.push(TreeViolation { index, field: "id", flaw });
        } else {
            index_of.insert(node.id(), index);
        }
    }
    // A node is sound once its way up is known to end at a root, so every node is visited once or twice.
    let mut sound = vec![false; list.len()];
    for start in 0..list.len() {
        let mut way = vec![start];
        let mut at = start;
        let ends = loop {
            if sound[at] {
                break true;
            }
            let Some(parent) = list[at].parent() else {
                break true;
            };
            let Some(&above) = index_of.get(parent) else {
                if at == start {
                    let flaw = TreeFlaw::NoParent(parent.to_string());
                    problems.push(TreeViolation { index: start, field: "parent", flaw });
                }
                break false;
            };
            if above == start {
                let flaw = TreeFlaw::AboveItself(list[start].id().to_string());
                problems.push(TreeViolation { index: start, field: "parent", flaw });
                break false;
            }
            if way.contains(&above) {
                break false; // a cycle further up, reported at its own members
            }
            way.push(above);
            at = above;
        };
        if ends {
            for index in way {
                sound[index] = true;
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CategoryId;

    #[derive(Debug, Clone)]
    struct Plain(CategoryId, Option<CategoryId>);

    impl Node for Plain {
        type Id = CategoryId;
        fn id(&self) -> &CategoryId {
            &self.0
        }
        fn parent(&self) -> Option<&CategoryId> {
            self.1.as_ref()
        }
        fn name(&self) -> &str {
            self.0.as_str()
        }
    }

    fn id(text: &str) -> CategoryId {
        text.parse().unwrap()
    }

    fn list(pairs: &[(&str, &str)]) -> Vec<Plain> {
        pairs.iter().map(|(a, b)| Plain(id(a), if b.is_empty() { None } else { Some(id(b)) })).collect()
    }

    #[test]
    fn walks_up_and_down() {
        let tree = Tree::build(list(&[("c", "b"), ("b", "a"), ("a", ""), ("d", "a")])).unwrap();
        let up: Vec<_> = tree.upward(&id("c")).map(|n| n.0.as_str()).collect();
        assert_eq!(up, ["c", "b", "a"]);
        assert_eq!(tree.depth(&id("c")), 2);
        let mut below: Vec<_> = tree.subtree(&id("a")).iter().map(ToString::to_string).collect();
        below.sort();
        assert_eq!(below, ["a", "b", "c", "d"]);
        assert_eq!(tree.subtree(&id("x")), Vec::<CategoryId>::new());
    }

    #[test]
    fn every_member_of_a_cycle_is_named() {
        let problems = Tree::build(list(&[("a", "b"), ("b", "a"), ("c", "b"), ("r", "")])).unwrap_err();
        let at: Vec<_> = problems.iter().map(|p| (p.index, p.field)).collect();
        assert_eq!(at, [(0, "parent"), (1, "parent")]);
    }

    #[test]
    fn duplicates_and_unknown_parents_are_named() {
        let problems = Tree::build(list(&[("a", ""), ("a", ""), ("b", "x")])).unwrap_err();
        let at: Vec<_> = problems.iter().map(|p| (p.index, p.field)).collect();
        assert_eq!(at, [(1, "id"), (2, "parent")]);
    }
}
