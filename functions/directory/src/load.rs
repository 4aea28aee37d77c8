//! A file is looked at before it is in force: `GET /directory/load`, `POST /directory/preview`. Nothing is stored here.

use std::collections::BTreeMap;

use askama::Template;
use axum::Json;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::authorization::Action;
use domain::directory::{Changed, Counts, Directory, counts, difference};
use entrypoint::App;
use entrypoint::http::{Caller, Failure, FieldError, FormValues, HttpCommand};
use pages::prelude::*;
use pages::{Choice, explain};
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

use crate::difference::{
    ChangeRow, CountsView, PAGE, SectionCounts, change_rows, counts_view, section_counts,
};
use crate::file::{File, REPORTED};
use crate::names::{Names, label};

/// The largest file, in bytes: as a form field it takes up to three times as many.
const FILE_LIMIT: usize = 1024 * 1024;

/// A file, to be imitated.
const EXAMPLE: &str = r#"{
  "categories": [
    { "id": "parks", "name": "Парки" },
    { "id": "bench", "name": "Сломана скамейка", "parent": "parks" }
  ],
  "routing_rules": [
    { "id": "parks-rule", "category": "parks", "organization": "park-service" }
  ],
  "people": [
    { "id": "ivanova", "organization": "park-service", "roles": ["coordinator", "caseworker"] }
  ]
}"#;

/// The form that takes a file.
#[derive(Template)]
#[template(path = "load.html")]
struct LoadPage {
    /// A file as it may be.
    example: &'static str,
    modes: [Choice; 2],
    form: Form,
    l: Layout,
}

impl LoadPage {
    fn new(l: Layout, form: Form) -> Self {
        let mode = |mode| Choice::new(mode, l.named("directory-mode", mode));
        Self { example: EXAMPLE, modes: [mode("merge"), mode("replace")], form, l }
    }
}

/// What a file would change.
#[derive(Template)]
#[template(path = "preview.html")]
pub(crate) struct PreviewPage {
    l: Layout,
    form: Form,
    version: u64,
    counts: Vec<SectionCounts>,
    total: usize,
    changes: Vec<ChangeRow>,
    /// What is wrong, in words.
    problems: Vec<String>,
    more_problems: usize,
    /// The file, to be sent once more.
    file: String,
    replace: bool,
}

/// What a file would change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewView {
    /// The version that it would change.
    version: u64,
    /// By section.
    changes: BTreeMap<String, CountsView>,
    /// Entries that would change, shown or not.
    total: usize,
    /// The first 200: section, id, name, kind (`added`, `changed`, `removed`) and the fields.
    #[schema(value_type = Vec<Object>)]
    entries: Vec<Changed>,
    /// What it would be refused for.
    problems: Vec<FieldError>,
}

/// What a file would change, not yet shown.
pub(crate) struct Preview {
    version: u64,
    replace: bool,
    counts: BTreeMap<domain::directory::Section, Counts>,
    total: usize,
    /// The first ones.
    entries: Vec<Changed>,
    problems: Vec<domain::directory::Violation>,
}

/// The page to load a file.
#[utoipa::path(get, path = "/directory/load", tag = "directory", responses((status = 200, content_type = "text/html"),
    Failure))]
pub(crate) async fn form(app: App, visit: Visit, caller: Caller) -> Result<Response, Failure> {
    caller.administrator(&app, Action::ManageDirectory).await?;
    let mut form = Form::default();
    form.values.set("mode", "merge");
    html(&LoadPage::new(visit.layout, form))
}

/// See what entries would change before they are sent to `/directory/entries`. Nothing is stored.
#[utoipa::path(post, path = "/directory/preview", tag = "directory", request_body = Object,
    responses((status = 200, body = PreviewView),
        Failure))]
pub(crate) async fn preview(
    app: App,
    visit: Visit,
    caller: Caller,
    request: Request,
) -> Result<Response, Failure> {
    caller.administrator(&app, Action::ManageDirectory).await?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        let command: HttpCommand<File> = HttpCommand::from_request(request, &app).await?;
        let preview = preview_of(&app, &command.body, false).await?;
        return Ok(Json(preview.view()).into_response());
    }
    let parts = Multipart::from_request(request, &app).await;
    let parts = parts.map_err(|rejection| Failure::field("file", rejection.body_text()))?;
    let upload = Upload::read(parts).await;
    let (values, replace) = (upload.values(), upload.replace);
    match upload.file() {
        Ok(file) => {
            let preview = preview_of(&app, &file, replace).await?;
            html(&PreviewPage::new(&app, visit.layout, &file, preview, Form::default()).await?)
        }
        Err(failure) => {
            let status = failure.refusal().status;
            let form = Form::refused(&visit.layout, Some(values), failure)?;
            html_with(status, &LoadPage::new(visit.layout, form))
        }
    }
}

/// What a browser sent.
#[derive(Default)]
struct Upload {
    replace: bool,
    file: Option<Result<String, FieldError>>,
}

impl Upload {
    /// Reads every part, too large ones as well: a browser listens only when it has said everything.
    async fn read(mut parts: Multipart) -> Self {
        let mut upload = Self::default();
        loop {
            match parts.next_field().await {
                Ok(Some(field)) if field.name() == Some("file") => upload.file = Some(text(field).await),
                Ok(Some(field)) => {
                    let mode = field.name() == Some("mode");
                    upload.replace |= mode && field.text().await.is_ok_and(|mode| mode == "replace");
                }
                Ok(None) => return upload,
                Err(error) => {
                    upload.file = Some(Err(unreadable(&error)));
                    return upload;
                }
            }
        }
    }

    fn file(self) -> Result<File, Failure> {
        let missing = || FieldError::coded("file", "no-file", "choose a file");
        let text =
            self.file.unwrap_or_else(|| Err(missing())).map_err(|error| Failure::Invalid(vec![error]))?;
        if text.trim().is_empty() {
            return Err(Failure::Invalid(vec![missing()]));
        }
        File::parse(&text)
    }

    fn values(&self) -> FormValues {
        let mut values = FormValues::default();
        values.set("mode", if self.replace { "replace" } else { "merge" });
        values
    }
}

async fn text(mut field: Field<'_>) -> Result<String, FieldError> {
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(chunk) = field.chunk().await.map_err(|error| unreadable(&error))? {
        length += chunk.len();
        if length <= FILE_LIMIT {
            bytes.extend_from_slice(&chunk);
        }
    }
    if length > FILE_LIMIT {
        return Err(too_large());
    }
    String::from_utf8(bytes).map_err(|_| FieldError::coded("file", "file-no-text", "is not UTF-8"))
}

fn unreadable(error: &MultipartError) -> FieldError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    FieldError::coded("file", "no-file", error.body_text())
}

fn too_large() -> FieldError {
    FieldError::coded("file", "file-too-large", "is larger than 1 MB: use `vmeste directory load`")
}

/// What a file would change in the current version.
pub(crate) async fn preview_of(app: &App, file: &File, replace: bool) -> Result<Preview, Failure> {
    let (info, old) = app.store.directory().await?.ok_or(StoreError::NoDirectory)?;
    let mut new = old.clone();
    file.apply(&mut new, replace);
    let changes = difference(&old, &new);
    let (counts, total) = (counts(&changes), changes.len());
    let problems = Directory::build(new).err().unwrap_or_default();
    let entries = changes.into_iter().take(PAGE).collect();
    Ok(Preview { version: info.version, replace, counts, total, entries, problems })
}

impl Preview {
    fn view(self) -> PreviewView {
        let problem = |wrong: &domain::directory::Violation| {
            let id = wrong.id.as_deref().unwrap_or_default();
            FieldError::because(format!("{}/{id}.{}", wrong.section, wrong.field), &wrong.flaw)
        };
        PreviewView {
            version: self.version,
            changes: counts_view(&self.counts),
            total: self.total,
            problems: self.problems.iter().take(REPORTED).map(problem).collect(),
            entries: self.entries,
        }
    }
}

impl PreviewPage {
    pub(crate) async fn new(
        app: &App,
        l: Layout,
        file: &File,
        preview: Preview,
        form: Form,
    ) -> Result<Self, Failure> {
        let names = Names::of_changes(app, &preview.entries, Vec::new()).await?;
        let problem = |wrong: &domain::directory::Violation| {
            let reason = explain(&l, &FieldError::because(wrong.field, &wrong.flaw));
            let section = l.named("directory-section", wrong.section);
            let entry = match &wrong.id {
                Some(id) => format!("{section}, {id}, {}", label(&l, wrong.field)),
                None => section,
            };
            l.with2("directory-elsewhere", "entry", entry, "reason", reason)
        };
        let problems: Vec<String> = preview.problems.iter().take(REPORTED).map(problem).collect();
        Ok(Self {
            form,
            version: preview.version,
            counts: section_counts(&l, &preview.counts),
            total: preview.total,
            changes: change_rows(&l, &names, &preview.entries, false),
            more_problems: preview.problems.len() - problems.len(),
            problems,
            file: file.json()?,
            replace: preview.replace,
            l,
        })
    }
}
