//! Pickers of the directory's trees: in tree order, siblings by name. A tree too long for a list is typed by name.

use domain::category::Category;
use domain::territory::Territory;
use domain::tree::{Node, Tree};

use crate::{Choice, Layout};

/// The longest list that is sent with a page. Above it a form has a field for an id or an exact name.
pub const LIST_LIMIT: usize = 300;

/// The most names proposed beside such a field: more would make the page heavy.
const PROPOSAL_LIMIT: usize = 1_000;

/// The meaning of a group of categories as a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// All its topics; it comes first. For filters.
    Whole,
    /// Whatever is none of its topics; it comes last. For forms.
    Other,
}

/// Groups with their topics. A group without topics is a choice like a topic.
pub fn categories(l: &Layout, tree: &Tree<Category>, meaning: Group) -> Vec<Choice> {
    let mut choices = Vec::with_capacity(tree.len());
    for group in by_name(tree, tree.roots()) {
        let topics = by_name(tree, tree.children(&group.id));
        if topics.is_empty() {
            choices.push(Choice::new(group.id.as_str(), &group.name));
            continue;
        }
        let within = |choice: Choice| Choice { group: Some(group.name.clone()), ..choice };
        let topics = topics.iter().map(|topic| within(Choice::new(topic.id.as_str(), &topic.name)));
        let itself = |text: &str| within(Choice::new(group.id.as_str(), l.with(text, "group", &group.name)));
        match meaning {
            Group::Whole => choices.extend(std::iter::once(itself("search-whole-group")).chain(topics)),
            Group::Other => choices.extend(topics.chain([itself("category-other")])),
        }
    }
    choices
}

/// The tree of territories, each level indented; none above [`LIST_LIMIT`].
pub fn territories(l: &Layout, tree: &Tree<Territory>) -> Option<Vec<Choice>> {
    if tree.len() > LIST_LIMIT {
        return None;
    }
    let choice = |(depth, territory): (usize, &Territory)| {
        let name = match depth {
            0 => l.with("territory-whole", "name", &territory.name),
            _ => territory.name.clone(),
        };
        Choice::new(territory.id.as_str(), format!("{}{name}", "\u{A0}\u{A0}\u{A0}".repeat(depth)))
    };
    Some(in_tree_order(tree).into_iter().map(choice).collect())
}

/// Proposals for a field in which a territory is typed: (value, name). The value is the name; of several territories with
/// one name it is the id, and the name stands beside it.
pub fn territory_names(tree: &Tree<Territory>) -> Vec<(String, String)> {
    let proposal = |(_, territory): (usize, &Territory)| match tree.find(&territory.name) {
        Some(_) => (territory.name.clone(), String::new()),
        None => (territory.id.to_string(), territory.name.clone()),
    };
    in_tree_order(tree).into_iter().take(PROPOSAL_LIMIT).map(proposal).collect()
}

/// Pairs of id and name as a list; none above [`LIST_LIMIT`].
pub fn listed<'n>(entries: impl Iterator<Item = (String, &'n str)>) -> Option<Vec<Choice>> {
    let choices: Vec<Choice> = entries.take(LIST_LIMIT + 1).map(|(id, name)| Choice::new(id, name)).collect();
    (choices.len() <= LIST_LIMIT).then_some(choices)
}

/// Every node with its depth, right before those below it.
fn in_tree_order<N: Node>(tree: &Tree<N>) -> Vec<(usize, &N)> {
    let mut ordered = Vec::with_capacity(tree.len());
    let mut waiting: Vec<(usize, &N)> =
        by_name(tree, tree.roots()).into_iter().rev().map(|root| (0, root)).collect();
    while let Some((depth, node)) = waiting.pop() {
        ordered.push((depth, node));
        let below = by_name(tree, tree.children(node.id())).into_iter().rev();
        waiting.extend(below.map(|child| (depth + 1, child)));
    }
    ordered
}

fn by_name<'t, N: Node>(tree: &'t Tree<N>, ids: &[N::Id]) -> Vec<&'t N> {
    let mut nodes: Vec<&N> = ids.iter().filter_map(|id| tree.get(id)).collect();
    nodes.sort_by(|a, b| a.name().cmp(b.name()));
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderMap;

    fn layout() -> Layout {
        Layout::of_nobody(&HeaderMap::new(), &"/".parse().unwrap())
    }

    fn territory(id: &str, name: &str, parent: Option<&str>) -> Territory {
        Territory {
            id: id.parse().unwrap(),
            name: name.into(),
            parent: parent.map(|parent| parent.parse().unwrap()),
            time_zone: None,
            calendar: None,
            default_organization: None,
        }
    }

    #[test]
    fn territories_stand_in_a_tree_siblings_by_name() {
        let list = vec![
            territory("region", "Область", None),
            territory("b", "Яровое", Some("region")),
            territory("a", "Берёзовка", Some("region")),
            territory("c", "Центр", Some("a")),
        ];
        let shown = territories(&layout(), &Tree::build(list).unwrap()).unwrap();
        let shown: Vec<&str> = shown.iter().map(|choice| choice.label.as_str()).collect();
        let wanted = [
            "Область (вся территория)",
            "\u{A0}\u{A0}\u{A0}Берёзовка",
            "\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}\u{A0}Центр",
            "\u{A0}\u{A0}\u{A0}Яровое",
        ];
        assert_eq!(shown, wanted);
    }

    #[test]
    fn of_very_many_territories_the_name_is_typed() {
        let mut list = vec![territory("region", "Область", None)];
        for number in 0..LIST_LIMIT {
            // Two are called alike.
            let name = format!("Село {}", number.max(1));
            list.push(territory(&format!("v-{number}"), &name, Some("region")));
        }
        assert!(territories(&layout(), &Tree::build(list[..LIST_LIMIT].to_vec()).unwrap()).is_some());
        let tree = Tree::build(list).unwrap();
        assert_eq!(territories(&layout(), &tree), None);
        let names = territory_names(&tree);
        assert_eq!(names.len(), LIST_LIMIT + 1);
        for (value, name) in names {
            let found = tree.find(&value).unwrap();
            assert!(name.is_empty() || found.name == name, "{value} finds «{}»", found.name);
            assert_eq!(name.is_empty(), found.name != "Село 1", "only a name that is not enough needs an id");
        }
    }

    #[test]
    fn a_group_is_first_in_a_filter_and_last_in_a_form() {
        let category = |id: &str, name: &str, parent: Option<&str>| Category {
            id: id.parse().unwrap(),
            name: name.into(),
            parent: parent.map(|parent| parent.parse().unwrap()),
        };
        let list = vec![
            category("roads", "Дороги", None),
            category("sign", "Знак", Some("roads")),
            category("pothole", "Яма", Some("roads")),
            category("air", "Воздух", None),
        ];
        let tree = Tree::build(list).unwrap();
        let shown = |meaning| -> Vec<String> {
            let choices = categories(&layout(), &tree, meaning);
            choices.into_iter().map(|choice| format!("{} {}", choice.value, choice.label)).collect()
        };
        assert_eq!(
            shown(Group::Whole),
            ["air Воздух", "roads Дороги — все темы", "sign Знак", "pothole Яма"]
        );
        assert_eq!(shown(Group::Other), ["air Воздух", "sign Знак", "pothole Яма", "roads Другое: Дороги"]);
    }

    #[test]
    fn a_list_that_is_too_long_is_not_sent() {
        let names = |n: usize| listed((0..n).map(|n| (n.to_string(), "name")));
        assert_eq!(names(LIST_LIMIT).unwrap().len(), LIST_LIMIT);
        assert_eq!(names(LIST_LIMIT + 1), None);
    }
}
