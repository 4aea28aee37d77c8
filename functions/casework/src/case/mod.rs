//! `GET /workspace/submissions/{id}`: one submission with everything that staff need to decide.

mod page;
mod parts;
mod preview;
mod view;

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::SubmissionId;
use domain::authorization::Action;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Path, Query, Staff, etag};
use pages::submission::{Audience, SubmissionView};
use pages::{Form, Layout, Visit, html};
use serde::Deserialize;
use utoipa::IntoParams;

use page::{CaseForm, CasePage};
use preview::CasePreview;
use view::{AuthorView, CaseView, ReadableCase};

/// For pages: where the case was opened from, and a template to begin the answer with.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct CaseQuery {
    #[param(ignore)]
    list: Option<String>,
    #[param(ignore)]
    template: Option<String>,
    #[param(ignore)]
    part: Option<CasePart>,
}

/// A part of the page that is shown by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CasePart {
    Preview,
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
    if visit.page && query.part == Some(CasePart::Preview) {
        return html(&CasePreview::of(&app, visit.layout, &case).await?);
    }
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
