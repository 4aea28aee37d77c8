//! Who changed what: the versions of the directory, and what each made different.

use std::collections::BTreeMap;

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::authorization::Action;
use domain::directory::{Changed, counts};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Path, Query};
use jiff::Timestamp;
use pages::prelude::*;
use pages::submission::Named;
use serde::{Deserialize, Serialize};
use store::DirectoryInfo;
use utoipa::{IntoParams, ToSchema};

use crate::difference::{
    ChangeRow, CountsView, PAGE, SectionCounts, change_rows, counts_view, section_counts,
};
use crate::entries::skipped;
use crate::names::Names;

/// Versions of a page.
const VERSIONS: i32 = 20;

/// Which versions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct HistoryQuery {
    /// The value of `next` from the page before.
    cursor: Option<String>,
}

/// A version of the directory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionView {
    version: u64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who wrote it; none for the command line.
    by: Option<Named>,
    /// Entries that it changed, by section; none if that was not counted.
    changes: Option<BTreeMap<String, CountsView>>,
}

/// A page of versions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionList {
    items: Vec<VersionView>,
    /// Give it as `cursor` to get the next page.
    next: Option<String>,
}

/// A version with what it made different.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeView {
    #[serde(flatten)]
    version: VersionView,
    /// Entries that changed, shown or not.
    total: usize,
    /// Section, id, name, kind (`added`, `changed`, `removed`) and the fields with what they said and say.
    #[schema(value_type = Vec<Object>)]
    entries: Vec<Changed>,
    /// Give it as `cursor` to get the next page.
    next: Option<String>,
}

/// A version as a line of a table.
struct VersionRow {
    info: DirectoryInfo,
    by: Option<String>,
    counts: Option<Vec<SectionCounts>>,
}

#[derive(Template)]
#[template(path = "versions.html")]
struct VersionsPage {
    l: Layout,
    rows: Vec<VersionRow>,
    next: Option<String>,
    first: bool,
}

#[derive(Template)]
#[template(path = "version.html")]
struct VersionPage {
    l: Layout,
    row: VersionRow,
    changes: Vec<ChangeRow>,
    next: Option<String>,
    first: bool,
}

/// The versions of the directory, the newest first: when, by whom, how much was changed.
#[utoipa::path(get, path = "/directory/versions", tag = "directory", params(HistoryQuery),
    responses((status = 200, body = VersionList),
        Failure))]
pub(crate) async fn versions(
    app: App,
    visit: Visit,
    caller: Caller,
    Query(query): Query<HistoryQuery>,
) -> Result<Response, Failure> {
    caller.administrator(&app, Action::ManageDirectory).await?;
    let page = app.store.directory_versions(query.cursor.as_deref(), VERSIONS).await?;
    let people = page.items.iter().filter_map(|info| info.by.clone()).collect();
    let names = Names::of_changes(&app, &[], people).await?;
    if visit.page {
        let l = visit.layout;
        let rows = page.items.into_iter().map(|info| VersionRow::of(&l, &names, info)).collect();
        return html(&VersionsPage { rows, next: page.next, first: query.cursor.is_none(), l });
    }
    let items = page.items.iter().map(|info| VersionView::of(&names, info)).collect();
    Ok(Json(VersionList { items, next: page.next }).into_response())
}

/// What a version made different from the one before, entry by entry.
#[utoipa::path(get, path = "/directory/versions/{version}", tag = "directory",
    params(("version" = u64, Path), HistoryQuery),
    responses((status = 200, body = ChangeView),
        Failure))]
pub(crate) async fn version(
    app: App,
    Path(version): Path<u64>,
    visit: Visit,
    caller: Caller,
    Query(query): Query<HistoryQuery>,
) -> Result<Response, Failure> {
    caller.administrator(&app, Action::ManageDirectory).await?;
    let change = app.store.directory_change(version).await?.ok_or(Failure::NotFound)?;
    let skip = skipped(query.cursor.as_deref())?;
    let mut info = change.info;
    info.changes = Some(counts(&change.changes));
    let total = change.changes.len();
    let shown: Vec<Changed> = change.changes.into_iter().skip(skip).take(PAGE).collect();
    let next = (skip + shown.len() < total).then(|| (skip + shown.len()).to_string());
    let names = Names::of_changes(&app, &shown, info.by.clone().into_iter().collect()).await?;
    if visit.page {
        let l = visit.layout;
        let changes = change_rows(&l, &names, &shown, true);
        return html(&VersionPage {
            row: VersionRow::of(&l, &names, info),
            changes,
            next,
            first: skip == 0,
            l,
        });
    }
    let version = VersionView::of(&names, &info);
    Ok(Json(ChangeView { version, total, entries: shown, next }).into_response())
}

impl VersionView {
    fn of(names: &Names, info: &DirectoryInfo) -> Self {
        let by = info.by.as_ref().map(|person| Named {
            id: person.to_string(),
            name: names.person(person).unwrap_or(person.as_str()).to_owned(),
        });
        Self { version: info.version, at: info.at, by, changes: info.changes.as_ref().map(counts_view) }
    }
}

impl VersionRow {
    fn of(l: &Layout, names: &Names, info: DirectoryInfo) -> Self {
        let by = info.by.as_ref().map(|person| names.person(person).unwrap_or(person.as_str()).to_owned());
        let counts = info.changes.as_ref().map(|counts| section_counts(l, counts));
        Self { info, by, counts }
    }
}
