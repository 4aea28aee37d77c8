//! What authors see and may do: one submission, their own list, withdrawing.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::SubmissionId;
use domain::submission::{Step, Submission};
use entrypoint::http::view::{Audience, SubmissionView};
use entrypoint::http::{Attempt, Caller, Command, Failure, Path, Problem, Query, Reply, etag};
use entrypoint::{App, Change, Extras};
use events::Actor;
use jiff::Timestamp;
use pages::prelude::*;
use serde::{Deserialize, Serialize};
use store::Record;
use utoipa::{IntoParams, ToSchema};

/// How a submission stands; for its author, with a bearer token or the header `Tracking`.
#[utoipa::path(get, path = "/submissions/{id}", tag = "intake",
    params(("id" = String, Path), ("Tracking" = Option<String>, Header, description = "The secret tracking number")),
    responses((status = 200, body = SubmissionView),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    let record = own_record(&app, &id, &caller).await?;
    let rulebook = app.store.rulebook().await?;
    let view = SubmissionView::of(&record, Audience::Author, &app.store, &rulebook, app.clock.now()).await?;
    if visit.page {
        return html(&SubmissionPage { l: visit.layout, view });
    }
    Ok(([(header::ETAG, etag(view.version))], Json(view)).into_response())
}

/// A submission for its author.
#[derive(Template)]
#[template(path = "submission.html")]
struct SubmissionPage {
    l: Layout,
    view: SubmissionView,
}

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
}

/// A page of the author's submissions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List {
    items: Vec<ListItem>,
    /// Give it as `cursor` to get the next page.
    next: Option<String>,
}

/// The caller's own submissions, the newest first.
#[utoipa::path(get, path = "/submissions", tag = "intake", params(ListQuery),
    responses((status = 200, body = List), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn own(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<List>, Failure> {
    let Some(author) = caller.verified else {
        return Err(Failure::Unauthenticated("Your own submissions need a bearer token.".into()));
    };
    let limit = query.limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return Err(Failure::field("limit", "must be from 1 to 100"));
    }
    let page = app.store.of_author(&author.person, query.cursor.as_deref(), limit).await?;
    let items = page.items.into_iter().map(ListItem::from).collect();
    Ok(Json(List { items, next: page.next }))
}

impl From<Submission> for ListItem {
    fn from(submission: Submission) -> Self {
        Self {
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

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Take a submission back; only while nobody has answered it.
#[utoipa::path(post, path = "/submissions/{id}/withdrawal", tag = "intake", request_body = Nothing,
    params(("id" = String, Path), ("Tracking" = Option<String>, Header),
        ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn withdraw(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<Nothing>,
) -> Result<Reply, Failure> {
    command.once(&app, || take_back(&app, &id, &command)).await
}

async fn take_back(app: &App, id: &str, command: &Command<Nothing>) -> Result<Reply, Attempt> {
    let submission = own_record(app, id, &command.caller).await?.submission;
    command.if_match.check(submission.version)?;
    let rulebook = app.store.rulebook().await?;

    let now = app.clock.now();
    let mut change = Change::of(submission, Actor::Author, now);
    change.take(&Step::Withdraw, None, &rulebook)?;

    let reply = Reply::empty(StatusCode::NO_CONTENT, change.submission.version);
    let stored = command.stored(&reply, Some(change.submission.id), now);
    app.save(&change, Extras { reply: stored.as_ref(), ..Extras::default() })
        .await
        .map_err(Attempt::Commit)?;
    Ok(reply)
}

/// Another's submission and an absent one look the same.
async fn own_record(app: &App, id: &str, caller: &Caller) -> Result<Record, Failure> {
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    let record = app.store.record(id).await?.ok_or(Failure::NotFound)?;
    if caller.is_author(app, &record.submission)? { Ok(record) } else { Err(Failure::NotFound) }
}
