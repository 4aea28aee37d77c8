//! Cookies: the session, the tracking number of one submission, the language of the pages.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};
use domain::SubmissionId;

use crate::app::{App, MissingSetting};

/// Holds the identity provider's token of the person who signed in; verified like a bearer token.
pub const SESSION: &str = "session";
/// Holds the tracking number of one submission; its path is that submission's.
pub const TRACKING: &str = "tracking";
/// The language of the pages, `ru` or `en`.
pub const LANGUAGE: &str = "language";

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut all = lines.flat_map(|line| Cookie::split_parse(line.to_owned())).flatten();
    all.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

/// How long a browser keeps a tracking number, in seconds: half a year, longer than any term runs.
const TRACKING_KEPT: i64 = 180 * 24 * 3_600;

/// A cookie that scripts cannot read and other sites cannot make a browser send with a form.
#[derive(Debug, Clone)]
pub struct NewCookie(Cookie<'static>);

impl NewCookie {
    /// A cookie for this path and those under it; `seconds` is how long the browser keeps it.
    pub fn new(name: &'static str, value: String, path: String, seconds: i64) -> Self {
        let cookie = Cookie::build((name, value)).path(path).http_only(true).same_site(SameSite::Lax);
        Self(cookie.max_age(cookie::time::Duration::seconds(seconds)).build())
    }

    /// The browser is to forget the cookie.
    pub fn forget(name: &'static str, path: &str) -> Self {
        Self::new(name, String::new(), path.to_owned(), 0)
    }

    /// Makes the browser the author of this submission, and of no other: its path is the submission's.
    ///
    /// # Errors
    /// [`MissingSetting`] if the function was not given the master secret.
    pub fn tracking(app: &App, id: SubmissionId) -> Result<Self, MissingSetting> {
        let number = app.secret()?.tracking(id).reveal().to_owned();
        let cookie = Self::new(TRACKING, number, format!("/submissions/{id}"), TRACKING_KEPT);
        Ok(cookie.secure(app.secure_cookies()))
    }

    /// Sent over TLS alone.
    #[must_use]
    pub fn secure(mut self, secure: bool) -> Self {
        self.0.set_secure(secure);
        self
    }

    /// The value of a `Set-Cookie` header.
    pub fn header(&self) -> HeaderValue {
        // Our values are tokens, tracking numbers and language names: always visible ASCII.
        HeaderValue::from_str(&self.0.to_string()).unwrap_or(HeaderValue::from_static(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read_from_every_line() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; session=x.y.z"));
        headers.append(header::COOKIE, HeaderValue::from_static("language=en"));
        assert_eq!(cookie(&headers, SESSION).as_deref(), Some("x.y.z"));
        assert_eq!(cookie(&headers, LANGUAGE).as_deref(), Some("en"));
        assert_eq!(cookie(&headers, TRACKING), None);
    }

    #[test]
    fn a_cookie_is_kept_from_scripts_and_from_forms_of_other_sites() {
        let cookie = NewCookie::new(TRACKING, "A".into(), "/submissions/1".into(), 60).secure(true);
        let header = cookie.header();
        assert_eq!(header, "tracking=A; HttpOnly; SameSite=Lax; Secure; Path=/submissions/1; Max-Age=60");
    }
}
