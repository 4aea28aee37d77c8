//! `GET /polls`.

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::authorization::Action;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Query};
use pages::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::poll::view::PollLine;

/// Which polls.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// What one's own organization prepares, instead of what everybody sees.
    #[serde(default)]
    drafts: bool,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Polls, those that open last first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PollList {
    pub(crate) items: Vec<PollLine>,
    /// Give it back as `cursor`; none at the end.
    pub(crate) next: Option<String>,
}

#[derive(Template)]
#[template(path = "polls.html")]
struct PollsPage {
    l: Layout,
    list: PollList,
    drafts: bool,
    may_manage: bool,
}

/// Polls.
#[utoipa::path(get, path = "/polls", tag = "polls", params(ListQuery),
    responses((status = 200, body = PollList), Failure))]
pub(crate) async fn list(
    app: App,
    Query(query): Query<ListQuery>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    let list = read(&app, &query, &caller).await?;
    if visit.page {
        let l = visit.layout;
        return html(&PollsPage { may_manage: l.may(Action::ManagePolls), drafts: query.drafts, list, l });
    }
    Ok(Json(list).into_response())
}

async fn read(app: &App, query: &ListQuery, caller: &Caller) -> Result<PollList, Failure> {
    let after = query.cursor.as_deref();
    let page = if query.drafts {
        let staff = caller.staff(app, Action::ManagePolls).await?;
        app.store.poll_drafts(&staff.person.organization, after).await?
    } else {
        app.store.polls(after).await?
    };
    let (rulebook, now) = (app.store.rulebook().await?, app.clock.now());
    let items = page.items.iter().map(|poll| PollLine::of(poll, &rulebook, now)).collect();
    Ok(PollList { items, next: page.next })
}
