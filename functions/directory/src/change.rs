//! `POST /directory/entries`: entries are added or replaced, the whole directory is checked, and a new version comes into
//! force.

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::PersonId;
use domain::authorization::{Action, allows};
use domain::directory::{Directory, Draft, Violation};
use entrypoint::App;
use entrypoint::http::{Attempt, Caller, Failure, FieldError, HttpCommand, Posted, Reply};
use pages::prelude::*;
use store::{CommitError, StoreError};

use crate::file::{File, FileForm, REPORTED};
use crate::load::{self, PreviewPage};
use crate::overview::DirectoryView;

/// Entries of a program, or a file that a form carries.
pub(crate) enum Entries {
    Json(HttpCommand<File>),
    Form(Posted<FileForm>),
}

impl FromRequest<App> for Entries {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            return Posted::from_request(request, app).await.map(Self::Form);
        }
        HttpCommand::from_request(request, app).await.map(Self::Json)
    }
}

/// Add or replace entries, by id, in any section: `calendars`, `territories`, `organizations`, `categories`,
/// `routing_rules`, `deadline_rules`, `people`.
#[utoipa::path(post, path = "/directory/entries", tag = "directory", request_body = Object,
    params(("If-Match" = Option<String>, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = DirectoryView),
        Failure))]
pub(crate) async fn merge(
    app: App,
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
            Ok(publish(&app, &command, merge, invalid).await?.into_response())
        }
        Entries::Form(posted) => apply(&app, visit, posted).await,
    }
}

/// A file that was looked at before.
async fn apply(app: &App, visit: Visit, posted: Posted<FileForm>) -> Result<Response, Failure> {
    let act = async |command: HttpCommand<FileForm>| {
        let file = File::parse(&command.body.draft)?;
        let change = |draft: &mut Draft| {
            file.apply(draft, command.body.replace);
            Ok(())
        };
        let reply = publish(app, &command, change, invalid).await?;
        let to = format!("/directory/versions/{}?done=directory-changed", reply.version());
        Ok(Done::new(reply, &to))
    };
    let again = async |l, form: Form| {
        let file = File::parse(form.value("draft"))?;
        // Pinned anew: the form may have been refused because of a version that is in force since.
        let app = &app.pinned();
        let preview = load::preview_of(app, &file, form.chosen("replace", "true")).await?;
        html(&PreviewPage::new(app, l, &file, preview, form).await?)
    };
    visit.answer(posted, act, again).await
}

/// Changes the directory once. The caller must be an administrator of the whole.
pub(crate) async fn publish<T>(
    app: &App,
    command: &HttpCommand<T>,
    change: impl Fn(&mut Draft) -> Result<(), Failure>,
    explain: impl Fn(&[Violation]) -> Failure,
) -> Result<Reply, Failure> {
    let by = command.caller.administrator(app, Action::ManageDirectory).await?.person.id;
    command.run_idempotent(app, || attempt(app, command, &by, &change, &explain)).await
}

async fn attempt<T>(
    app: &App,
    command: &HttpCommand<T>,
    by: &PersonId,
    change: &impl Fn(&mut Draft) -> Result<(), Failure>,
    explain: &impl Fn(&[Violation]) -> Failure,
) -> Result<Reply, Attempt> {
    // Pinned anew: an attempt that lost to another version starts from that one.
    let store = app.store.pinned();
    let (info, mut draft) = store.directory().await?.ok_or(StoreError::NoDirectory)?;
    command.if_match.check(info.version)?;

    change(&mut draft)?;
    if !rules(&draft, by) {
        let message = "you would be no administrator any more: another administrator can do this";
        return Err(Failure::from(FieldError::coded("", "lock-out", message)).into());
    }
    let directory = Directory::build(draft).map_err(|problems| explain(&problems))?;

    let now = app.clock.now();
    let written = store.publish_directory(&directory, Some(info.version), Some(by.clone()), now).await;
    let written = written.map_err(Attempt::Commit)?;
    let version = written.version;
    let reply = Reply::json(StatusCode::CREATED, version, &DirectoryView::from(written))?;
    if let Some(stored) = command.stored(&reply, None, now) {
        match store.keep_reply(&stored).await {
            // The same entries once more change nothing.
            Ok(()) | Err(CommitError::Replied) => {}
            // The version is in force all the same.
            Err(error) => tracing::warn!(%error, "a reply could not be kept"),
        }
    }
    Ok(reply)
}

/// Whether somebody administers the whole. Administrators cannot take that from themselves: the last one could not give it
/// back.
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
