//! `/polls/{id}`: preparing a poll, and reading it.

pub(crate) mod facts;
mod fields;
pub(crate) mod options;
pub(crate) mod page;
pub(crate) mod progress;
pub(crate) mod request;
pub(crate) mod view;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use domain::PollId;
use domain::authorization::Action;
use entrypoint::http::{Attempt, Caller, Failure, HttpCommand, Nothing, Path, Posted, Reply, etag};
use entrypoint::{App, Change};
use events::{Actor, Event};
use pages::prelude::*;
use poll::{Poll, Stage};
use serde::{Deserialize, Serialize};
use store::TransactionParts;
use utoipa::ToSchema;

use crate::access::{own, seen};
use crate::poll::request::PollRequest;
use crate::poll::view::PollView;
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
    responses((status = 201, body = PollWritten), Failure))]
pub(crate) async fn create(
    app: App,
    visit: Visit,
    caller: Caller,
    posted: Posted<PollRequest>,
) -> Result<Response, Failure> {
    // Those who may not prepare polls are told so, whatever is wrong with the form.
    caller.staff(&app, Action::ManagePolls).await?;
    let id = PollId::new(uuid::Uuid::now_v7());
    let act = async |command: HttpCommand<PollRequest>| {
        let reply = command.run_idempotent(&app, || prepare(&app, id, &command)).await?;
        // The id of the first one, if the form was sent twice.
        let PollWritten { id } =
            serde_json::from_str(reply.body().unwrap_or_default()).map_err(Failure::internal)?;
        Ok(Done::new(reply, &format!("/polls/{id}?done=poll-saved")))
    };
    visit.answer(posted, act, async |l, form| wizard::again(&app, l, &caller, None, form).await).await
}

async fn prepare(app: &App, id: PollId, command: &HttpCommand<PollRequest>) -> Result<Reply, Attempt> {
    let staff = command.caller.staff(app, Action::ManagePolls).await?;
    let question = command.body.parse(&*app.store.rulebook().await?, &[])?;
    let poll = Poll::draft(id, &staff.person, question);
    let by = Actor::Staff(staff.person.id);
    let change = Change::new(poll, Event::PollDrafted, None, by, app.clock.now());
    save(app, &change, command, StatusCode::CREATED).await
}

/// A poll.
#[utoipa::path(get, path = "/polls/{id}", tag = "polls", params(("id" = String, Path)),
    responses((status = 200, body = PollView), Failure))]
pub(crate) async fn show(
    app: App,
    Path(id): Path<PollId>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    let poll = seen(&app, id, &caller).await?;
    if visit.page {
        return page::show(&app, &poll, visit.layout, &caller, None).await;
    }
    let view = PollView::of(&app, &poll).await?;
    Ok(([(ETAG, etag(poll.version))], Json(view)).into_response())
}

/// Change a draft.
#[utoipa::path(post, path = "/polls/{id}", tag = "polls", request_body = PollRequest,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PollWritten), Failure))]
pub(crate) async fn change(
    app: App,
    Path(id): Path<PollId>,
    visit: Visit,
    caller: Caller,
    posted: Posted<PollRequest>,
) -> Result<Response, Failure> {
    let act = async |command: HttpCommand<PollRequest>| {
        let reply = command.run_idempotent(&app, || rewrite(&app, id, &command)).await?;
        Ok(Done::new(reply, &format!("/polls/{id}?done=poll-saved")))
    };
    let again = async |l, form| {
        // A form that cannot be read was not looked at: only an organizer gets it back.
        caller.staff(&app, Action::ManagePolls).await?;
        let poll = seen(&app, id, &caller).await?;
        // Published meanwhile: there is no draft to go on with.
        if poll.stage != Stage::Draft {
            return page::again(&app, id, l, &caller, form).await;
        }
        wizard::again(&app, l, &caller, Some(&poll), form).await
    };
    visit.answer(posted, act, again).await
}

async fn rewrite(app: &App, id: PollId, command: &HttpCommand<PollRequest>) -> Result<Reply, Attempt> {
    let poll = own(app, id, command).await?;
    let question = command.body.parse(&*app.store.rulebook().await?, &poll.question.options)?;
    let change = changing(app, &poll, command);
    let change = change.with(Event::PollRevised, poll.changed(question).map_err(refused)?);
    save(app, &change, command, StatusCode::OK).await
}

/// Publish a draft: everybody sees it, and nothing of it can be changed any more.
#[utoipa::path(post, path = "/polls/{id}/publication", tag = "polls", request_body = Nothing,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = PollWritten), Failure))]
pub(crate) async fn publish(
    app: App,
    Path(id): Path<PollId>,
    visit: Visit,
    caller: Caller,
    posted: Posted<Nothing>,
) -> Result<Response, Failure> {
    let act = async |command: HttpCommand<Nothing>| {
        let reply = command.run_idempotent(&app, || announce(&app, id, &command)).await?;
        Ok(Done::new(reply, &format!("/polls/{id}?done=poll-published")))
    };
    visit.answer(posted, act, async |l, form| page::again(&app, id, l, &caller, form).await).await
}

async fn announce(app: &App, id: PollId, command: &HttpCommand<Nothing>) -> Result<Reply, Attempt> {
    let poll = own(app, id, command).await?;
    let change = changing(app, &poll, command);
    let change = change.with(Event::PollPublished, poll.published(app.clock.now()).map_err(refused)?);
    save(app, &change, command, StatusCode::OK).await
}

/// Something is to happen to a poll by the hand of the caller.
pub(crate) fn changing<T>(app: &App, poll: &Poll, command: &HttpCommand<T>) -> Change<Poll> {
    let by = command.caller.verified.as_ref().map_or(Actor::System, |by| Actor::Staff(by.person.clone()));
    Change::of(poll.clone(), by, app.clock.now())
}

/// Saves a change of a poll with the reply.
pub(crate) async fn save<T>(
    app: &App,
    change: &Change<Poll>,
    command: &HttpCommand<T>,
    status: StatusCode,
) -> Result<Reply, Attempt> {
    let poll = &change.state;
    let reply = Reply::json(status, poll.version, &PollWritten { id: poll.id })?;
    let stored = command.stored(&reply, Some(poll.id.into()), app.clock.now());
    let parts = TransactionParts { reply: stored.as_ref(), ..TransactionParts::default() };
    app.save(change, parts).await.map_err(Attempt::Commit)?;
    Ok(reply)
}
