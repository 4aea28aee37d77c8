//! A request that changes something: body, caller, `If-Match` and `Idempotency-Key`, and how its effect happens once.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Subject;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{CommitError, StoredReply};
use uuid::Uuid;

use super::body;
use super::caller::{ANONYMOUS, Caller, sha256};
use super::etag::{IfMatch, etag};
use super::failure::Failure;
use super::field_error::FieldError;
use super::form::{FormValues, KEY_FIELD, VERSION_FIELD, is_form};
use crate::app::App;

/// A POST, parsed.
#[derive(Debug)]
pub struct HttpCommand<T> {
    /// The body.
    pub body: T,
    /// The sender.
    pub caller: Caller,
    /// The versions that the caller accepts.
    pub if_match: IfMatch,
    /// The idempotency key, if there is one.
    pub key: Option<Key>,
}

/// An idempotency key within its scope.
#[derive(Debug, Clone)]
pub struct Key {
    caller: String,
    key: String,
    request: String,
}

/// A POST of a program or of a form. A body that cannot be read is no rejection here: the page shows the form again as it
/// was filled in.
#[derive(Debug)]
pub struct Posted<T> {
    /// The fields, if it was a form.
    pub form: Option<FormValues>,
    /// The request, if it can be read.
    pub command: Result<HttpCommand<T>, Failure>,
}

impl<T: DeserializeOwned> FromRequest<App> for Posted<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        let address = format!("{} {}\n", parts.method, parts.uri.path());
        let mut if_match = IfMatch::read(&parts.headers)?;
        let mut key = key_header(&parts.headers)?;
        let is_form = is_form(&parts.headers);
        let raw = body::read(Request::from_parts(parts, body), app).await?;

        let form = is_form.then(|| FormValues::parse(&raw));
        let value = match &form {
            Some(form) => {
                key = key.or(key_of(form.get(KEY_FIELD)));
                if let Ok(version) = form.get(VERSION_FIELD).parse() {
                    if_match = IfMatch::Versions(vec![version]);
                }
                form.read()
            }
            None => body::parse(&raw),
        };
        let request = sha256(&[address.as_bytes(), &raw].concat());
        let command = value.and_then(|body| {
            let key = key.map(|key| Key::new(&caller, key, request)).transpose()?;
            Ok(HttpCommand { body, caller, if_match, key })
        });
        Ok(Self { form, command })
    }
}

impl<T: DeserializeOwned> FromRequest<App> for HttpCommand<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        Posted::from_request(request, app).await?.command
    }
}

impl Key {
    fn new(caller: &Caller, key: String, request: String) -> Result<Self, Failure> {
        let caller = caller.scope();
        // Keys of a person are that person's own. Keys of callers who did not sign in are shared by all of them, so they must
        // be impossible to guess: a repeated request gets the reply, and with it the tracking number.
        if caller == ANONYMOUS && Uuid::parse_str(&key).is_err() {
            let message = "without signing in, the key must be a UUID made for this request";
            return Err(Failure::Malformed(vec![FieldError::new("Idempotency-Key", message)]));
        }
        Ok(Self { caller, key, request })
    }
}

fn key_header(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let message = "give 1 to 200 visible ASCII characters, for example a UUID";
    let wrong = || Failure::Malformed(vec![FieldError::new("Idempotency-Key", message)]);
    key_of(value.to_str().unwrap_or_default()).map(Some).ok_or_else(wrong)
}

fn key_of(text: &str) -> Option<String> {
    let key = text.trim().trim_matches('"');
    ((1..=200).contains(&key.len()) && key.is_ascii()).then(|| key.to_owned())
}

impl<T> HttpCommand<T> {
    /// The reply that was given to this very request before.
    ///
    /// # Errors
    /// [`Failure::KeyReused`] if the key was used for another request.
    async fn stored_reply(&self, app: &App) -> Result<Option<StoredReply>, Failure> {
        let Some(key) = &self.key else { return Ok(None) };
        match app.store.reply(&key.caller, &key.key).await? {
            Some(reply) if reply.request != key.request => Err(Failure::KeyReused),
            found => Ok(found),
        }
    }

    /// A reply, to be stored with the effect of this request if the request has a key.
    pub fn stored(&self, reply: &Reply, subject: Option<Subject>, now: Timestamp) -> Option<StoredReply> {
        let Key { caller, key, request } = self.key.clone()?;
        let Reply { status, version, body, subject: of_reply } = reply.clone();
        Some(StoredReply {
            caller,
            key,
            request,
            status: status.as_u16(),
            subject: subject.or(of_reply),
            version,
            body,
            at: now,
        })
    }

    /// Has the effect of the request once, however often network and browser repeat it. A repeated request gets the reply
    /// that was stored with the effect. An attempt that lost to a change of somebody else is made again, unless the caller
    /// named a version.
    ///
    /// An attempt writes its effect and the [`stored`](Self::stored) reply in one transaction.
    ///
    /// # Errors
    /// What the last attempt was refused with.
    pub async fn run_idempotent<F>(&self, app: &App, attempt: impl Fn() -> F) -> Result<Reply, Failure>
    where
        F: Future<Output = Result<Reply, Attempt>>,
    {
        if let Some(stored) = self.stored_reply(app).await? {
            return Ok(stored.into());
        }
        let mut tries = 1;
        loop {
            let failure = match attempt().await {
                Ok(reply) => return Ok(reply),
                Err(Attempt::Commit(CommitError::Conflict))
                    if tries < TRIES && self.if_match == IfMatch::Any =>
                {
                    tries += 1;
                    continue;
                }
                Err(Attempt::Commit(CommitError::Conflict)) => Failure::Stale,
                Err(Attempt::Commit(error)) => error.into(),
                Err(Attempt::Refused(failure)) => failure,
            };
            // A copy of this very request may have been quicker; then its reply is the answer, not our refusal.
            return self.stored_reply(app).await?.map(Reply::from).ok_or(failure);
        }
    }
}

impl Key {
    /// The key, and the SHA-256 of the request that it stands for: for effects that keep their reply themselves.
    #[must_use]
    pub fn parts(&self) -> (String, String) {
        (self.key.clone(), self.request.clone())
    }

    /// The key of one part of a request that does many things.
    #[must_use]
    pub fn part(&self, name: &str) -> Self {
        Self { key: format!("{}/{name}", self.key), ..self.clone() }
    }
}

/// Tries of a change that somebody else's change came before.
const TRIES: usize = 3;

/// Why an attempt to change something failed.
#[derive(Debug)]
pub enum Attempt {
    /// It is not allowed, or makes no sense.
    Refused(Failure),
    /// It could not be written.
    Commit(CommitError),
}

impl<E: Into<Failure>> From<E> for Attempt {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

/// A reply that can be given again: status, `ETag`, JSON.
#[derive(Debug, Clone)]
pub struct Reply {
    status: StatusCode,
    version: u64,
    body: Option<String>,
    subject: Option<Subject>,
}

impl Reply {
    /// A reply without body; `version` becomes the `ETag`.
    pub const fn empty(status: StatusCode, version: u64) -> Self {
        Self { status, version, body: None, subject: None }
    }

    /// A reply with a JSON body.
    ///
    /// # Errors
    /// If the body cannot be written as JSON.
    pub fn json(status: StatusCode, version: u64, body: &impl Serialize) -> Result<Self, Failure> {
        let body = serde_json::to_string(body).map_err(Failure::internal)?;
        Ok(Self { status, version, body: Some(body), subject: None })
    }

    /// A reply about this, for secrets that are derived from an id and not stored.
    #[must_use]
    pub fn about(mut self, subject: impl Into<Subject>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// What the reply is about.
    pub const fn subject(&self) -> Option<Subject> {
        self.subject
    }

    /// The HTTP status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The version after the change.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The JSON body.
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }
}

impl From<StoredReply> for Reply {
    fn from(stored: StoredReply) -> Self {
        let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK);
        Self { status, version: stored.version, body: stored.body, subject: stored.subject }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let tag = [(header::ETAG, etag(self.version))];
        match self.body {
            Some(body) => {
                let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
                (self.status, tag, json, body).into_response()
            }
            None => (self.status, tag).into_response(),
        }
    }
}
