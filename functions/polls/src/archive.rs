//! What a stranger checks a poll with: the log while it runs, the archive after it.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::Extension;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use domain::PollId;
use entrypoint::App;
use entrypoint::http::{Caller, Failure, Path, Query};
use objects::{Download, Files, ObjectError};
use poll::proof::LogPart;
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use utoipa::{IntoParams, ToSchema};

use crate::access::{key, seen};
use crate::result::certified;

/// The part of a log that is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogQuery {
    /// Heads after the one with this number; from the first one if left out.
    #[serde(default)]
    after: u64,
}

/// A part of a log. `vmeste verify --log` compares it with the archive.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogPage {
    /// The public key that signs, in hex (Ed25519).
    key: String,
    /// The oldest first: each a signed `head` with the `leaves` that it adds, commitments that say nothing of any choice.
    #[schema(value_type = Vec<Object>)]
    items: Vec<LogPart>,
    /// Give it as `after` for more; none if there are no more now.
    next: Option<u64>,
}

/// The log of a poll so far, part by part.
#[utoipa::path(get, path = "/polls/{id}/log", tag = "polls", params(LogQuery, ("id" = String, Path)),
    responses((status = 200, body = LogPage), Failure))]
pub(crate) async fn log(
    app: App,
    Path(id): Path<PollId>,
    Query(query): Query<LogQuery>,
    caller: Caller,
) -> Result<Json<LogPage>, Failure> {
    let poll = seen(&app, id, &caller).await?;
    let (heads, more) = app.store.heads_after(poll.id, query.after).await?;
    let next = heads.last().map(|logged| logged.head.number).filter(|_| more);
    let items = heads.into_iter().map(|logged| LogPart { head: logged.head, leaves: logged.leaves });
    Ok(Json(LogPage { key: key(&app, &poll)?.public().to_string(), items: items.collect(), next }))
}

/// Where archives are: opened with the first download, then kept.
#[derive(Clone, Default)]
pub(crate) struct Archives(Arc<OnceCell<Files>>);

/// What is downloaded.
struct Wanted {
    name: String,
    saved_as: String,
    media_type: &'static str,
}

impl Archives {
    async fn download(&self, app: &App, wanted: Wanted) -> Result<Response, Failure> {
        let unavailable = |error: ObjectError| {
            // It was published before the result: nobody gets it by waiting.
            if error.is_missing() { Failure::internal(error) } else { Failure::Unavailable(Box::new(error)) }
        };
        let location = app.archives()?;
        let open = async || Files::open(location).map_err(unavailable);
        let files = self.0.get_or_try_init(open).await?;
        let Wanted { name, saved_as, media_type } = wanted;
        match files.download(&name, &saved_as, media_type).await.map_err(unavailable)? {
            Download::Here(stream) => {
                let saved_as = format!("attachment; filename=\"{saved_as}\"");
                let headers = [(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, saved_as)];
                Ok((headers, Body::from_stream(stream)).into_response())
            }
            Download::There(address) => Ok((StatusCode::FOUND, [(LOCATION, address)]).into_response()),
        }
    }
}

/// Everything about a certified poll in one file, for `vmeste verify`.
#[utoipa::path(get, path = "/polls/{id}/archive", tag = "polls", params(("id" = String, Path)),
    responses((status = 200, body = Object, description = "The archive"),
        (status = 302, description = "The archive is at `Location` for 15 minutes"), Failure))]
pub(crate) async fn archive(
    app: App,
    Path(id): Path<PollId>,
    Extension(archives): Extension<Archives>,
    caller: Caller,
) -> Result<Response, Failure> {
    let poll = seen(&app, id, &caller).await?;
    let name = certified(&app, &poll).await?.archive_name(poll.id);
    let saved_as = format!("poll-{}.json", poll.id);
    archives.download(&app, Wanted { name, saved_as, media_type: "application/json" }).await
}

/// The ballots of a certified poll as a Pabulib file.
#[utoipa::path(get, path = "/polls/{id}/votes", tag = "polls", params(("id" = String, Path)),
    responses((status = 200, body = String, content_type = "text/plain"),
        (status = 302, description = "The file is at `Location` for 15 minutes"), Failure))]
pub(crate) async fn votes(
    app: App,
    Path(id): Path<PollId>,
    Extension(archives): Extension<Archives>,
    caller: Caller,
) -> Result<Response, Failure> {
    let poll = seen(&app, id, &caller).await?;
    let name = certified(&app, &poll).await?.votes_name(poll.id);
    let saved_as = format!("poll-{}.pb", poll.id);
    archives.download(&app, Wanted { name, saved_as, media_type: "text/plain; charset=utf-8" }).await
}
