//! One submission in the workspace: look at it, take a step.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::authorization::{self, Action};
use domain::submission::{Step, Submission};
use domain::{OrganizationId, SubmissionId};
use entrypoint::http::view::{Audience, SubmissionView};
use entrypoint::http::{Attempt, Caller, Command, Failure, Path, Problem, Reply, Staff, etag};
use entrypoint::{App, Change, Extras};
use events::Actor;
use serde::Serialize;
use store::Contact;
use utoipa::ToSchema;

use crate::decision::{Decision, StepRequest};

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

/// A submission with drafts, notes and names of staff; for the organizations that work on it, and analysts.
#[utoipa::path(get, path = "/workspace/submissions/{id}", tag = "casework", params(("id" = String, Path)),
    responses((status = 200, body = CaseView),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadSubmission).await?;
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    let record = app.store.record(id).await?.ok_or(Failure::NotFound)?;
    let works_on = staff.works_on(&app, &record.submission).await?;
    if !works_on && !staff.may(Action::SearchTexts) {
        return Err(Failure::NotFound);
    }
    let author = match &record.submission.author {
        Some(person) if works_on && staff.may(Action::ReadInbox) => {
            app.store.contact(person).await?.map(AuthorView::from)
        }
        _ => None,
    };
    let rulebook = app.store.rulebook().await?;
    let submission =
        SubmissionView::of(&record, Audience::Staff, &app.store, &rulebook, app.clock.now()).await?;
    Ok(([(header::ETAG, etag(submission.version))], Json(CaseView { submission, author })).into_response())
}

/// Where a submission stands after a step.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepTaken {
    #[schema(value_type = String, format = Uuid)]
    id: SubmissionId,
    /// For `If-Match`.
    version: u64,
    #[schema(value_type = String)]
    status: domain::Status,
    #[schema(value_type = Option<String>)]
    organization: Option<OrganizationId>,
}

/// Take a step with a submission.
#[utoipa::path(post, path = "/workspace/submissions/{id}/steps", tag = "casework", request_body = StepRequest,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = StepTaken),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn take(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<StepRequest>,
) -> Result<Reply, Failure> {
    let staff = command.caller.staff(&app, Action::ReadSubmission).await?;
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    command.once(&app, || attempt(&app, id, &staff, &command)).await
}

async fn attempt(
    app: &App,
    id: SubmissionId,
    staff: &Staff,
    command: &Command<StepRequest>,
) -> Result<Reply, Attempt> {
    let submission = app.store.submission(id).await?.ok_or(Failure::NotFound)?;
    if !staff.works_on(app, &submission).await? {
        return Err(Failure::NotFound.into());
    }
    let Decision { action, step, text } = command.body.parse(&staff.person.id)?;
    if !staff.may(action) {
        return Err(Failure::Forbidden("None of your roles allows this step.".into()).into());
    }
    command.if_match.check(submission.version)?;
    check_references(app, &step, &submission).await?;
    let rulebook = app.store.rulebook().await?;

    let now = app.clock.now();
    let mut change = Change::of(submission, Actor::Staff(staff.person.id.clone()), now);
    change.take(&step, text, &rulebook)?;

    let reply = taken(&change.submission)?;
    let stored = command.stored(&reply, Some(id), now);
    app.save(&change, Extras { reply: stored.as_ref(), ..Extras::default() })
        .await
        .map_err(Attempt::Commit)?;
    Ok(reply)
}

/// An assignee must be able to draft there; an organization must exist.
async fn check_references(app: &App, step: &Step, submission: &Submission) -> Result<(), Failure> {
    match step {
        Step::Assign(id) => {
            let person = app.store.person(id).await?;
            let Some(person) = person.filter(|p| authorization::allows(&p.roles, Action::Draft)) else {
                return Err(Failure::field("assignee", format!("there is no caseworker «{id}»")));
            };
            let own = app.store.organization(&person.organization).await?;
            let there = match &submission.organization {
                Some(organization) => app.store.organization(organization).await?,
                None => None,
            };
            match (own, there) {
                (Some(own), Some(there)) if there.path.is_within(&own.path) => Ok(()),
                _ => Err(Failure::field("assignee", format!("«{id}» does not work for this organization"))),
            }
        }
        Step::Forward(to) if app.store.organization(to).await?.is_none() => {
            Err(Failure::field("organization", format!("there is no organization «{to}»")))
        }
        _ => Ok(()),
    }
}

fn taken(submission: &Submission) -> Result<Reply, Failure> {
    let body = StepTaken {
        id: submission.id,
        version: submission.version,
        status: submission.status,
        organization: submission.organization.clone(),
    };
    Reply::json(StatusCode::CREATED, submission.version, &body)
}
