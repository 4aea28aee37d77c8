//! `GET /submissions/new`: the form for a report or an appeal, and the form again with what is wrong in it.

use askama::Template;
use axum::response::Response;
use domain::category::Category;
use domain::rulebook::Rulebook;
use domain::submission::SubmissionKind;
use domain::territory::Territory;
use domain::tree::{Node, Tree};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FormValues, Query, lookup};
use pages::Choice;
use pages::prelude::*;
use serde::Deserialize;
use utoipa::IntoParams;

/// What is known before anything is filled in. Other parameters of links from elsewhere do no harm.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct NewQuery {
    /// `report` if left out, or `appeal`.
    #[param(value_type = Option<String>)]
    kind: Option<SubmissionKind>,
    /// Id or exact name of a category, chosen beforehand.
    category: Option<String>,
    /// Id or exact name of a territory, chosen beforehand.
    territory: Option<String>,
}

#[derive(Template)]
#[template(path = "new.html")]
struct NewPage {
    l: Layout,
    form: Form,
    kind: SubmissionKind,
    categories: Vec<Choice>,
    territories: Territories,
    /// The other kind, and the way back to this form after signing in.
    other: &'static str,
    here: String,
}

/// The tree of territories, to choose from.
struct Territories {
    /// All of them, those below indented; empty if they are too many for a list.
    choices: Vec<Choice>,
    /// What can be written instead, with its name.
    names: Vec<(String, String)>,
}

/// Territories in a list at most; of more, the name is written.
const LISTED: usize = 300;
/// Names that are proposed while one writes, at most: more would make the page heavy.
const PROPOSED: usize = 1_000;

/// The form for a report or an appeal. An appeal is signed by its author, so they sign in first.
#[utoipa::path(get, path = "/submissions/new", tag = "intake", params(NewQuery),
    responses((status = 200, body = String, content_type = "text/html"), Failure))]
pub(crate) async fn show(
    app: App,
    Query(query): Query<NewQuery>,
    caller: Caller,
    visit: Visit,
) -> Result<Response, Failure> {
    let kind = query.kind.unwrap_or(SubmissionKind::Report);
    if kind == SubmissionKind::Appeal && caller.verified.is_none() {
        return Err(Failure::Unauthenticated("An appeal is signed by its author: sign in first.".into()));
    }
    let rulebook = app.store.rulebook().await?;
    let mut values = FormValues::default();
    let category = query.category.and_then(|wanted| lookup::node(&rulebook.categories, &wanted).ok());
    if let Some(category) = category {
        values.set("category", category.id.as_str());
    }
    let territory = query.territory.and_then(|wanted| lookup::node(&rulebook.territories, &wanted).ok());
    let listed = rulebook.territories.len() <= LISTED;
    if let Some(territory) = territory.or(rulebook.root_territory().filter(|_| listed)) {
        values.set("territory", territory.id.as_str());
    }
    html(&NewPage::of(visit.layout, Form::filled(values), kind, &rulebook))
}

/// The form as it was filled in, with what is wrong.
pub(crate) async fn again(app: &App, l: Layout, form: Form) -> Result<Response, Failure> {
    let kind = match form.value("kind") {
        "appeal" => SubmissionKind::Appeal,
        _ => SubmissionKind::Report,
    };
    let rulebook = app.store.rulebook().await?;
    html(&NewPage::of(l, form, kind, &rulebook))
}

impl NewPage {
    fn of(mut l: Layout, form: Form, kind: SubmissionKind, rulebook: &Rulebook) -> Self {
        let (here, other) = match kind {
            SubmissionKind::Report => ("/submissions/new", "/submissions/new?kind=appeal"),
            SubmissionKind::Appeal => ("/submissions/new?kind=appeal", "/submissions/new"),
        };
        // A form that came back stands at another address than the one it is opened at.
        here.clone_into(&mut l.here);
        let categories = categories(&rulebook.categories, &l);
        let territories = Territories::of(&rulebook.territories, &l);
        Self { l, form, kind, categories, territories, other, here: here.to_owned() }
    }

    const fn is_appeal(&self) -> bool {
        matches!(self.kind, SubmissionKind::Appeal)
    }

    /// A person who is signed in is written to at the address of the identity provider.
    fn asks_for_email(&self) -> bool {
        let unknown = self.l.viewer.is_none() && !self.is_appeal();
        unknown || self.form.error("email").is_some()
    }

    /// The session ended while an appeal was being written.
    fn must_sign_in(&self) -> bool {
        self.is_appeal() && self.l.viewer.is_none()
    }
}

/// Siblings as people look for them.
fn by_name<'t, N: Node>(tree: &'t Tree<N>, ids: &[N::Id]) -> Vec<&'t N> {
    let mut nodes: Vec<&N> = ids.iter().filter_map(|id| tree.get(id)).collect();
    nodes.sort_by(|a, b| a.name().cmp(b.name()));
    nodes
}

/// Topics in their groups; the group itself is for what none of its topics is.
fn categories(tree: &Tree<Category>, l: &Layout) -> Vec<Choice> {
    let mut choices = Vec::new();
    for group in by_name(tree, tree.roots()) {
        let topics = by_name(tree, tree.children(&group.id));
        if topics.is_empty() {
            choices.push(Choice::new(group.id.as_str(), &group.name));
            continue;
        }
        let within = |choice: Choice| Choice { group: Some(group.name.clone()), ..choice };
        choices.extend(topics.iter().map(|topic| within(Choice::new(topic.id.as_str(), &topic.name))));
        let other = l.with("category-other", "group", &group.name);
        choices.push(within(Choice::new(group.id.as_str(), other)));
    }
    choices
}

impl Territories {
    fn of(tree: &Tree<Territory>, l: &Layout) -> Self {
        let mut ordered = Vec::new();
        let mut next = by_name(tree, tree.roots());
        next.reverse();
        while let Some(territory) = next.pop() {
            ordered.push(territory);
            next.extend(by_name(tree, tree.children(&territory.id)).into_iter().rev());
        }
        if ordered.len() > LISTED {
            let name = |it: &&Territory| match lookup::node(tree, &it.name) {
                Ok(_) => (it.name.clone(), String::new()),
                // Several are called so: the id says which one.
                Err(_) => (it.id.to_string(), it.name.clone()),
            };
            return Self { choices: Vec::new(), names: ordered.iter().take(PROPOSED).map(name).collect() };
        }
        let choice = |it: &Territory| {
            let depth = tree.depth(&it.id);
            let name = match depth {
                0 => l.with("territory-whole", "name", &it.name),
                _ => it.name.clone(),
            };
            Choice::new(it.id.as_str(), format!("{}{name}", "\u{A0}\u{A0}\u{A0}".repeat(depth)))
        };
        Self { choices: ordered.into_iter().map(choice).collect(), names: Vec::new() }
    }
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
        let shown = Territories::of(&Tree::build(list).unwrap(), &layout()).choices;
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
    fn of_very_many_territories_the_name_is_written() {
        let mut list = vec![territory("region", "Область", None)];
        for number in 0..LISTED {
            // Two are called alike.
            let name = format!("Село {}", number.max(1));
            list.push(territory(&format!("v-{number}"), &name, Some("region")));
        }
        let tree = Tree::build(list).unwrap();
        let Territories { choices, names } = Territories::of(&tree, &layout());
        assert_eq!((choices.len(), names.len()), (0, LISTED + 1));
        for (value, name) in names {
            let found = tree.find(&value).unwrap();
            assert!(name.is_empty() || found.name == name, "{value} finds «{}»", found.name);
            assert_eq!(name.is_empty(), found.name != "Село 1", "only a name that is not enough needs an id");
        }
    }
}
