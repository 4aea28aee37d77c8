//! `/dev/mail`: the mail that the platform has sent, which here goes into a folder.

mod mime;

use std::io::ErrorKind;
use std::path::{Path as FilePath, PathBuf};

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use entrypoint::http::{Failure, Path};
use jiff::Timestamp;
use pages::{Layout, html};
use store::Store;

pub use mime::Mail;

/// Mails in the list: the newest.
const SHOWN: usize = 100;

/// A mail in the list.
struct MailRow {
    name: String,
    at: Option<Timestamp>,
    to: String,
    subject: String,
}

impl MailRow {
    fn new(name: &str, mail: &Mail) -> Self {
        let at = jiff::fmt::rfc2822::parse(&mail.header("Date")).ok().map(|at| at.timestamp());
        Self { name: name.to_owned(), at, to: mail.header("To"), subject: mail.header("Subject") }
    }
}

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage {
    l: Layout,
    rows: Vec<MailRow>,
    count: usize,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage {
    l: Layout,
    row: MailRow,
    text: String,
    source: String,
}

type Shared = (PathBuf, Store);

/// The pages of the mail in this folder.
pub(crate) fn router(folder: PathBuf, store: Store) -> Router {
    Router::new()
        .route("/dev/mail", get(list))
        .route("/dev/mail/{name}", get(show))
        .with_state((folder, store))
}

async fn list(
    State((folder, store)): State<Shared>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let mut names = names(&folder).map_err(Failure::internal)?;
    // They begin with the id of their event, which sorts by time.
    names.sort_unstable_by(|a, b| b.cmp(a));
    let read = |name: &String| Some(MailRow::new(name, &Mail::parse(&source(&folder, name)?)));
    let rows = names.iter().take(SHOWN).filter_map(read).collect();
    let l = layout(&headers, &uri, &store).await?;
    html(&MailboxPage { l, rows, count: names.len() })
}

async fn show(
    State((folder, store)): State<Shared>,
    Path(name): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let source = source(&folder, &name).ok_or(Failure::NotFound)?;
    let mail = Mail::parse(&source);
    let l = layout(&headers, &uri, &store).await?;
    html(&MailPage { l, row: MailRow::new(&name, &mail), text: mail.text(), source })
}

async fn layout(headers: &HeaderMap, uri: &Uri, store: &Store) -> Result<Layout, Failure> {
    let mut layout = Layout::of_nobody(headers, uri);
    let rulebook = store.rulebook().await?;
    if let Some(root) = rulebook.root_territory() {
        layout.zone = rulebook.local_days(&root.id).zone;
    }
    Ok(layout)
}

/// The names of the mails, without `.eml`.
fn names(folder: &FilePath) -> std::io::Result<Vec<String>> {
    let files = match std::fs::read_dir(folder) {
        Ok(files) => files,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for file in files {
        let name = file?.file_name();
        names.extend(
            name.to_str().and_then(|name| name.strip_suffix(".eml")).filter(is_name).map(str::to_owned),
        );
    }
    Ok(names)
}

/// The ids of an event and of an addressee, and nothing that leads to another folder.
fn is_name(name: &&str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn source(folder: &FilePath, name: &str) -> Option<String> {
    if !is_name(&name) {
        return None;
    }
    let bytes = std::fs::read(folder.join(format!("{name}.eml"))).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("mail")).unwrap();
        std::fs::write(folder.path().join("aa.eml"), "secret").unwrap();
        std::fs::write(folder.path().join("mail/bb.eml"), "Subject: a\r\n\r\n").unwrap();
        let mail = folder.path().join("mail");
        for name in ["../aa", "..%2Faa", "/aa", "aa\0", "", ".", "..", "bb.eml"] {
            assert!(source(&mail, name).is_none(), "{name}");
        }
        assert!(source(&mail, "bb").is_some());
        assert_eq!(names(&mail).unwrap(), ["bb"]);
        assert!(names(&mail.join("absent")).unwrap().is_empty());
    }
}
