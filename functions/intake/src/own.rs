//! `GET /submissions`: what somebody who is signed in has sent.

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::SubmissionId;
use domain::rulebook::Rulebook;
use domain::submission::Submission;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Query, limit};
use jiff::Timestamp;
use pages::prelude::*;
use pages::submission::Named;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// 1 to 100; 20 if left out.
    limit: Option<i32>,
    /// The value of `next` from the page before.
    cursor: Option<String>,
}

/// A submission in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListItem {
    #[schema(value_type = String, format = Uuid)]
    id: SubmissionId,
    #[schema(value_type = String)]
    kind: domain::SubmissionKind,
    #[schema(value_type = String)]
    status: domain::Status,
    #[schema(value_type = Option<String>)]
    category: Option<domain::CategoryId>,
    #[schema(value_type = String)]
    territory: domain::TerritoryId,
    #[schema(value_type = String, format = DateTime)]
    received: Timestamp,
    /// The last day to answer.
    #[schema(value_type = Option<String>, format = Date)]
    deadline: Option<jiff::civil::Date>,
    /// Whether the term that runs now has passed.
    overdue: bool,
}

/// A page of the author's submissions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List {
    items: Vec<ListItem>,
    /// Give it as `cursor` to get the next page.
    next: Option<String>,
}

/// A submission in the list, with what its category and territory are called.
struct OwnRow {
    item: ListItem,
    category: Option<Named>,
    territory: Named,
    address: Option<String>,
}

#[derive(Template)]
#[template(path = "own.html")]
struct OwnPage {
    l: Layout,
    rows: Vec<OwnRow>,
    next: Option<String>,
    /// Whether this is not the first part of the list.
    later: bool,
}

/// The caller's own submissions, the newest first.
#[utoipa::path(get, path = "/submissions", tag = "intake", params(ListQuery),
    responses((status = 200, body = List), Failure))]
pub(crate) async fn own(
    app: App,
    caller: Caller,
    visit: Visit,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failure> {
    let Some(author) = caller.verified else {
        return Err(Failure::Unauthenticated("Your own submissions need a bearer token.".into()));
    };
    let limit = limit(query.limit, 20, 100)?;
    let page = app.store.of_author(&author.person, query.cursor.as_deref(), limit).await?;
    let now = app.clock.now();
    if visit.page {
        let rulebook = app.store.rulebook().await?;
        let rows = page.items.into_iter().map(|submission| OwnRow::of(submission, &rulebook, now)).collect();
        let later = query.cursor.is_some();
        return html(&OwnPage { l: visit.layout, rows, next: page.next, later });
    }
    let items = page.items.into_iter().map(|submission| ListItem::of(submission, now)).collect();
    Ok(Json(List { items, next: page.next }).into_response())
}

impl OwnRow {
    fn of(submission: Submission, rulebook: &Rulebook, now: Timestamp) -> Self {
        Self {
            category: submission.category.as_ref().map(|id| Named::find(id, &rulebook.categories)),
            territory: Named::find(&submission.territory, &rulebook.territories),
            address: submission.place.as_ref().map(|place| place.address.as_str().to_owned()),
            item: ListItem::of(submission, now),
        }
    }
}

impl ListItem {
    fn of(submission: Submission, now: Timestamp) -> Self {
        Self {
            overdue: submission.is_overdue(now),
            id: submission.id,
            kind: submission.kind,
            status: submission.status,
            category: submission.category,
            territory: submission.territory,
            received: submission.received,
            deadline: submission.terms.answer.map(|term| term.date),
        }
    }
}
