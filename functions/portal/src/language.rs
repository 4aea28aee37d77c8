//! `POST /language`: a choice that a cookie remembers.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use entrypoint::App;
use entrypoint::http::cookies::{LANGUAGE, NewCookie};
use entrypoint::http::{Failure, HttpCommand};
use pages::{Language, see_other};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::own_path::own_path;

/// A language, and where to go then.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LanguageRequest {
    /// `ru` or `en`.
    language: String,
    /// A path of this site; home if left out.
    #[serde(rename = "return")]
    back: Option<String>,
}

/// A year, in seconds.
const KEPT: i64 = 365 * 24 * 3_600;

/// Choose the language of the pages.
#[utoipa::path(post, path = "/language", tag = "portal", request_body = LanguageRequest,
    responses((status = 303), Failure))]
pub(crate) async fn choose(app: App, command: HttpCommand<LanguageRequest>) -> Result<Response, Failure> {
    let language = Language::of_tag(&command.body.language)
        .ok_or_else(|| Failure::field("language", "there are texts in ru and en"))?;
    let cookie = NewCookie::new(LANGUAGE, language.tag().into(), "/".into(), KEPT);
    let to = own_path(command.body.back.as_deref());
    let remember = [(header::SET_COOKIE, cookie.secure(app.secure_cookies()).header())];
    Ok((remember, see_other(to)).into_response())
}
