//! A request that changes something: body, caller, `If-Match` and `Idempotency-Key` in one place.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::SubmissionId;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{CommitError, StoredReply};

use super::body::JsonBody;
use super::caller::{Caller, sha256};
use super::etag::{IfMatch, etag};
use super::failure::{Failure, FieldError};
use crate::app::App;

/// A POST, parsed.
#[derive(Debug)]
pub struct Command<T> {
    /// The body.
    pub body: T,
    /// Who sent it.
    pub caller: Caller,
    /// The versions that the caller is content with.
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

impl<T: DeserializeOwned> FromRequest<App> for Command<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        let if_match = IfMatch::read(&parts.headers)?;
        let key = key_header(&parts.headers)?;
        let address = format!("{} {}\n", parts.method, parts.uri.path());
        let JsonBody { value, raw } = JsonBody::from_request(Request::from_parts(parts, body), app).await?;
        let key = key.map(|key| {
            let request = sha256(&[address.as_bytes(), &raw].concat());
            Key { caller: caller.scope(), key, request }
        });
        Ok(Self { body: value, caller, if_match, key })
    }
}

fn key_header(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default().trim().trim_matches('"');
    if key.is_empty() || key.len() > 200 {
        let message = "give 1 to 200 visible ASCII characters, for example a UUID";
        return Err(Failure::Malformed(vec![FieldError::new("Idempotency-Key", message)]));
    }
    Ok(Some(key.to_owned()))
}

impl<T> Command<T> {
    /// The reply that was given to this very request before.
    ///
    /// # Errors
    /// [`Failure::KeyReused`] if the key was used for another request.
    pub async fn earlier(&self, app: &App) -> Result<Option<StoredReply>, Failure> {
        let Some(key) = &self.key else { return Ok(None) };
        match app.store.reply(&key.caller, &key.key).await? {
            Some(reply) if reply.request != key.request => Err(Failure::KeyReused),
            found => Ok(found),
        }
    }

    /// A reply, to be stored with the effect of this request if the request has a key.
    pub fn stored(
        &self,
        reply: &Reply,
        submission: Option<SubmissionId>,
        now: Timestamp,
    ) -> Option<StoredReply> {
        let Key { caller, key, request } = self.key.clone()?;
        let Reply { status, version, body } = reply.clone();
        Some(StoredReply {
            caller,
            key,
            request,
            status: status.as_u16(),
            submission,
            version,
            body,
            at: now,
        })
    }

    /// After a commit found that the same request had been answered a moment before: that answer.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn answered(&self, app: &App) -> Result<Reply, Failure> {
        let earlier = self.earlier(app).await?;
        earlier.map(Reply::from).ok_or_else(|| CommitError::Replied.into())
    }
}

/// A reply that can be given again: status, `ETag`, JSON.
#[derive(Debug, Clone)]
pub struct Reply {
    status: StatusCode,
    version: u64,
    body: Option<String>,
}

impl Reply {
    /// A reply without body; `version` becomes the `ETag`.
    pub const fn empty(status: StatusCode, version: u64) -> Self {
        Self { status, version, body: None }
    }

    /// A reply with a JSON body.
    ///
    /// # Errors
    /// If the body cannot be written as JSON.
    pub fn json(status: StatusCode, version: u64, body: &impl Serialize) -> Result<Self, Failure> {
        let body = serde_json::to_string(body).map_err(Failure::internal)?;
        Ok(Self { status, version, body: Some(body) })
    }
}

impl From<StoredReply> for Reply {
    fn from(stored: StoredReply) -> Self {
        let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK);
        Self { status, version: stored.version, body: stored.body }
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
