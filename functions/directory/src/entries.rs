//! `GET /directory/entries`: one section as a list, with a search line.

use std::collections::{BTreeMap, HashSet};

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::OrganizationId;
use domain::authorization::Action;
use domain::directory::{Draft, Entry, Section};
use domain::organization::Organization;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Query};
use pages::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::address;
use crate::names::{Names, label};

/// Entries of a page.
const PAGE: usize = 50;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// `calendars`, `territories`, `organizations`, `categories`, `routing_rules`, `deadline_rules` or `people`.
    #[param(value_type = String)]
    section: Section,
    /// Part of an id or a name, in any case; for people, of the organization's.
    q: Option<String>,
    /// The value of `next` from the page before.
    cursor: Option<String>,
}

/// An entry.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryView {
    #[schema(value_type = String)]
    section: Section,
    id: String,
    /// What it is called, if it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// As a file has it.
    #[schema(value_type = Object)]
    entry: Value,
    /// What the entries that it names are called, by field.
    names: BTreeMap<String, String>,
}

impl EntryView {
    pub(crate) fn of(entry: &Entry<'_>, names: &Names) -> Result<Self, Failure> {
        let (section, id) = (entry.section(), entry.id());
        Ok(Self {
            section,
            id: id.to_owned(),
            name: entry.name().or_else(|| names.get(section, id)).map(str::to_owned),
            entry: serde_json::to_value(entry).map_err(Failure::internal)?,
            names: names.by_field(entry),
        })
    }
}

/// A page of entries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryList {
    /// All that fit, shown or not.
    total: usize,
    items: Vec<EntryView>,
    /// Give it as `cursor` to get the next page.
    next: Option<String>,
}

/// An entry as a line of a table.
pub(crate) struct EntryRow {
    pub(crate) address: String,
    pub(crate) title: String,
    /// The id, if the title is something else.
    pub(crate) id: Option<String>,
    pub(crate) cells: Vec<Cell>,
}

/// A value with the name of its column.
pub(crate) struct Cell {
    pub(crate) label: String,
    pub(crate) value: String,
}

#[derive(Template)]
#[template(path = "entries.html")]
struct EntriesPage {
    l: Layout,
    section: Section,
    form: Form,
    total: usize,
    rows: Vec<EntryRow>,
    columns: Vec<String>,
    next: Option<String>,
    first: bool,
}

impl EntriesPage {
    const fn search_hint(&self) -> &'static str {
        if matches!(self.section, Section::People) {
            "directory-search-hint-people"
        } else {
            "directory-search-hint"
        }
    }
}

/// Entries of a section.
#[utoipa::path(get, path = "/directory/entries", tag = "directory", params(ListQuery),
    responses((status = 200, body = EntryList),
        Failure))]
pub(crate) async fn list(
    app: App,
    visit: Visit,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failure> {
    caller.administrator(&app, Action::ManageDirectory).await?;
    let section = query.section;
    let skip = skipped(query.cursor.as_deref())?;
    let q = query.q.unwrap_or_default();
    let found = find(&app, section, q.trim(), skip, PAGE).await?;
    let entries: Vec<Entry<'_>> = found.shown.entries(section).collect();
    let names = Names::of_entries(&app, &entries).await?;
    let end = skip + entries.len();
    let next = (end < found.total).then(|| end.to_string());
    if !visit.page {
        let items = entries.iter().map(|entry| EntryView::of(entry, &names)).collect::<Result<_, _>>()?;
        return Ok(Json(EntryList { total: found.total, items, next }).into_response());
    }
    let l = visit.layout;
    let mut form = Form::default();
    form.values.set("q", q);
    html(&EntriesPage {
        section,
        form,
        total: found.total,
        rows: rows(&l, &names, &entries),
        columns: columns(section).iter().map(|field| label(&l, field)).collect(),
        next,
        first: skip == 0,
        l,
    })
}

/// How many entries come before the page.
pub(crate) fn skipped(cursor: Option<&str>) -> Result<usize, Failure> {
    let wrong = || Failure::field("cursor", "use the value of `next` from the page before, unchanged");
    cursor.map_or(Ok(0), |cursor| cursor.parse().map_err(|_| wrong()))
}

/// Entries that fit.
pub(crate) struct Found {
    /// All of them.
    pub(crate) total: usize,
    /// Those of the page, in order.
    pub(crate) shown: Draft,
}

/// Looks for part of an id or a name.
pub(crate) async fn find(
    app: &App,
    section: Section,
    wanted: &str,
    skip: usize,
    take: usize,
) -> Result<Found, Failure> {
    let wanted = wanted.to_lowercase();
    let window = Window { skip, take };
    let mut shown = Draft::default();
    let lists = app.store.directory_lists().await?;
    let total = match section {
        Section::Calendars => {
            window.of(&lists.calendars, |entry| fits(Entry::Calendar(entry), &wanted), &mut shown.calendars)
        }
        Section::Territories => window.of(
            &lists.territories,
            |entry| fits(Entry::Territory(entry), &wanted),
            &mut shown.territories,
        ),
        Section::Organizations => {
            let found = app.store.find_organizations(&wanted).await?;
            let page = found.iter().skip(skip).take(take);
            shown.organizations = page.cloned().map(Organization::from).collect();
            found.total()
        }
        Section::Categories => {
            window.of(&lists.categories, |entry| fits(Entry::Category(entry), &wanted), &mut shown.categories)
        }
        Section::RoutingRules => window.of(
            &lists.routing_rules,
            |entry| fits(Entry::RoutingRule(entry), &wanted),
            &mut shown.routing_rules,
        ),
        Section::DeadlineRules => window.of(
            &lists.deadline_rules,
            |entry| fits(Entry::DeadlineRule(entry), &wanted),
            &mut shown.deadline_rules,
        ),
        Section::People => {
            let places = organizations_called(app, &wanted).await?;
            let fits =
                |entry: &_| fits(Entry::Person(entry), &wanted) || places.contains(&entry.organization);
            window.of(&lists.people, fits, &mut shown.people)
        }
    };
    Ok(Found { total, shown })
}

/// A window of a list: one page of the entries that fit.
struct Window {
    skip: usize,
    take: usize,
}

impl Window {
    /// Copies the window out of the entries that fit; gives how many fit.
    fn of<T: Clone>(&self, all: &[T], fits: impl Fn(&T) -> bool, shown: &mut Vec<T>) -> usize {
        let mut total = 0;
        for entry in all.iter().filter(|entry| fits(entry)) {
            if total >= self.skip && shown.len() < self.take {
                shown.push(entry.clone());
            }
            total += 1;
        }
        total
    }
}

fn fits(entry: Entry<'_>, wanted: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(wanted);
    wanted.is_empty() || has(entry.id()) || entry.name().is_some_and(has)
}

async fn organizations_called(app: &App, wanted: &str) -> Result<HashSet<OrganizationId>, Failure> {
    if wanted.is_empty() {
        return Ok(HashSet::new());
    }
    let found = app.store.find_organizations(wanted).await?;
    Ok(found.iter().map(|organization| organization.id.clone()).collect())
}

/// The fields that a list of a section shows.
const fn columns(section: Section) -> &'static [&'static str] {
    match section {
        Section::Calendars => &["days_off", "working_days"],
        Section::Territories => &["parent", "default_organization"],
        Section::Organizations | Section::Categories => &["parent"],
        Section::RoutingRules => &["category", "territory", "organization"],
        Section::DeadlineRules => &["kind", "category", "clock", "days", "unit"],
        Section::People => &["organization", "roles"],
    }
}

/// Entries as lines of a table.
pub(crate) fn rows(l: &Layout, names: &Names, entries: &[Entry<'_>]) -> Vec<EntryRow> {
    let row = |entry: &Entry<'_>| {
        let (section, id) = (entry.section(), entry.id());
        let name = entry.name().or_else(|| names.get(section, id));
        let fields = entry.fields();
        let cell = |column: &&str| {
            let value = if let Entry::Calendar(_) = entry {
                let days = fields.iter().filter(|(field, _)| field.starts_with(column)).count();
                l.count("count-days", days)
            } else {
                let value = fields.iter().find(|(field, _)| field == column);
                value.map_or_else(String::new, |(field, value)| names.shown(l, section, field, value))
            };
            Cell { label: label(l, column), value }
        };
        EntryRow {
            address: address::entry(section, id),
            title: name.unwrap_or(id).to_owned(),
            id: name.map(|_| id.to_owned()),
            cells: columns(section).iter().map(cell).collect(),
        }
    };
    entries.iter().map(row).collect()
}
