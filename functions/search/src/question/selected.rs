//! The selected filters as the forms of search and matrix show them: as values, and as words with links that remove them.

use domain::rulebook::Rulebook;
use domain::{CategoryId, TerritoryId};
use entrypoint::http::FormValues;
use pages::Address;
use pages::prelude::*;
use pages::submission::Named;

use super::NO_CATEGORY;
use super::filter::ResolvedFilter;
use crate::names::node;

/// The entries of the directory that the filters name.
#[derive(Debug, Clone)]
pub(crate) struct SelectedFilters {
    pub(crate) category: Option<CategoryId>,
    /// The root if no territory is chosen.
    pub(crate) territory: TerritoryId,
    pub(crate) organization: Option<Named>,
}

/// A filter that is set.
pub(crate) struct ActiveFilter {
    pub(crate) name: &'static str,
    /// Its value in words.
    pub(crate) value: String,
    /// The address of the page without this filter.
    pub(crate) without: Address,
}

/// All filters, in the order of the forms.
pub(crate) const FILTERS: [&str; 10] =
    ["q", "category", "territory", "organization", "status", "only", "kind", "from", "to", "direct"];

impl SelectedFilters {
    pub(crate) fn of(resolved: &ResolvedFilter) -> Self {
        Self {
            category: resolved.category.clone(),
            territory: resolved.territory.id.clone(),
            organization: resolved.organization.clone(),
        }
    }
}

/// The filters of an address as values of the form. Once they are resolved, a typed name is replaced by the id of its entry.
pub(crate) fn values(here: &Address, selected: Option<&SelectedFilters>) -> FormValues {
    let mut values = FormValues::default();
    for name in FILTERS {
        let typed = here.get(name);
        let resolved = selected.filter(|_| !typed.is_empty()).and_then(|selected| match name {
            "category" => selected.category.as_ref().map(ToString::to_string),
            "territory" => Some(selected.territory.to_string()),
            "organization" => selected.organization.as_ref().map(|it| it.id.clone()),
            _ => None,
        });
        values.set(name, resolved.unwrap_or_else(|| typed.to_owned()));
    }
    values
}

/// The filters that are set.
pub(crate) fn active(
    l: &Layout,
    here: &Address,
    form: &Form,
    selected: &SelectedFilters,
    rulebook: &Rulebook,
) -> Vec<ActiveFilter> {
    let mut active = Vec::new();
    for name in FILTERS {
        let value = form.value(name);
        if value.is_empty() {
            continue;
        }
        let words = match name {
            "category" if value == NO_CATEGORY => l.t("no-category"),
            "category" => node(&rulebook.categories, value).name,
            "territory" => node(&rulebook.territories, value).name,
            "organization" => selected.organization.as_ref().map_or(value, |it| &it.name).to_owned(),
            "status" => status(l, value),
            "only" => l.named("search-only", value),
            "kind" => l.named("kind", value),
            "from" | "to" => value.parse().map_or_else(|_| value.to_owned(), |day| l.date(&day)),
            "direct" => l.t("search-direct-only"),
            _ => value.to_owned(),
        };
        active.push(ActiveFilter { name, value: words, without: here.without(name) });
    }
    active
}

/// The text that says what can be typed into the line.
pub(crate) const fn line_hint(reads_texts: bool) -> &'static str {
    if reads_texts { "search-words-hint" } else { "search-filters-hint" }
}

/// One status or several, in words.
pub(crate) fn status(l: &Layout, value: &str) -> String {
    match value {
        "open" => l.t("search-open"),
        "answered,closed" => l.t("search-answered"),
        list => list.split(',').map(|one| l.named("status", one.trim())).collect::<Vec<_>>().join(", "),
    }
}
