//! `POST /workspace/submissions/{id}/steps`: one step with one submission.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::authorization::{self, Action};
use domain::submission::{Step, Submission};
use domain::{OrganizationId, SubmissionId};
use entrypoint::http::{Attempt, Caller, Command, Failure, FieldError, Path, Posted, Problem, Reply, Staff};
use entrypoint::{App, Change, TransactionParts};
use events::Actor;
use pages::{Visit, see_other};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::case;
use crate::decision::{Decision, StaffStep, StepRequest};
use crate::inbox::query::InboxQuery;
use crate::offer;

/// Where a submission stands after a step.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct StepTaken {
    #[schema(value_type = String, format = Uuid)]
    pub(crate) id: SubmissionId,
    /// For `If-Match`.
    pub(crate) version: u64,
    #[schema(value_type = String)]
    pub(crate) status: domain::Status,
    #[schema(value_type = Option<String>)]
    organization: Option<OrganizationId>,
}

/// Take a step with a submission.
#[utoipa::path(post, path = "/workspace/submissions/{id}/steps", tag = "casework", request_body = StepRequest,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = StepTaken), (status = 303, description = "A form was taken"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn take(
    State(app): State<App>,
    Path(id): Path<String>,
    visit: Visit,
    caller: Caller,
    posted: Posted<StepRequest>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadSubmission).await?;
    let id: SubmissionId = id.parse().map_err(|_| Failure::NotFound)?;
    let Posted { form, command } = posted;
    let taken = match command {
        Ok(command) => once(&app, id, &staff, &command).await.map(|reply| (command.body, reply)),
        Err(failure) => Err(failure),
    };
    match taken {
        Ok((_, reply)) if form.is_none() => Ok(reply.into_response()),
        Ok((body, _)) => Ok(see_other(&after(&body, id))),
        Err(failure) if visit.page => case::refused(&app, &staff, visit.layout, id, form, failure).await,
        Err(failure) => Err(failure),
    }
}

/// Takes the step once, whatever network and browser repeat.
pub(crate) async fn once(
    app: &App,
    id: SubmissionId,
    staff: &Staff,
    command: &Command<StepRequest>,
) -> Result<Reply, Failure> {
    command.once(app, || attempt(app, id, staff, command)).await
}

/// Where a browser goes after a step: on to the next case, to the list if the case has left the desk, or back to it.
fn after(body: &StepRequest, id: SubmissionId) -> String {
    let list = InboxQuery::of_link(body.list.as_deref().unwrap_or_default()).link();
    let done = body.step.done();
    let next = body.next.as_ref().and_then(|next| next.parse().ok());
    match (body.then.as_deref(), next) {
        (Some("next"), Some(next)) => offer::case_link(next, &list, Some(done)),
        (Some("next"), None) => in_list(&list, done),
        _ if body.step.leaves_the_desk() => in_list(&list, done),
        _ => offer::case_link(id, &list, Some(done)),
    }
}

fn in_list(list: &str, done: &str) -> String {
    let and = if list.is_empty() { "" } else { "&" };
    format!("/workspace/inbox?{list}{and}done={done}")
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
    let request = with_organization(app, &command.body).await?;
    let Decision { step, text } = request.parse(&staff.person.id)?;
    if !staff.may(request.step.action()) {
        return Err(Failure::Forbidden("None of your roles allows this step.".into()).into());
    }
    command.if_match.check(submission.version)?;
    check_references(app, &step, &submission).await?;
    let rulebook = app.store.rulebook().await?;

    let now = app.clock.now();
    let takes = request.step == StaffStep::Draft
        && request.take == Some(true)
        && offer::can_take(&submission, staff, &rulebook, now);
    let mut change = Change::of(submission, Actor::Staff(staff.person.id.clone()), now);
    if takes {
        change.apply(&Step::Assign(staff.person.id.clone()), None, &rulebook)?;
    }
    change.apply(&step, text, &rulebook)?;

    let reply = taken(&change.state)?;
    let stored = command.stored(&reply, Some(id.into()), now);
    app.save(&change, TransactionParts { reply: stored.as_ref(), ..TransactionParts::default() })
        .await
        .map_err(Attempt::Commit)?;
    Ok(reply)
}

/// The request with the id of the organization that it names.
async fn with_organization(app: &App, request: &StepRequest) -> Result<StepRequest, Failure> {
    let mut request = request.clone();
    let wanted =
        request.organization.as_deref().map(str::trim).filter(|_| request.step == StaffStep::Forward);
    let Some(wanted) = wanted.map(str::to_owned) else { return Ok(request) };
    if let Ok(id) = wanted.parse::<OrganizationId>()
        && app.store.organization(&id).await?.is_some()
    {
        return Ok(request);
    }
    let all = app.store.organizations().await?;
    // They are sorted by name.
    let first = all.partition_point(|organization| organization.name < wanted);
    let named: Vec<_> =
        all[first..].iter().take_while(|organization| organization.name == wanted).take(2).collect();
    match named.as_slice() {
        [one] => request.organization = Some(one.id.to_string()),
        [] => return Err(no_organization(&wanted)),
        _ => {
            let message = format!("several organizations are called «{wanted}»: give the id");
            let field = FieldError::coded("organization", "ambiguous-organization", message);
            return Err(Failure::Invalid(vec![field.with("wanted", wanted)]));
        }
    }
    Ok(request)
}

fn no_organization(wanted: &str) -> Failure {
    let message = format!("there is no organization «{wanted}»");
    let field = FieldError::coded("organization", "unknown-organization", message);
    Failure::Invalid(vec![field.with("wanted", wanted)])
}

/// An assignee must be able to draft there.
async fn check_references(app: &App, step: &Step, submission: &Submission) -> Result<(), Failure> {
    let Step::Assign(id) = step else { return Ok(()) };
    let refused = |code: &str, message: String| {
        Failure::Invalid(vec![FieldError::coded("assignee", code, message).with("wanted", id.as_str())])
    };
    let person = app.store.person(id).await?;
    let Some(person) = person.filter(|p| authorization::allows(&p.roles, Action::Draft)) else {
        return Err(refused("no-caseworker", format!("there is no caseworker «{id}»")));
    };
    let own = app.store.organization(&person.organization).await?;
    let there = match &submission.organization {
        Some(organization) => app.store.organization(organization).await?,
        None => None,
    };
    match (own, there) {
        (Some(own), Some(there)) if there.path.is_within(&own.path) => Ok(()),
        _ => Err(refused("not-their-organization", format!("«{id}» does not work for this organization"))),
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
