//! `GET /workspace/inbox`: what an organization has open, the most urgent first.

use axum::Json;
use axum::extract::State;
use domain::authorization::Action;
use domain::rulebook::Rulebook;
use domain::submission::Submission;
use domain::{OrganizationId, PersonId};
use entrypoint::App;
use entrypoint::http::view::Named;
use entrypoint::http::{Caller, Failure, Problem, Query, Staff};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which inbox, and which part of it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct InboxQuery {
    /// Id of an organization: the caller's own, or one under it. The caller's own if left out.
    organization: Option<String>,
    /// Also what the organizations under it have open? Yes if left out.
    under: Option<bool>,
    /// 1 to 100; 50 if left out.
    limit: Option<usize>,
    /// The value of `next` from the page before.
    cursor: Option<String>,
}

/// A submission in an inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InboxItem {
    #[schema(value_type = String, format = Uuid)]
    id: domain::SubmissionId,
    /// For `If-Match`.
    version: u64,
    #[schema(value_type = String)]
    kind: domain::SubmissionKind,
    #[schema(value_type = String)]
    status: domain::Status,
    paused: bool,
    category: Option<Named>,
    territory: Option<Named>,
    #[schema(value_type = String, format = DateTime)]
    received: Timestamp,
    #[schema(value_type = Option<String>)]
    assignee: Option<PersonId>,
    #[schema(value_type = Option<String>)]
    organization: Option<OrganizationId>,
    /// The last day of the running term: registration for an unregistered appeal, else the answer.
    #[schema(value_type = Option<String>, format = Date)]
    deadline: Option<jiff::civil::Date>,
    overdue: bool,
}

/// A page of an inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Inbox {
    #[schema(value_type = String)]
    organization: OrganizationId,
    /// Are the organizations under it in the list? Not if there are more than 500: choose one of them then.
    under: bool,
    items: Vec<InboxItem>,
    /// Give it as `cursor` to get the next page.
    next: Option<String>,
}

/// What an organization and those under it have open, the most urgent first; paused ones last.
#[utoipa::path(get, path = "/workspace/inbox", tag = "casework", params(InboxQuery),
    responses((status = 200, body = Inbox),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<InboxQuery>,
) -> Result<Json<Inbox>, Failure> {
    let staff = caller.staff(&app, Action::ReadInbox).await?;
    let limit = query.limit.unwrap_or(50);
    if !(1..=100).contains(&limit) {
        return Err(Failure::field("limit", "must be from 1 to 100"));
    }
    let organization = chosen(&app, &staff, query.organization.as_deref()).await?;
    let rulebook = app.store.rulebook().await?;
    let below = under(&app, &organization).await?;
    let with_below = query.under.unwrap_or(true) && below.len() <= MERGED;
    let organizations = if with_below { below } else { vec![organization.clone()] };
    let page = app.store.inbox(&organizations, query.cursor.as_deref(), limit).await?;
    let now = app.clock.now();
    let items = page.items.into_iter().map(|submission| item(submission, &rulebook, now)).collect();
    Ok(Json(Inbox { organization, under: with_below, items, next: page.next }))
}

/// Inboxes shown as one, at most.
const MERGED: usize = 500;

/// An organization and those under it; at least itself.
async fn under(app: &App, id: &OrganizationId) -> Result<Vec<OrganizationId>, Failure> {
    let Some(top) = app.store.organization(id).await? else { return Ok(vec![id.clone()]) };
    let all = app.store.organizations().await?;
    let within = all.iter().filter(|organization| organization.path.is_within(&top.path));
    Ok(within.map(|organization| organization.id.clone()).collect())
}

/// An organization out of reach looks like one that does not exist.
async fn chosen(app: &App, staff: &Staff, wanted: Option<&str>) -> Result<OrganizationId, Failure> {
    let Some(wanted) = wanted else {
        return Ok(staff.person.organization.clone());
    };
    let organization = wanted.parse().map_err(|_| Failure::NotFound)?;
    if staff.reaches(app, &organization).await? { Ok(organization) } else { Err(Failure::NotFound) }
}

fn item(submission: Submission, rulebook: &Rulebook, now: Timestamp) -> InboxItem {
    let category = submission.category.as_ref().and_then(|id| rulebook.categories.get(id));
    InboxItem {
        id: submission.id,
        version: submission.version,
        kind: submission.kind,
        status: submission.status,
        paused: submission.is_paused(),
        category: category.map(Named::of),
        territory: rulebook.territories.get(&submission.territory).map(Named::of),
        received: submission.received,
        deadline: submission.running_term().map(|term| term.date),
        overdue: submission.is_overdue(now),
        assignee: submission.assignee,
        organization: submission.organization,
    }
}
