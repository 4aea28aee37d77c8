//! `GET /workspace/submissions/{id}`: one submission with everything that staff need to decide.

mod page;

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::SubmissionId;
use domain::authorization::Action;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Path, Query, Staff, etag};
use pages::submission::{Audience, SubmissionView};
use pages::{Form, Layout, Visit, html};
use serde::{Deserialize, Serialize};
use store::{Contact, Record};
use utoipa::{IntoParams, ToSchema};

use page::{CaseForm, CasePage};

/// A submission with everything that staff may see.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseView {
    #[serde(flatten)]
    submission: SubmissionView,
    /// How to reach the author; only for those who work on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<AuthorView>,
}

/// How to reach the author.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthorView {
    name: Option<String>,
    email: Option<String>,
}

impl From<Contact> for AuthorView {
    fn from(contact: Contact) -> Self {
        Self { name: contact.name, email: contact.email }
    }
}

/// For pages: where the case was opened from, and a template to begin the answer with.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct CaseQuery {
    #[param(ignore)]
    list: Option<String>,
    #[param(ignore)]
    template: Option<String>,
}

/// A submission with what this member of staff may read of it.
struct ReadableCase {
    record: Record,
    works_on: bool,
    author: Option<AuthorView>,
}

/// A submission with drafts, notes and names of staff; for the organizations that work on it, and analysts.
#[utoipa::path(get, path = "/workspace/submissions/{id}", tag = "casework", params(("id" = String, Path), CaseQuery),
    responses((status = 200, body = CaseView), Failure))]
pub(crate) async fn show(
    app: App,
    Path(id): Path<SubmissionId>,
    visit: Visit,
    caller: Caller,
    Query(query): Query<CaseQuery>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadSubmission).await?;
    let case = read(&app, &staff, id).await?;
    if visit.page {
        let form = CaseForm { list: query.list.unwrap_or_default(), template: query.template, refused: None };
        return html(&CasePage::of(&app, &staff, visit.layout, case, form).await?);
    }
    let rulebook = app.store.rulebook().await?;
    let submission =
        SubmissionView::of(&case.record, Audience::Staff, &app.store, &rulebook, app.clock.now()).await?;
    let tag = [(header::ETAG, etag(submission.version))];
    Ok((tag, Json(CaseView { submission, author: case.author })).into_response())
}

/// The page of a case whose form was refused: what was filled in, why not, and what has changed since.
pub(crate) async fn again(
    app: &App,
    staff: &Staff,
    mut l: Layout,
    id: SubmissionId,
    form: Form,
) -> Result<Response, Failure> {
    let case = read(app, staff, id).await?;
    let list = form.value("list").to_owned();
    l.here = crate::offer::case_link(id, &list, None);
    let form = CaseForm { list, template: None, refused: Some(form) };
    html(&CasePage::of(app, staff, l, case, form).await?)
}

async fn read(app: &App, staff: &Staff, id: SubmissionId) -> Result<ReadableCase, Failure> {
    let record = app.store.record(id).await?.ok_or(Failure::NotFound)?;
    let works_on = staff.works_on(app, &record.submission).await?;
    if !works_on && !staff.may(Action::SearchTexts) {
        return Err(Failure::NotFound);
    }
    let author = match &record.submission.author {
        Some(person) if works_on && staff.may(Action::ReadInbox) => {
            app.store.contact(person).await?.map(AuthorView::from)
        }
        _ => None,
    };
    Ok(ReadableCase { record, works_on, author })
}
