//! What can be chosen in filters.

use domain::rulebook::Rulebook;
use domain::tree::{Node, Tree};
use pages::{Choice, Layout};

use crate::question::filter::{NO_CATEGORY, ONLY};

/// Longer lists are not sent with a page: the name is typed instead.
const LIMIT: usize = 300;

/// Groups with their topics, and no category at all.
pub(crate) fn categories(l: &Layout, rulebook: &Rulebook) -> Vec<Choice> {
    let mut choices = vec![Choice::new(NO_CATEGORY, l.t("no-category"))];
    for group in sorted(&rulebook.categories, rulebook.categories.roots()) {
        let name = Some(group.name.clone());
        let whole = l.with("search-whole-group", "group", &group.name);
        choices.push(Choice { value: group.id.to_string(), label: whole, group: name.clone() });
        for topic in sorted(&rulebook.categories, rulebook.categories.children(&group.id)) {
            let (value, label) = (topic.id.to_string(), topic.name.clone());
            choices.push(Choice { value, label, group: name.clone() });
        }
    }
    choices
}

/// The tree of territories, what is inside another one after it and moved in; none if there are too many.
pub(crate) fn territories(rulebook: &Rulebook) -> Option<Vec<Choice>> {
    let tree = &rulebook.territories;
    if tree.len() > LIMIT {
        return None;
    }
    let mut choices = Vec::with_capacity(tree.len());
    let mut waiting: Vec<_> = sorted(tree, tree.roots()).into_iter().rev().map(|node| (0, node)).collect();
    while let Some((depth, node)) = waiting.pop() {
        choices.push(Choice::new(node.id.to_string(), format!("{}{}", "\u{2003}".repeat(depth), node.name)));
        let inside = sorted(tree, tree.children(&node.id)).into_iter().rev();
        waiting.extend(inside.map(|child| (depth + 1, child)));
    }
    Some(choices)
}

/// Statuses, and the two sets of them that people ask for.
pub(crate) fn statuses(l: &Layout) -> Vec<Choice> {
    let sets = [("open", "search-open"), ("answered,closed", "search-answered")];
    let sets = sets.into_iter().map(|(value, text)| Choice::new(value, l.t(text)));
    sets.chain(domain::Status::ALL.iter().map(|s| Choice::new(s.as_str(), l.named("status", s)))).collect()
}

/// Reports and appeals.
pub(crate) fn kinds(l: &Layout) -> Vec<Choice> {
    ["report", "appeal"].map(|kind| Choice::new(kind, l.named("kind", kind))).into()
}

/// What alone may be wanted.
pub(crate) fn only(l: &Layout) -> Vec<Choice> {
    ONLY.map(|only| Choice::new(only, l.named("search-only", only))).into()
}

/// Organizations by name; none if there are too many.
pub(crate) fn organizations<'o>(named: impl Iterator<Item = (String, &'o str)>) -> Option<Vec<Choice>> {
    let choices: Vec<Choice> = named.take(LIMIT + 1).map(|(id, name)| Choice::new(id, name)).collect();
    (choices.len() <= LIMIT).then_some(choices)
}

fn sorted<'t, N: Node>(tree: &'t Tree<N>, ids: &[N::Id]) -> Vec<&'t N> {
    let mut nodes: Vec<&N> = ids.iter().filter_map(|id| tree.get(id)).collect();
    nodes.sort_by(|a, b| a.name().cmp(b.name()));
    nodes
}
