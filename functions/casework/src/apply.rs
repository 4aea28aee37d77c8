//! `POST /workspace/submissions/{id}/steps`: one step with one submission.

use axum::http::StatusCode;
use axum::response::Response;
use domain::authorization::Action;
use domain::person::Person;
use domain::submission::{NotAssignable, Step, StepSequence, Submission};
use domain::template::all_filled;
use domain::{OrganizationId, PersonId, SubmissionId};
use entrypoint::http::{
    Attempt, Caller, Failure, FieldError, FieldErrors, HttpCommand, Path, Posted, Reply, Staff, lookup,
};
use entrypoint::{App, Change, TransactionParts};
use events::Actor;
use jiff::Timestamp;
use pages::{Done, Visit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::case;
use crate::decision::{Decision, StepRequest, Wanted};
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
#[utoipa::path(post, path = "/workspace/submissions/{id}/steps", tag = "casework", operation_id = "take", request_body = StepRequest,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = StepTaken), (status = 303, description = "A form was taken"), Failure))]
pub(crate) async fn apply(
    app: App,
    Path(id): Path<SubmissionId>,
    visit: Visit,
    caller: Caller,
    posted: Posted<StepRequest>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadSubmission).await?;
    let act = async |command: HttpCommand<StepRequest>| {
        let reply = take(&app, id, &staff, &command).await?;
        Ok(Done::new(reply, &after(&command.body, id)))
    };
    visit.answer(posted, act, async |l, form| case::again(&app, &staff, l, id, form).await).await
}

/// Takes the step, however often network and browser repeat the request.
pub(crate) async fn take(
    app: &App,
    id: SubmissionId,
    staff: &Staff,
    command: &HttpCommand<StepRequest>,
) -> Result<Reply, Failure> {
    command.run_idempotent(app, || attempt(app, id, staff, command)).await
}

/// Where a browser goes after a step: to the next case, to the list if the case has left it, else back to the case.
fn after(body: &StepRequest, id: SubmissionId) -> String {
    let list = InboxQuery::of_link(body.list.as_deref().unwrap_or_default());
    let done = body.step.done();
    let next = body.next.as_ref().and_then(|next| next.parse().ok());
    match (body.then.as_deref(), next) {
        (Some("next"), Some(next)) => offer::case_link(next, &list.link(), Some(done)),
        (Some("next"), None) => list.address(Some(done)),
        _ if body.step.leaves_the_inbox() => list.address(Some(done)),
        _ => offer::case_link(id, &list.link(), Some(done)),
    }
}

async fn attempt(
    app: &App,
    id: SubmissionId,
    staff: &Staff,
    command: &HttpCommand<StepRequest>,
) -> Result<Reply, Attempt> {
    let submission = app.store.submission(id).await?.ok_or(Failure::NotFound)?;
    if !staff.works_on(app, &submission).await? {
        return Err(Failure::NotFound.into());
    }
    let Decision { wanted, text } = command.body.parse()?;
    if !staff.may(command.body.step.action()) {
        return Err(Failure::Forbidden("None of your roles allows this step.".into()).into());
    }
    command.if_match.check(submission.version)?;
    if wanted == Wanted::Step(Step::Approve) {
        check_draft(app, &submission).await?;
    }
    let now = app.clock.now();
    let steps = steps(app, wanted, &submission, &staff.person, now).await?;
    let rulebook = app.store.rulebook().await?;

    let mut change = Change::of(submission, Actor::Staff(staff.person.id.clone()), now);
    change.apply_all(steps, text, &rulebook)?;

    let reply = taken(&change.state)?;
    let stored = command.stored(&reply, Some(id.into()), now);
    app.save(&change, TransactionParts { reply: stored.as_ref(), ..TransactionParts::default() })
        .await
        .map_err(Attempt::Commit)?;
    Ok(reply)
}

/// The steps that are asked for, checked against the directory.
async fn steps(
    app: &App,
    wanted: Wanted,
    submission: &Submission,
    person: &Person,
    now: Timestamp,
) -> Result<StepSequence, Failure> {
    Ok(match wanted {
        Wanted::Step(step) => step.into(),
        Wanted::Assign(assignee) => {
            check_assignee(app, &assignee, submission).await?;
            Step::Assign(assignee).into()
        }
        Wanted::Forward(to) => Step::Forward(organization(app, &to).await?).into(),
        Wanted::Draft { outcome, claim: true } => submission.claim_and_draft(person, outcome, now),
        Wanted::Draft { outcome, claim: false } => Step::Draft { by: person.id.clone(), outcome }.into(),
    })
}

/// A draft may be older than the check of what is drafted.
async fn check_draft(app: &App, submission: &Submission) -> Result<(), Failure> {
    let Some(draft) = &submission.draft else { return Ok(()) };
    let text = app.store.text(submission.id, draft.text).await?.unwrap_or_default();
    let mut errors = FieldErrors::default();
    let checked = errors.check("text", all_filled(&text));
    errors.finish(checked)
}

/// The organization of an id or a name.
pub(crate) async fn organization(app: &App, wanted: &str) -> Result<OrganizationId, Failure> {
    let mut errors = FieldErrors::default();
    let found = errors.check("organization", lookup::find_organization(&app.store, wanted).await?);
    errors.finish(found.map(|organization| organization.id))
}

/// Reads what decides whether somebody can be given the submission.
async fn check_assignee(app: &App, id: &PersonId, submission: &Submission) -> Result<(), Failure> {
    let person = app.store.person(id).await?;
    let own = match &person {
        Some(person) => app.store.organization(&person.organization).await?,
        None => None,
    };
    let responsible = match &submission.organization {
        Some(organization) => app.store.organization(organization).await?,
        None => None,
    };
    let paths =
        own.as_ref().zip(responsible.as_ref()).map(|(own, responsible)| (&own.path, &responsible.path));
    let checked = match (&person, paths) {
        (Some(person), Some((own, responsible))) => person.can_be_assigned(own, responsible),
        (Some(person), None) if person.drafts() => Err(NotAssignable::OtherOrganization),
        (Some(_) | None, _) => Err(NotAssignable::NoCaseworker),
    };
    let (code, message) = match checked {
        Ok(()) => return Ok(()),
        Err(NotAssignable::NoCaseworker) => ("no-caseworker", format!("there is no caseworker «{id}»")),
        Err(NotAssignable::OtherOrganization) => {
            ("not-their-organization", format!("«{id}» does not work for this organization"))
        }
    };
    Err(Failure::Invalid(vec![FieldError::coded("assignee", code, message).with("wanted", id.as_str())]))
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ID: &str = "00000000-0000-0000-0000-000000000001";
    const NEXT: &str = "00000000-0000-0000-0000-000000000002";

    #[test]
    fn a_browser_goes_on_with_its_list() {
        let own = |query: &str| format!("/workspace/submissions/{ID}?{query}");
        let next = format!("/workspace/submissions/{NEXT}?list=view%3Dmine&done=case-approved");
        for (request, address) in [
            (json!({ "step": "approve" }), own("done=case-approved")),
            (json!({ "step": "pause", "list": "view=mine" }), own("list=view%3Dmine&done=case-paused")),
            (json!({ "step": "approve", "then": "next", "next": NEXT, "list": "view=mine" }), next),
            // Nothing is left in this part of the inbox.
            (json!({ "step": "approve", "then": "next" }), "/workspace/inbox?done=case-approved".into()),
            (
                json!({ "step": "forward", "list": "view=new" }),
                "/workspace/inbox?view=new&done=case-forwarded".into(),
            ),
            // A list is never another address.
            (
                json!({ "step": "reject", "list": "//elsewhere.example" }),
                "/workspace/inbox?done=case-rejected".into(),
            ),
        ] {
            let request: Value = request;
            let body: StepRequest = serde_json::from_value(request.clone()).unwrap();
            assert_eq!(after(&body, ID.parse().unwrap()), address, "{request}");
        }
    }
}
