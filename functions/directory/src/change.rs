//! `POST /directory/entries`: entries are added or replaced, the whole is checked, and a new version is in force.

use axum::extract::State;
use axum::http::StatusCode;
use domain::authorization::Action;
use domain::directory::{Directory, Draft, Problem as Wrong};
use entrypoint::App;
use entrypoint::http::{Command, Failure, FieldError, Problem, Reply};
use store::{CommitError, StoreError};

use crate::look::DirectoryView;

/// Problems reported at most.
const REPORTED: usize = 100;

/// Add or replace entries, by id, in any section: `calendars`, `territories`, `organizations`, `categories`,
/// `routing_rules`, `deadline_rules`, `people`.
#[utoipa::path(post, path = "/directory/entries", tag = "directory", request_body = Object,
    params(("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = DirectoryView),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn merge(State(app): State<App>, command: Command<Draft>) -> Result<Reply, Failure> {
    let staff = command.caller.administrator(&app, Action::ManageDirectory).await?;
    if let Some(earlier) = command.earlier(&app).await? {
        return Ok(earlier.into());
    }
    let (info, mut draft) = app.store.directory().await?.ok_or(StoreError::NoDirectory)?;
    command.if_match.check(info.version)?;

    draft.merge(command.body.clone());
    let directory = Directory::build(draft).map_err(|problems| invalid(&problems))?;

    let now = app.clock.now();
    let base = Some(info.version);
    let written = app.store.publish_directory(&directory, base, Some(staff.person.id), now).await?;
    let reply = Reply::json(StatusCode::CREATED, written.version, &DirectoryView::from(written.clone()))?;
    if let Some(stored) = command.stored(&reply, None, now) {
        match app.store.keep_reply(&stored).await {
            // The same entries once more change nothing.
            Ok(()) | Err(CommitError::Replied) => {}
            // The version is in force all the same.
            Err(error) => tracing::warn!(%error, "a reply could not be kept"),
        }
    }
    Ok(reply)
}

fn invalid(problems: &[Wrong]) -> Failure {
    let field = |wrong: &Wrong| {
        FieldError::new(format!("{}[{}].{}", wrong.section, wrong.index, wrong.field), &wrong.message)
    };
    Failure::Invalid(problems.iter().take(REPORTED).map(field).collect())
}
