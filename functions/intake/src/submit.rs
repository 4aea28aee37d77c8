//! `POST /submissions`: a report or an appeal comes in.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::SubmissionId;
use domain::authorization::Action;
use domain::secret::Tracking;
use entrypoint::http::cookies::NewCookie;
use entrypoint::http::{Command, Failure, Posted, Problem, Reply};
use entrypoint::{App, Change};
use pages::prelude::*;
use serde::Serialize;
use store::{Accompanying, CommitError, StoredReply, TransactionParts};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::new;
use crate::request::{Parsed, SubmitRequest};

/// A submission was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Receipt {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    id: SubmissionId,
    /// The secret tracking number: send it as the header `Tracking` to see the submission. It is shown here alone.
    tracking: String,
}

/// What was accepted, and with which status a program is told.
struct Accepted {
    id: SubmissionId,
    status: StatusCode,
}

/// Send a report or an appeal.
///
/// 201 for a new submission; 200 if an import brings a row that is there already.
#[utoipa::path(post, path = "/submissions", tag = "intake", request_body = SubmitRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "Same key and body: same reply")),
    responses(
        (status = 201, body = Receipt), (status = 200, body = Receipt),
        (status = 303, description = "To the submission, for forms"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn submit(
    State(app): State<App>,
    visit: Visit,
    posted: Posted<SubmitRequest>,
) -> Result<Response, Failure> {
    let Posted { form, command } = posted;
    let signed_in = command.as_ref().is_ok_and(|command| command.caller.verified.is_some());
    let accepted = match command {
        Ok(command) => accept(&app, &command).await,
        Err(failure) => Err(failure),
    };
    match accepted {
        Ok(accepted) if form.is_some() => arrived(&app, &accepted, signed_in),
        Ok(accepted) => receipt(&app, &accepted),
        Err(failure) => new::again(&app, visit.layout, form, failure).await,
    }
}

async fn accept(app: &App, command: &Command<SubmitRequest>) -> Result<Accepted, Failure> {
    if let Some(earlier) = command.earlier(app).await? {
        return repeat(&earlier);
    }
    let imported = command.body.is_import();
    if imported {
        command.caller.administrator(app, Action::Import).await?;
    }
    let rulebook = app.store.rulebook().await?;
    let author = command.caller.verified.as_ref().filter(|_| !imported).map(|v| v.person.clone());
    let Parsed { mut new, text, email } = command.body.parse(&rulebook, author.is_some())?;
    new.author = author;
    new.requested_organization = command.body.requested_organization(app).await?;
    let id = match &new.external_id {
        Some(external) => SubmissionId::imported(external, &text),
        None => SubmissionId::new(Uuid::now_v7()),
    };

    let now = app.clock.now();
    let contact = command.caller.contact().filter(|_| new.author.is_some());
    let change = Change::receive(new, text, id, now)?;

    // The tracking number is not stored: it is derived anew. Its fingerprint finds the submission by it.
    let fingerprint = Tracking::fingerprint(app.secret()?.tracking(id).reveal());
    let reply = Reply::empty(StatusCode::CREATED, change.state.version);
    let reply = command.stored(&reply, Some(id.into()), now);
    let tracking = Some(Accompanying::Tracking(id, &fingerprint)).filter(|_| !imported);
    let items: Vec<Accompanying<'_>> = [
        tracking,
        contact.as_ref().map(Accompanying::Contact),
        email.as_ref().map(|email| Accompanying::Correspondent(id, email)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let parts = TransactionParts { reply: reply.as_ref(), items: &items, handled: None };
    match app.save(&change, parts).await {
        Ok(()) => Ok(Accepted { id, status: StatusCode::CREATED }),
        Err(CommitError::Conflict) if imported => Ok(Accepted { id, status: StatusCode::OK }),
        // The same request came twice at once, and the other one was quicker.
        Err(CommitError::Replied) => match command.earlier(app).await? {
            Some(earlier) => repeat(&earlier),
            None => Err(CommitError::Replied.into()),
        },
        Err(error) => Err(error.into()),
    }
}

fn repeat(earlier: &StoredReply) -> Result<Accepted, Failure> {
    let subject = earlier.subject.ok_or_else(|| Failure::internal("a stored reply without a subject"))?;
    let id = subject.submission().map_err(Failure::internal)?;
    let status = StatusCode::from_u16(earlier.status).map_err(Failure::internal)?;
    Ok(Accepted { id, status })
}

fn receipt(app: &App, &Accepted { id, status }: &Accepted) -> Result<Response, Failure> {
    let tracking = app.secret()?.tracking(id).reveal().to_owned();
    let location = HeaderValue::from_str(&format!("/submissions/{id}")).map_err(Failure::internal)?;
    Ok((status, [(header::LOCATION, location)], Json(Receipt { id, tracking })).into_response())
}

/// A browser goes on to the submission. Whoever is not signed in is its author by the cookie from then on.
fn arrived(app: &App, &Accepted { id, .. }: &Accepted, signed_in: bool) -> Result<Response, Failure> {
    let on = see_other(&format!("/submissions/{id}?done=received"));
    if signed_in {
        return Ok(on);
    }
    let remember = [(header::SET_COOKIE, NewCookie::tracking(app, id)?.header())];
    Ok((remember, on).into_response())
}
