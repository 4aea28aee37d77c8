//! `POST /workspace/inbox/steps`: one step with many submissions. Each is applied by itself: one that is refused does not
//! stop the others.

use axum::Json;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::authorization::Action;
use domain::submission::RejectionReason;
use domain::{InvalidId, SubmissionId};
use entrypoint::App;
use entrypoint::http::{
    Caller, Failure, FieldError, FieldErrors, FormValues, HttpCommand, IfMatch, Key, Posted, Refusal, Staff,
};
use futures::future::join_all;
use pages::{Done, Form, Layout, Visit, html};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bulk_page::BulkPage;
use super::bulk_step::{BulkStep, LIMIT, Refused};
use super::page::InboxPage;
use super::query::InboxQuery;
use crate::apply::{self, StepTaken};
use crate::decision::StepRequest;

/// Steps taken at the same time.
const AT_ONCE: usize = 8;

/// One step with many submissions.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkRequest {
    /// `assign` if left out.
    #[serde(default)]
    step: BulkStep,
    assignee: Option<String>,
    /// Id of an organization, or its name if no other has the same.
    organization: Option<String>,
    /// At most 2,000 characters.
    note: Option<String>,
    /// `spam`, `offensive`, `duplicate`, `unclear` or `out_of_scope`.
    #[schema(value_type = Option<String>)]
    reason: Option<RejectionReason>,
    /// Each as `id@version`, or `id` for whatever version it has; at most 100.
    #[serde(default)]
    submissions: Vec<String>,
    /// Forms: the part of the inbox they came from.
    #[serde(rename = "return")]
    #[schema(ignore)]
    back: Option<String>,
}

/// What became of one submission.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkResult {
    /// As it was sent, without the version.
    id: String,
    /// For `If-Match`.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    /// Where it stands now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    status: Option<domain::Status>,
    /// Why nothing was done with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<BulkProblem>,
}

/// Why nothing was done with a submission.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkProblem {
    /// What kind of problem; stable, for programs.
    #[schema(example = "/problems/stale")]
    r#type: String,
    /// The HTTP status that it would have alone.
    status: u16,
    /// The fields at fault.
    fields: Vec<FieldError>,
}

/// What became of each submission, in the order of the request.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkReply {
    results: Vec<BulkResult>,
}

type BulkOutcome = (String, Result<StepTaken, Refusal>);

/// Take a step with many submissions; one that is refused is refused alone.
#[utoipa::path(post, path = "/workspace/inbox/steps", tag = "casework", operation_id = "take", request_body = BulkRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = BulkReply), (status = 303, description = "A form was taken"), Failure))]
pub(crate) async fn apply(
    app: App,
    visit: Visit,
    caller: Caller,
    posted: Posted<BulkRequest>,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadInbox).await?;
    let (typed, layout) = (posted.form.clone(), visit.layout.clone());
    let act = async |command: HttpCommand<BulkRequest>| {
        command.body.checked(&staff)?;
        if let (BulkStep::Forward, Some(to)) = (command.body.step, &command.body.organization) {
            // Said once, and not of each.
            apply::organization(&app, to).await?;
        }
        let to = after(&command.body);
        let outcomes = each(&app, &staff, command).await;
        let refused = refused(&layout, &outcomes);
        let reply = Json(BulkReply::of(outcomes));
        let Some(form) = typed.filter(|_| !refused.is_empty()) else { return Ok(Done::new(reply, &to)) };
        // What was refused is shown with the reasons, beside what was done.
        let page = again(&app, &staff, layout, Form::filled(form), refused).await?;
        Ok(Done::showing(reply, (StatusCode::UNPROCESSABLE_ENTITY, page)))
    };
    visit.answer(posted, act, async |l, form| again(&app, &staff, l, form, Vec::new()).await).await
}

/// The submissions that were refused, as the page shows them.
fn refused(l: &Layout, outcomes: &[BulkOutcome]) -> Vec<Refused> {
    let why = |(id, outcome): &BulkOutcome| {
        outcome.as_ref().err().map(|refusal| Refused { id: id.clone(), why: l.refusal(refusal) })
    };
    outcomes.iter().filter_map(why).collect()
}

impl BulkRequest {
    fn checked(&self, staff: &Staff) -> Result<(), Failure> {
        if !staff.may(self.step.of_one().action()) {
            return Err(Failure::Forbidden("None of your roles allows this step.".into()));
        }
        self.check_fields()
    }

    /// What is wrong whatever the submissions are is said once.
    fn check_fields(&self) -> Result<(), Failure> {
        let mut errors = FieldErrors::default();
        if self.submissions.is_empty() {
            errors.refuse::<()>("submissions", "nothing-chosen", "give at least one submission");
        }
        if self.submissions.len() > LIMIT {
            errors.refuse::<()>("submissions", "too-many-chosen", "give at most 100 submissions");
        }
        errors.finish(Some(()))?;
        self.request().parse().map(|_| ())
    }

    fn request(&self) -> StepRequest {
        StepRequest {
            reason: self.reason,
            note: self.note.clone(),
            assignee: self.assignee.clone(),
            organization: self.organization.clone(),
            ..StepRequest::plain(self.step.of_one())
        }
    }
}

async fn each(app: &App, staff: &Staff, command: HttpCommand<BulkRequest>) -> Vec<BulkOutcome> {
    let HttpCommand { body, caller, key, .. } = command;
    let mut outcomes = Vec::with_capacity(body.submissions.len());
    for some in body.submissions.chunks(AT_ONCE) {
        let mut steps = Vec::with_capacity(some.len());
        for wanted in some {
            steps.push(one(app, staff, &body, wanted, caller.clone(), key.as_ref()));
        }
        outcomes.extend(join_all(steps).await);
    }
    outcomes
}

async fn one(
    app: &App,
    staff: &Staff,
    body: &BulkRequest,
    wanted: &str,
    caller: Caller,
    key: Option<&Key>,
) -> BulkOutcome {
    let (id, version) = wanted.split_once('@').map_or((wanted, None), |(id, version)| (id, Some(version)));
    let attempt = async {
        let unreadable =
            |error: InvalidId| Failure::Invalid(vec![FieldError::because("submissions", &error)]);
        let submission: SubmissionId = id.parse().map_err(unreadable)?;
        let if_match = match version.map(str::parse) {
            None => IfMatch::Any,
            Some(Ok(version)) => IfMatch::Versions(vec![version]),
            Some(Err(_)) => return Err(Failure::field("submissions", "give id@version")),
        };
        let request = body.request();
        let key = key.map(|key| key.part(id));
        let command = HttpCommand { body: request, caller, if_match, key };
        let reply = apply::take(app, submission, staff, &command).await?;
        serde_json::from_str(reply.body().unwrap_or_default()).map_err(Failure::internal)
    };
    (id.to_owned(), attempt.await.map_err(|failure: Failure| failure.refusal()))
}

impl BulkReply {
    fn of(outcomes: Vec<BulkOutcome>) -> Self {
        let result = |(id, outcome): BulkOutcome| match outcome {
            Ok(taken) => {
                BulkResult { id, version: Some(taken.version), status: Some(taken.status), problem: None }
            }
            Err(refusal) => BulkResult {
                id,
                version: None,
                status: None,
                problem: Some(BulkProblem {
                    r#type: format!("/problems/{}", refusal.slug),
                    status: refusal.status.as_u16(),
                    fields: refusal.reasons,
                }),
            },
        };
        Self { results: outcomes.into_iter().map(result).collect() }
    }
}

/// Where a browser goes when everything was taken. The part of the inbox that the form came from is parsed, so a form cannot
/// name another address.
fn after(body: &BulkRequest) -> String {
    InboxQuery::of_link(body.back.as_deref().unwrap_or_default()).address(Some(body.step.done()))
}

/// What `GET /workspace/inbox/steps` asks for.
#[derive(Debug, Deserialize)]
struct BulkQuery {
    #[serde(default)]
    step: BulkStep,
}

/// For browsers: a step with what is ticked, before it is taken.
#[utoipa::path(get, path = "/workspace/inbox/steps", tag = "casework",
    params(("step" = Option<String>, Query), ("submissions[]" = Option<Vec<String>>, Query), ("return" = Option<String>, Query)),
    responses((status = 200, description = "A page that asks what the step needs", content_type = "text/html"), Failure))]
pub(crate) async fn prepare(
    app: App,
    visit: Visit,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let staff = caller.staff(&app, Action::ReadInbox).await?;
    let values = FormValues::parse(query.unwrap_or_default().as_bytes());
    let mut only_step = FormValues::default();
    only_step.set("step", values.get("step"));
    let BulkQuery { step } = only_step.read()?;
    html(&BulkPage::of(&app, &staff, visit.layout, step, Form::filled(values), Vec::new()).await?)
}

/// The page that a form came from, with the submissions that were refused: people are assigned in the inbox itself, all else has a
/// page of its own.
async fn again(
    app: &App,
    staff: &Staff,
    mut l: Layout,
    form: Form,
    refused: Vec<Refused>,
) -> Result<Response, Failure> {
    let step = BulkStep::named(form.value("step"));
    if let Some(step) = step.filter(|_| form.values.all("submissions[]").next().is_some()) {
        l.here = format!("/workspace/inbox?{}", InboxQuery::of_link(form.value("return")).link());
        return html(&BulkPage::of(app, staff, l, step, form, refused).await?);
    }
    // The part is read from the form, which comes back even if the rest cannot be read.
    let query = InboxQuery::of_link(form.value("return"));
    l.here = format!("/workspace/inbox?{}", query.link());
    html(&InboxPage::of(app, staff, l, query, form, refused).await?)
}

#[cfg(test)]
mod tests;
