//! `GET /directory`: what is in the current version. Administrators see it as a page, with a search line over all sections.

use std::collections::BTreeMap;

use askama::Template;
use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::authorization::Action;
use domain::directory::Section;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Query, etag};
use pages::prelude::*;
use serde::{Deserialize, Serialize};
use store::DirectoryInfo;
use utoipa::{IntoParams, ToSchema};

use crate::entries::{EntryRow, find, rows};
use crate::names::Names;

/// What is in the current version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DirectoryView {
    version: u64,
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    /// Entries per section.
    entries: BTreeMap<String, usize>,
    /// The default organization of the root territory.
    #[serde(skip_serializing_if = "Option::is_none")]
    root_organization: Option<String>,
}

impl From<DirectoryInfo> for DirectoryView {
    fn from(info: DirectoryInfo) -> Self {
        let entries = info.counts.into_iter().map(|(section, count)| (section.to_string(), count)).collect();
        Self { version: info.version, at: info.at, entries, root_organization: None }
    }
}

/// What to look for on the page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverviewQuery {
    /// Part of an id or a name, in any case; for the page.
    q: Option<String>,
}

/// What was found in a section.
struct Hits {
    section: Section,
    total: usize,
    rows: Vec<EntryRow>,
}

/// The sections, and what was found in them.
#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    l: Layout,
    info: DirectoryInfo,
    /// Who wrote the version.
    by: Option<String>,
    form: Form,
    hits: Vec<Hits>,
}

/// Hits shown per section.
const HITS: usize = 5;

/// What is in the current version of the directory.
#[utoipa::path(get, path = "/directory", tag = "directory", params(OverviewQuery),
    responses((status = 200, body = DirectoryView)))]
pub(crate) async fn info(
    app: App,
    visit: Visit,
    caller: Caller,
    Query(query): Query<OverviewQuery>,
) -> Result<Response, Failure> {
    if visit.page {
        caller.administrator(&app, Action::ManageDirectory).await?;
        return page(&app, visit.layout, query.q.unwrap_or_default()).await;
    }
    let info = app.store.directory_info().await?.ok_or(Failure::NotFound)?;
    let rulebook = app.store.rulebook().await?;
    let root = rulebook.root_territory().and_then(|root| root.default_organization.as_ref());
    let root_organization = root.map(ToString::to_string);
    let view = DirectoryView { root_organization, ..DirectoryView::from(info) };
    Ok(([(header::ETAG, etag(view.version))], Json(view)).into_response())
}

async fn page(app: &App, l: Layout, q: String) -> Result<Response, Failure> {
    let info = app.store.directory_info().await?.ok_or(Failure::NotFound)?;
    let by = match &info.by {
        Some(person) => {
            let names = app.store.names([person.clone()]).await?;
            Some(names.get(person).cloned().unwrap_or_else(|| person.to_string()))
        }
        None => None,
    };
    let mut hits = Vec::new();
    let wanted = q.trim();
    if !wanted.is_empty() {
        for section in Section::ALL {
            let found = find(app, section, wanted, 0, HITS).await?;
            if found.total == 0 {
                continue;
            }
            let entries: Vec<_> = found.shown.entries(section).collect();
            let names = Names::of_entries(app, &entries).await?;
            hits.push(Hits { section, total: found.total, rows: rows(&l, &names, &entries) });
        }
    }
    let mut form = Form::default();
    form.values.set("q", q);
    html(&OverviewPage { l, info, by, form, hits })
}
