//! `POST /directory/entries`: entries are added or replaced, the whole is checked, and a new version is in force.

use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::PersonId;
use domain::authorization::{Action, allows};
use domain::directory::{Directory, Draft, Violation};
use entrypoint::App;
use entrypoint::http::{Caller, Command, Failure, FieldError, Posted, Problem, Reply};
use pages::prelude::*;
use store::{CommitError, StoreError};

use crate::file::{File, FileForm};
use crate::load::{self, PreviewPage};
use crate::overview::DirectoryView;

/// Problems reported at most.
pub(crate) const REPORTED: usize = 100;

/// Entries of a program, or a file that a form carries.
pub(crate) enum Entries {
    Json(Command<File>),
    Form(Posted<FileForm>),
}

impl FromRequest<App> for Entries {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            return Posted::from_request(request, app).await.map(Self::Form);
        }
        Command::from_request(request, app).await.map(Self::Json)
    }
}

/// Add or replace entries, by id, in any section: `calendars`, `territories`, `organizations`, `categories`,
/// `routing_rules`, `deadline_rules`, `people`.
#[utoipa::path(post, path = "/directory/entries", tag = "directory", request_body = Object,
    params(("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = DirectoryView),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn merge(
    State(app): State<App>,
    visit: Visit,
    caller: Caller,
    entries: Entries,
) -> Result<Response, Failure> {
    caller.administrator(&app, Action::ManageDirectory).await?;
    match entries {
        Entries::Json(command) => {
            let merge = |draft: &mut Draft| {
                draft.merge(command.body.draft.clone());
                Ok(())
            };
            Ok(publish(&app, &command, merge, invalid).await?.reply.into_response())
        }
        Entries::Form(posted) => apply(&app, visit, posted).await,
    }
}

/// A file that was looked at before.
async fn apply(app: &App, visit: Visit, posted: Posted<FileForm>) -> Result<Response, Failure> {
    let command = posted.command?;
    let file = File::parse(&command.body.draft)?;
    let replace = command.body.replace;
    let change = |draft: &mut Draft| {
        file.apply(draft, replace);
        Ok(())
    };
    match publish(app, &command, change, invalid).await {
        Ok(published) => {
            Ok(see_other(&format!("/directory/versions/{}?done=directory-changed", published.version)))
        }
        Err(failure) => {
            let status = failure.refusal().status;
            let form = Form::refused(&visit.layout, posted.form, failure)?;
            let preview = load::preview_of(app, &file, replace).await?;
            html_with(status, &PreviewPage::new(app, visit.layout, &file, preview, form).await?)
        }
    }
}

/// A version that is in force.
pub(crate) struct Published {
    /// Its number.
    pub(crate) version: u64,
    /// What a program is told.
    pub(crate) reply: Reply,
}

/// Changes the directory once: a request that was answered before gets its answer again. The caller must have been found to
/// be an administrator.
pub(crate) async fn publish<T>(
    app: &App,
    command: &Command<T>,
    change: impl FnOnce(&mut Draft) -> Result<(), Failure>,
    explain: impl FnOnce(&[Violation]) -> Failure,
) -> Result<Published, Failure> {
    let by = command.caller.administrator(app, Action::ManageDirectory).await?.person.id;
    if let Some(earlier) = command.earlier(app).await? {
        return Ok(Published { version: earlier.version, reply: earlier.into() });
    }
    let (info, mut draft) = app.store.directory().await?.ok_or(StoreError::NoDirectory)?;
    command.if_match.check(info.version)?;

    change(&mut draft)?;
    if !rules(&draft, &by) {
        let message = "you would be no administrator any more: another administrator can do this";
        return Err(Failure::Invalid(vec![FieldError::coded("", "lock-out", message)]));
    }
    let directory = Directory::build(draft).map_err(|problems| explain(&problems))?;

    let now = app.clock.now();
    let base = Some(info.version);
    let written = app.store.publish_directory(&directory, base, Some(by), now).await?;
    let version = written.version;
    let reply = Reply::json(StatusCode::CREATED, version, &DirectoryView::from(written))?;
    if let Some(stored) = command.stored(&reply, None, now) {
        match app.store.keep_reply(&stored).await {
            // The same entries once more change nothing.
            Ok(()) | Err(CommitError::Replied) => {}
            // The version is in force all the same.
            Err(error) => tracing::warn!(%error, "a reply could not be kept"),
        }
    }
    Ok(Published { version, reply })
}

/// Is somebody an administrator of the whole? Nobody takes that from themselves: the last one could not give it back.
fn rules(draft: &Draft, person: &PersonId) -> bool {
    let Some(person) = draft.people.iter().find(|entry| entry.id == *person) else { return false };
    let own = draft.organizations.iter().find(|entry| entry.id == person.organization);
    allows(&person.roles, Action::ManageDirectory) && own.is_none_or(|own| own.parent.is_none())
}

fn invalid(problems: &[Violation]) -> Failure {
    let field = |wrong: &Violation| {
        FieldError::because(format!("{}[{}].{}", wrong.section, wrong.index, wrong.field), &wrong.flaw)
    };
    Failure::Invalid(problems.iter().take(REPORTED).map(field).collect())
}
