//! The filters that the forms of search and matrix have: as they were understood, and each that is set with the way to take
//! it away.

use domain::rulebook::Rulebook;
use domain::tree::{Node, Tree};
use domain::{CategoryId, TerritoryId};
use entrypoint::App;
use entrypoint::http::{Failure, FormValues};
use pages::Choice;
use pages::prelude::*;
use pages::submission::Named;

use crate::question::choices;
use crate::question::filter::{Meant, NO_CATEGORY, Sight};
use pages::Address;

/// What the filters name in the directory.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    pub(crate) category: Option<CategoryId>,
    /// The root if none is chosen.
    pub(crate) territory: TerritoryId,
    pub(crate) organization: Option<Named>,
}

/// A filter that is set, with the address without it.
pub(crate) struct Active {
    pub(crate) name: &'static str,
    pub(crate) said: String,
    pub(crate) without: Address,
}

/// Filters, in the order of the forms.
const FILTERS: [&str; 10] =
    ["q", "category", "territory", "organization", "status", "only", "kind", "from", "to", "direct"];

impl Chosen {
    pub(crate) fn of(meant: &Meant) -> Self {
        let (category, territory) = (meant.category.clone(), meant.territory.id.clone());
        Self { category, territory, organization: meant.organization.clone() }
    }
}

/// The filters of an address as they were typed, or as they were understood: a name that was typed becomes the entry it
/// names.
pub(crate) fn values(here: &Address, chosen: Option<&Chosen>) -> FormValues {
    let mut values = FormValues::default();
    for name in FILTERS {
        let typed = here.get(name);
        let named = chosen.filter(|_| !typed.is_empty()).and_then(|chosen| match name {
            "category" => chosen.category.as_ref().map(ToString::to_string),
            "territory" => Some(chosen.territory.to_string()),
            "organization" => chosen.organization.as_ref().map(|it| it.id.clone()),
            _ => None,
        });
        values.set(name, named.unwrap_or_else(|| typed.to_owned()));
    }
    values
}

/// The filters that are set, in words.
pub(crate) fn active(
    l: &Layout,
    here: &Address,
    form: &Form,
    chosen: &Chosen,
    rulebook: &Rulebook,
) -> Vec<Active> {
    let mut active = Vec::new();
    for name in FILTERS {
        let value = form.value(name);
        if value.is_empty() {
            continue;
        }
        let said = match name {
            "category" if value == NO_CATEGORY => l.t("no-category"),
            "category" => named(&rulebook.categories, value),
            "territory" => named(&rulebook.territories, value),
            "organization" => chosen.organization.as_ref().map_or(value, |it| &it.name).to_owned(),
            "status" => status(l, value),
            "only" => l.named("search-only", value),
            "kind" => l.named("kind", value),
            "from" | "to" => value.parse().map_or_else(|_| value.to_owned(), |day| l.date(&day)),
            "direct" => l.t("search-direct-only"),
            _ => value.to_owned(),
        };
        active.push(Active { name, said, without: here.without(name) });
    }
    active
}

/// Organizations that somebody can choose between; none if there are too many, or if they are not for them.
pub(crate) async fn organizations(app: &App, sight: &Sight) -> Result<Option<Vec<Choice>>, Failure> {
    if !sight.reads_texts() {
        return Ok(None);
    }
    let all = app.store.organizations().await?;
    let reached = all.iter().filter(|organization| match sight {
        Sight::Within(reached) => reached.contains(&organization.id),
        _ => true,
    });
    Ok(choices::organizations(reached.map(|o| (o.id.to_string(), o.name.as_str()))))
}

/// What can be written into the line.
pub(crate) const fn line_hint(reads_texts: bool) -> &'static str {
    if reads_texts { "search-words-hint" } else { "search-filters-hint" }
}

/// A status, or several.
pub(crate) fn status(l: &Layout, value: &str) -> String {
    match value {
        "open" => l.t("search-open"),
        "answered,closed" => l.t("search-answered"),
        list => list.split(',').map(|one| l.named("status", one.trim())).collect::<Vec<_>>().join(", "),
    }
}

fn named<N: Node>(tree: &Tree<N>, id: &str) -> String
where
    N::Id: std::str::FromStr,
{
    crate::find::name(tree, id).name
}
