//! Refusals and failures as callers read them: RFC 9457 problem details, with one match from error to status.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use domain::rulebook::IncompleteDirectory;
use domain::submission::StepError;
use serde::Serialize;
use store::{CommitError, StoreError};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::field_error::FieldError;
use crate::app::MissingSetting;
use crate::identity::TokenError;
use crate::queue::chain;

/// The body of every error reply, `application/problem+json` (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDetails {
    /// What kind of problem; stable, for programs.
    #[schema(example = "/problems/invalid")]
    pub r#type: String,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// The kind of problem in words.
    pub title: String,
    /// This very problem, for people.
    pub detail: String,
    /// The fields at fault.
    pub fields: Vec<FieldError>,
}

/// Why a request is not answered with what it asked for.
#[derive(Debug)]
pub enum Failure {
    /// The request cannot be read.
    Malformed(Vec<FieldError>),
    /// Fields are wrong.
    Invalid(Vec<FieldError>),
    /// The caller did not sign in, or the token is not valid.
    Unauthenticated(String),
    /// The caller did not sign in, and the field needs somebody who did.
    SignInFor(FieldError),
    /// The caller may not do this.
    Forbidden(String),
    /// The caller may not take part in this poll; the field says why.
    NotEligible(FieldError),
    /// Absent, or not for this caller: the two look the same.
    NotFound,
    /// Not in this state; the field is empty if none is at fault.
    Conflict(FieldError),
    /// `If-Match` names an older version.
    Stale,
    /// The idempotency key was used for another request.
    KeyReused,
    /// The body is too large.
    TooLarge(String),
    /// What was asked for is more than can be sent.
    AnswerTooLarge,
    /// This address has no such method.
    MethodNotAllowed,
    /// Something inside does not answer; trying again may help.
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
    /// We are at fault.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// A refusal as pages show it; every reply with problem details carries it.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// What kind of problem: `invalid`, `not-found` and so on.
    pub slug: &'static str,
    /// Why, if the kind does not say it all; the field is empty if none is at fault.
    pub reasons: Vec<FieldError>,
}

#[derive(Debug, Default, Serialize)]
struct Extension {
    fields: Vec<FieldError>,
}

impl Failure {
    /// One wrong field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// We are at fault.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }

    /// As pages show it.
    pub fn refusal(&self) -> Refusal {
        let (status, slug, _) = self.kind();
        let reasons = match self {
            Self::Malformed(fields) | Self::Invalid(fields) => fields.clone(),
            Self::SignInFor(field) | Self::Conflict(field) | Self::NotEligible(field) => vec![field.clone()],
            _ => Vec::new(),
        };
        Refusal { status, slug, reasons }
    }

    const fn kind(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed", "The request cannot be read"),
            Self::Invalid(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "The request has invalid fields")
            }
            Self::Unauthenticated(_) | Self::SignInFor(_) => {
                (StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in first")
            }
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden", "Not allowed"),
            Self::NotEligible(_) => (StatusCode::FORBIDDEN, "not-eligible", "Not for you"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict", "Not possible now"),
            Self::Stale => (StatusCode::PRECONDITION_FAILED, "stale", "Changed meanwhile"),
            Self::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "key-reused", "Idempotency key reused"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The request is too large"),
            Self::AnswerTooLarge => {
                (StatusCode::NOT_ACCEPTABLE, "answer-too-large", "The answer is too large")
            }
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method", "Method not allowed"),
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Try again in a moment"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Our mistake"),
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Malformed(fields) | Self::Invalid(fields) => {
                let parts: Vec<String> =
                    fields.iter().map(|f| format!("{}: {}", f.field, f.message)).collect();
                parts.join("; ")
            }
            Self::Unauthenticated(why)
            | Self::Forbidden(why)
            | Self::TooLarge(why) => why.clone(),
            Self::SignInFor(field) | Self::Conflict(field) | Self::NotEligible(field) => field.message.clone(),
            Self::NotFound => "There is nothing at this address, or it is not for you.".into(),
            Self::Stale => "Somebody changed it after you read it. Read it again, then decide.".into(),
            Self::KeyReused => "This Idempotency-Key was used for another request. Use a new one.".into(),
            Self::AnswerTooLarge => {
                "The answer would be too large to be sent. Ask for less of it (a shorter period, one territory), or for a compressed one with Accept-Encoding: gzip.".into()
            }
            Self::MethodNotAllowed => "This address does not take this method.".into(),
            Self::Unavailable(_) => {
                "A part of the platform does not answer. Send the same request again, with its Idempotency-Key.".into()
            },
            Self::Internal(_) => "Something went wrong on our side. The request id helps to find it.".into(),
        }
    }

    fn fields(self) -> Vec<FieldError> {
        match self {
            Self::Malformed(fields) | Self::Invalid(fields) => fields,
            Self::Conflict(field) if field.field.is_empty() => Vec::new(),
            Self::SignInFor(field) | Self::Conflict(field) => vec![field],
            Self::Stale => vec![FieldError::new("If-Match", "give the ETag of the current version")],
            Self::KeyReused => vec![FieldError::new("Idempotency-Key", "use a new key for a new request")],
            Self::Unauthenticated(_)
            | Self::Forbidden(_)
            | Self::NotEligible(_)
            | Self::NotFound
            | Self::TooLarge(_)
            | Self::AnswerTooLarge
            | Self::MethodNotAllowed
            | Self::Unavailable(_)
            | Self::Internal(_) => Vec::new(),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, slug, title) = self.kind();
        if let Self::Unavailable(error) | Self::Internal(error) = &self {
            tracing::error!(status = status.as_u16(), error = chain(&**error), "request failed");
        }
        let refusal = self.refusal();
        let details = problem_details::ProblemDetails::from_status_code(status)
            .with_type(Uri::from_maybe_shared(format!("/problems/{slug}")).unwrap_or_default())
            .with_title(title)
            .with_detail(self.detail());
        let challenge = matches!(self, Self::Unauthenticated(_) | Self::SignInFor(_));
        let retry = matches!(self, Self::Unavailable(_));
        let mut response = details.with_extensions(Extension { fields: self.fields() }).into_response();
        response.extensions_mut().insert(refusal);
        if challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if retry {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// In the description of a route, `Failure` stands for every refusal.
impl IntoResponses for Failure {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let schema = Ref::from_schema_name(ProblemDetails::name());
        let body = ContentBuilder::new().schema(Some(schema)).build();
        let refused = ResponseBuilder::new().content("application/problem+json", body).build();
        BTreeMap::from([("4XX".to_owned(), refused.into())])
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Cursor => {
                Self::field("cursor", "use the value of `next` from the page before, unchanged")
            }
            StoreError::TooLong { .. } => {
                let message = "there is too much text in it to be stored: shorten it";
                Self::Invalid(vec![FieldError::coded("", "too-much-text", message)])
            }
            StoreError::Call { .. } | StoreError::NoDirectory => Self::Unavailable(Box::new(error)),
            StoreError::Unreadable { .. } | StoreError::TooManyActions { .. } => {
                Self::Internal(Box::new(error))
            }
        }
    }
}

impl From<CommitError> for Failure {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict | CommitError::Handled | CommitError::Replied => Self::Conflict(
                FieldError::coded("", "changed-meanwhile", format!("{error}: read it again, then decide")),
            ),
            CommitError::Store(error) => error.into(),
        }
    }
}

impl From<StepError> for Failure {
    fn from(error: StepError) -> Self {
        let field = FieldError::because(error.field().unwrap_or_default(), &error);
        match error {
            StepError::AppealNeedsAuthor => Self::SignInFor(field),
            StepError::NotTheAssignee => Self::Forbidden(field.message),
            StepError::PlannedInThePast(_) | StepError::ExtensionTooLong { .. } | StepError::AlreadyThere => {
                Self::Invalid(vec![field])
            }
            StepError::Directory(error) => Self::internal(error),
            _ => Self::Conflict(field),
        }
    }
}

impl From<IncompleteDirectory> for Failure {
    fn from(error: IncompleteDirectory) -> Self {
        Self::internal(error)
    }
}

impl From<MissingSetting> for Failure {
    fn from(error: MissingSetting) -> Self {
        Self::internal(error)
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        Arc::new(error).into()
    }
}

impl From<Arc<TokenError>> for Failure {
    fn from(error: Arc<TokenError>) -> Self {
        match *error {
            TokenError::Invalid(_) => Self::Unauthenticated(error.to_string()),
            TokenError::Unavailable(_) => Self::Unavailable(Box::new(error)),
        }
    }
}
