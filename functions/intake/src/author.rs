//! One submission for its author: look at it, take it back.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::SubmissionId;
use domain::submission::Step;
use entrypoint::http::{Attempt, Caller, Failure, HttpCommand, Nothing, Path, Posted, Query, Reply, etag};
use entrypoint::{App, Change, TransactionParts};
use events::Actor;
use pages::prelude::*;
use pages::submission::{Audience, SubmissionView};
use serde::Deserialize;
use store::Record;
use utoipa::IntoParams;

use crate::page::SubmissionPage;

/// What a link may say. Other parameters do no harm.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct ShowQuery {
    /// Pages only: the tracking number, in a link that was sent by mail. It becomes a cookie.
    tracking: Option<String>,
}

/// How a submission stands; for its author, with a bearer token or the header `Tracking`.
#[utoipa::path(get, path = "/submissions/{id}", tag = "intake",
    params(ShowQuery, ("id" = String, Path), ("Tracking" = Option<String>, Header, description = "The secret tracking number")),
    responses((status = 200, body = SubmissionView),
        Failure))]
pub(crate) async fn show(
    app: App,
    Path(id): Path<SubmissionId>,
    Query(query): Query<ShowQuery>,
    visit: Visit,
    caller: Caller,
) -> Result<Response, Failure> {
    if let (true, Some(typed)) = (visit.page, &query.tracking)
        && let Some(accepted) = pages::accept_tracking_link(&app, id, typed, &format!("/submissions/{id}"))?
    {
        return Ok(accepted);
    }
    let record = own_record(&app, id, &caller).await?;
    let view = view(&app, &record).await?;
    if visit.page {
        let code = code(&app, &record, &caller)?;
        return html(&SubmissionPage::of(visit.layout, view, code, Form::default()));
    }
    Ok(([(header::ETAG, etag(view.version))], Json(view)).into_response())
}

async fn view(app: &App, record: &Record) -> Result<SubmissionView, Failure> {
    let rulebook = app.store.rulebook().await?;
    Ok(SubmissionView::of(record, Audience::Author, &app.store, &rulebook, app.clock.now()).await?)
}

/// The tracking number once more, for an author who came with it; an author who is signed in has no need of it.
fn code(app: &App, record: &Record, caller: &Caller) -> Result<Option<String>, Failure> {
    if !caller.came_by_code(app, &record.submission)? {
        return Ok(None);
    }
    Ok(Some(app.secret()?.tracking(record.submission.id).reveal().to_owned()))
}

/// Take a submission back; only while nobody has answered it.
#[utoipa::path(post, path = "/submissions/{id}/withdrawal", tag = "intake", request_body = Nothing,
    params(("id" = String, Path), ("Tracking" = Option<String>, Header),
        ("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = 303, description = "To the submission, for forms"), Failure))]
pub(crate) async fn withdraw(
    app: App,
    Path(id): Path<SubmissionId>,
    visit: Visit,
    caller: Caller,
    posted: Posted<Nothing>,
) -> Result<Response, Failure> {
    let act = async |command: HttpCommand<Nothing>| {
        let reply = command.run_idempotent(&app, || take_back(&app, id, &command)).await?;
        Ok(Done::new(reply, &format!("/submissions/{id}?done=withdrawn")))
    };
    let again = async |l, form| {
        let record = own_record(&app, id, &caller).await?;
        let (view, code) = (view(&app, &record).await?, code(&app, &record, &caller)?);
        html(&SubmissionPage::of(l, view, code, form))
    };
    visit.answer(posted, act, again).await
}

async fn take_back(app: &App, id: SubmissionId, command: &HttpCommand<Nothing>) -> Result<Reply, Attempt> {
    let submission = own_record(app, id, &command.caller).await?.submission;
    command.if_match.check(submission.version)?;
    let rulebook = app.store.rulebook().await?;

    let now = app.clock.now();
    let mut change = Change::of(submission, Actor::Author, now);
    change.apply(&Step::Withdraw, None, &rulebook)?;

    let reply = Reply::empty(StatusCode::NO_CONTENT, change.state.version);
    let stored = command.stored(&reply, Some(change.state.id.into()), now);
    app.save(&change, TransactionParts { reply: stored.as_ref(), ..TransactionParts::default() })
        .await
        .map_err(Attempt::Commit)?;
    Ok(reply)
}

/// Another's submission and an absent one look the same.
async fn own_record(app: &App, id: SubmissionId, caller: &Caller) -> Result<Record, Failure> {
    let record = app.store.record(id).await?.ok_or(Failure::NotFound)?;
    if caller.is_author(app, &record.submission)? { Ok(record) } else { Err(Failure::NotFound) }
}
