//! `POST /submissions`: a report or an appeal comes in.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::SubmissionId;
use domain::authorization::Action;
use domain::secret::Tracking;
use entrypoint::http::cookies::NewCookie;
use entrypoint::http::{Attempt, Failure, HttpCommand, Posted, Reply};
use entrypoint::{App, Change};
use pages::prelude::*;
use serde::Serialize;
use store::{Accompanying, CommitError, TransactionParts};
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

/// Send a report or an appeal.
///
/// 201 for a new submission; 200 if an import brings a row that is there already.
#[utoipa::path(post, path = "/submissions", tag = "intake", request_body = SubmitRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "Same key and body: same reply")),
    responses(
        (status = 201, body = Receipt), (status = 200, body = Receipt),
        (status = 303, description = "To the submission, for forms"),
        Failure))]
pub(crate) async fn submit(
    app: App,
    visit: Visit,
    posted: Posted<SubmitRequest>,
) -> Result<Response, Failure> {
    let act = async |command: HttpCommand<SubmitRequest>| {
        let reply = command.run_idempotent(&app, || accept(&app, &command)).await?;
        let subject = reply.subject().ok_or_else(|| Failure::internal("a stored reply without a subject"))?;
        let id = subject.submission().map_err(Failure::internal)?;
        let done = Done::new(receipt(&app, id, &reply)?, &format!("/submissions/{id}?done=received"));
        if command.caller.verified.is_some() {
            return Ok(done);
        }
        // From now on the cookie makes the browser the author.
        Ok(done.with_cookie(&NewCookie::tracking(&app, id)?))
    };
    visit.answer(posted, act, async |l, form| new::again(&app, l, form).await).await
}

async fn accept(app: &App, command: &HttpCommand<SubmitRequest>) -> Result<Reply, Attempt> {
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
    let reply = Reply::empty(StatusCode::CREATED, change.state.version).about(id);
    let stored = command.stored(&reply, Some(id.into()), now);
    let tracking = Some(Accompanying::Tracking(id, &fingerprint)).filter(|_| !imported);
    let items: Vec<Accompanying<'_>> = [
        tracking,
        contact.as_ref().map(Accompanying::Contact),
        email.as_ref().map(|email| Accompanying::Correspondent(id, email)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let parts = TransactionParts { reply: stored.as_ref(), items: &items, handled: None };
    match app.save(&change, parts).await {
        Ok(()) => Ok(reply),
        // The row was imported before.
        Err(CommitError::Conflict) if imported => {
            Ok(Reply::empty(StatusCode::OK, change.state.version).about(id))
        }
        Err(error) => Err(Attempt::Commit(error)),
    }
}

/// The reply to a program, with the tracking number that is stored nowhere.
fn receipt(app: &App, id: SubmissionId, reply: &Reply) -> Result<Response, Failure> {
    let tracking = app.secret()?.tracking(id).reveal().to_owned();
    let location = HeaderValue::from_str(&format!("/submissions/{id}")).map_err(Failure::internal)?;
    let body = Json(Receipt { id, tracking });
    Ok((reply.status(), [(header::LOCATION, location)], body).into_response())
}
