//! `GET /notices` and `POST /notices/read`: what the viewer was told.

use askama::Template;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::notification::NoticeKind;
use domain::{EventId, PersonId, Subject};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, HttpCommand, Posted, Query, limit};
use jiff::Timestamp;
use jiff::civil::Date;
use pages::prelude::*;
use pages::submission::Named;
use serde::{Deserialize, Serialize};
use store::{Notice, Page, StoreError};
use utoipa::{IntoParams, ToSchema};

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticesQuery {
    /// 1 to 100; 20 if left out.
    limit: Option<i32>,
    /// The value of `next` from the page before.
    cursor: Option<String>,
}

/// Something that the caller was told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeView {
    /// What, by a stable name: `answered`.
    #[schema(value_type = String)]
    pub(crate) kind: NoticeKind,
    /// What it is about: `submission` or `poll`, with its id.
    #[serde(flatten)]
    #[schema(value_type = SubjectView)]
    pub(crate) subject: Subject,
    #[schema(value_type = String, format = Uuid)]
    pub(crate) event: EventId,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// Whether the caller has marked it as read.
    pub(crate) read: bool,
    /// Where the submission is for the caller.
    pub(crate) link: String,
    pub(crate) category: Option<Named>,
    /// The title of a poll.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    /// The organization that it speaks of.
    pub(crate) organization: Option<Named>,
    /// The day that it speaks of.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) due: Option<Date>,
}

/// The subject of a notice.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes Subject, which knows nothing of OpenAPI")]
pub(crate) enum SubjectView {
    #[schema(value_type = String, format = Uuid)]
    Submission(String),
    #[schema(value_type = String, format = Uuid)]
    Poll(String),
}

/// A page of the caller's notices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Notices {
    items: Vec<NoticeView>,
    /// Give it as `cursor` to get the next page.
    next: Option<String>,
}

impl NoticeView {
    /// What it is about, in a few words.
    pub(crate) fn about(&self, l: &Layout) -> String {
        let Subject::Submission(id) = self.subject else {
            return l.with("notice-about-poll", "title", self.title.as_deref().unwrap_or_default());
        };
        let category = self.category.as_ref().map_or_else(|| l.t("no-category"), |found| found.name.clone());
        l.with2("notice-about", "category", category, "number", id.number())
    }

    /// What it says.
    pub(crate) fn text(&self, l: &Layout) -> String {
        l.notice_text(&self.kind, self.organization.as_ref().map(|found| found.name.as_str()))
    }
}

#[derive(Template)]
#[template(path = "notices.html")]
struct NoticesPage {
    l: Layout,
    list: Notices,
    unread: bool,
    /// When the page was made: what comes later stays unread.
    now: Timestamp,
    first: bool,
}

/// What the caller was told in the last 90 days, the latest first.
#[utoipa::path(get, path = "/notices", tag = "portal", params(NoticesQuery),
    responses((status = 200, body = Notices), Failure))]
pub(crate) async fn list(
    app: App,
    visit: Visit,
    caller: Caller,
    Query(query): Query<NoticesQuery>,
) -> Result<Response, Failure> {
    let person = signed_in(&caller)?;
    let limit = limit(query.limit, 20, 100)?;
    let now = app.clock.now();
    let list = of(&app, person, query.cursor.as_deref(), limit).await?;
    if visit.page {
        let unread = list.items.iter().any(|notice| !notice.read);
        return html(&NoticesPage { l: visit.layout, list, unread, now, first: query.cursor.is_none() });
    }
    Ok(Json(list).into_response())
}

/// The latest notices that somebody has not marked as read.
pub(crate) async fn unread(app: &App, person: &PersonId, limit: i32) -> Result<Vec<NoticeView>, Failure> {
    let mut latest = of(app, person, None, limit).await?.items;
    latest.retain(|notice| !notice.read);
    Ok(latest)
}

async fn of(app: &App, person: &PersonId, after: Option<&str>, limit: i32) -> Result<Notices, StoreError> {
    let Page { items, next } = app.store.notices(person, after, limit).await?;
    if items.is_empty() {
        return Ok(Notices { items: Vec::new(), next });
    }
    let read = app.store.notices_read(person).await?;
    let rulebook = app.store.rulebook().await?;
    let organizations: Vec<_> = items.iter().filter_map(|notice| notice.organization.clone()).collect();
    let names = app.store.organization_names(organizations).await?;
    let view = |notice: Notice| NoticeView {
        kind: notice.kind,
        subject: notice.subject,
        event: notice.event,
        at: notice.at,
        read: notice.at <= read,
        link: notice.kind.path(notice.subject),
        category: notice.category.and_then(|id| rulebook.categories.get(&id).map(Named::of)),
        organization: notice.organization.map(|id| {
            let name = names.get(&id).cloned().unwrap_or_else(|| id.to_string());
            Named { id: id.to_string(), name }
        }),
        title: notice.title,
        due: notice.due,
    };
    Ok(Notices { items: items.into_iter().map(view).collect(), next })
}

/// Until when everything has been read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadRequest {
    /// Now if left out. A page says when it was made, so that what came since stays unread.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// Mark notices as read.
#[utoipa::path(post, path = "/notices/read", tag = "portal", request_body = ReadRequest,
    responses((status = 204), Failure))]
pub(crate) async fn read(app: App, visit: Visit, posted: Posted<ReadRequest>) -> Result<Response, Failure> {
    let act = async |command: HttpCommand<ReadRequest>| {
        let person = signed_in(&command.caller)?;
        let now = app.clock.now();
        // Nobody has read what has not been told yet.
        let until = command.body.until.unwrap_or(now).min(now);
        app.store.mark_notices_read(person, until).await?;
        Ok(Done::new(StatusCode::NO_CONTENT, "/notices?done=notices-read"))
    };
    visit.answer_button(posted, act).await
}

/// The person who is signed in.
pub(crate) fn signed_in(caller: &Caller) -> Result<&PersonId, Failure> {
    let verified = caller.verified.as_ref().map(|verified| &verified.person);
    verified.ok_or_else(|| Failure::Unauthenticated("This needs somebody who is signed in.".into()))
}
