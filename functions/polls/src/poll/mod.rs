//! `/polls/{id}`: preparing a poll, and reading it.

pub(crate) mod facts;
mod field_errors;
pub(crate) mod options;
pub(crate) mod page;
pub(crate) mod progress;
pub(crate) mod request;
pub(crate) mod view;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use domain::PollId;
use domain::authorization::Action;
use entrypoint::http::{
    Attempt, Caller, Command, Failure, FormValues, Nothing, Path, Posted, Problem, Reply, etag,
};
use entrypoint::{App, Change};
use events::{Actor, Event};
use pages::prelude::*;
use poll::Poll;
use serde::{Deserialize, Serialize};
use store::TransactionParts;
use utoipa::ToSchema;

use crate::poll::request::PollRequest;
use crate::poll::view::{PollView, is_organizer, seen};
use crate::refusal::refused;
use crate::wizard;

/// What was written.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct PollWritten {
    #[schema(value_type = String, format = Uuid)]
    id: PollId,
}

/// Prepare a poll: a draft, which nobody else sees.
#[utoipa::path(post, path = "/polls", tag = "polls", request_body = PollRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = PollWritten),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(app): State<App>,
    visit: Visit,
    caller: Caller,
    posted: Posted<PollRequest>,
) -> Result<Response, Failure> {
    let Posted { form, command } = posted;
    let id = PollId::new(uuid::Uuid::now_v7());
    let written = match command {
        Ok(command) => command.once(&app, || prepare(&app, id, &command)).await,
        Err(failure) => Err(failure),
    };
    match written {
        Ok(reply) if form.is_none() => Ok(reply.into_response()),
        Ok(reply) => {
            // The id of the first one, if the form was sent twice.
            let PollWritten { id } =
                serde_json::from_str(reply.body().unwrap_or_default()).map_err(Failure::internal)?;
            Ok(see_other(&format!("/polls/{id}?done=poll-saved")))
        }
        Err(failure) => wizard::refused(&app, visit.layout, &caller, None, form, failure).await,
    }
}

async fn prepare(app: &App, id: PollId, command: &Command<PollRequest>) -> Result<Reply, Attempt> {
    let staff = command.caller.staff(app, Action::ManagePolls).await?;
    let question = command.body.parse(&*app.store.rulebook().await?, &[])?;
    let poll = Poll::draft(id, &staff.person, question);
    let by = Actor::Staff(staff.person.id);
    let change = Change::new(poll, Event::PollDrafted, None, by, app.clock.now());
    save(app, &change, command, StatusCode::CREATED).await
}

/// A poll.
#[utoipa::path(get, path = "/polls/{id}", tag = "polls", params(("id" = String, Path)),
    responses((status = 200, body = PollView),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    let poll = seen(&app, &id, &caller).await?;
    if visit.page {
        return page::show(&app, &poll, visit.layout, &caller, StatusCode::OK, None).await;
    }
    let view = PollView::of(&app, &poll).await?;
    Ok(([(ETAG, etag(poll.version))], Json(view)).into_response())
}

/// Change a draft.
#[utoipa::path(post, path = "/polls/{id}", tag = "polls", request_body = PollRequest,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PollWritten),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    visit: Visit,
    caller: Caller,
    posted: Posted<PollRequest>,
) -> Result<Response, Failure> {
    let Posted { form, command } = posted;
    let written = match command {
        Ok(command) => command.once(&app, || rewrite(&app, &id, &command)).await,
        Err(failure) => Err(failure),
    };
    match written {
        Err(failure) if form.is_some() => {
            wizard::refused(&app, visit.layout, &caller, Some(&id), form, failure).await
        }
        written => answer(&app, &id, "poll-saved", visit, &caller, form, written).await,
    }
}

/// Programs get the reply; forms lead to the poll's page, or come back with what was wrong.
pub(crate) async fn answer(
    app: &App,
    id: &str,
    done: &str,
    visit: Visit,
    caller: &Caller,
    form: Option<FormValues>,
    written: Result<Reply, Failure>,
) -> Result<Response, Failure> {
    match written {
        Ok(reply) if form.is_none() => Ok(reply.into_response()),
        Ok(_) => Ok(see_other(&format!("/polls/{id}?done={done}"))),
        Err(failure) => page::refused(app, id, visit, caller, form, failure).await,
    }
}

async fn rewrite(app: &App, id: &str, command: &Command<PollRequest>) -> Result<Reply, Attempt> {
    let poll = own(app, id, command).await?;
    let question = command.body.parse(&*app.store.rulebook().await?, &poll.question.options)?;
    let change = changing(app, &poll, command);
    let change = change.with(Event::PollRevised, poll.changed(question).map_err(refused)?);
    save(app, &change, command, StatusCode::OK).await
}

/// Publish a draft: everybody sees it, and nothing of it can be changed any more.
#[utoipa::path(post, path = "/polls/{id}/publication", tag = "polls", request_body = Nothing,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PollWritten),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn publish(
    State(app): State<App>,
    Path(id): Path<String>,
    visit: Visit,
    caller: Caller,
    posted: Posted<Nothing>,
) -> Result<Response, Failure> {
    let Posted { form, command } = posted;
    let command = command?;
    let written = command
        .once(&app, || async {
            let poll = own(&app, &id, &command).await?;
            let change = changing(&app, &poll, &command);
            let change = change.with(Event::PollPublished, poll.published(app.clock.now()).map_err(refused)?);
            save(&app, &change, &command, StatusCode::OK).await
        })
        .await;
    answer(&app, &id, "poll-published", visit, &caller, form, written).await
}

/// A poll that the caller may prepare, in a version that the caller is content with.
pub(crate) async fn own<T>(app: &App, id: &str, command: &Command<T>) -> Result<Poll, Failure> {
    command.caller.staff(app, Action::ManagePolls).await?;
    let poll = seen(app, id, &command.caller).await?;
    if !is_organizer(app, &poll, &command.caller).await? {
        return Err(Failure::Forbidden("This poll is another organization's.".into()));
    }
    command.if_match.check(poll.version)?;
    Ok(poll)
}

/// Something is to happen to a poll by the hand of the caller.
pub(crate) fn changing<T>(app: &App, poll: &Poll, command: &Command<T>) -> Change<Poll> {
    let by = command.caller.verified.as_ref().map_or(Actor::System, |by| Actor::Staff(by.person.clone()));
    Change::of(poll.clone(), by, app.clock.now())
}

/// Saves a change of a poll with the reply.
pub(crate) async fn save<T>(
    app: &App,
    change: &Change<Poll>,
    command: &Command<T>,
    status: StatusCode,
) -> Result<Reply, Attempt> {
    let poll = &change.state;
    let reply = Reply::json(status, poll.version, &PollWritten { id: poll.id })?;
    let stored = command.stored(&reply, Some(poll.id.into()), app.clock.now());
    let parts = TransactionParts { reply: stored.as_ref(), ..TransactionParts::default() };
    app.save(change, parts).await.map_err(Attempt::Commit)?;
    Ok(reply)
}
