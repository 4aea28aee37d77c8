//! Signing in: OpenID Connect, authorization code flow with PKCE. The session is the provider's ID token in a cookie that
//! scripts cannot read; every function verifies it as it verifies a bearer token.

mod provider;

use axum::Extension;
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use entrypoint::App;
use entrypoint::http::cookies::{NewCookie, SESSION, cookie};
use entrypoint::http::{Failure, HttpCommand, Nothing, Query};
use pages::see_other;
use serde::Deserialize;
use store::Contact;
use utoipa::IntoParams;

use provider::Attempt;

use crate::own_path::own_path;
pub(crate) use provider::Provider;

/// Cookie of a sign-in under way.
const SIGNING_IN: &str = "signing-in";
/// Its path: both addresses of a sign-in.
const PATH: &str = "/sign-in";
/// How long a sign-in may take, in seconds.
const WITHIN: i64 = 15 * 60;

/// Where to go when signed in.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeginQuery {
    /// A path of this site; home if left out.
    #[serde(rename = "return")]
    #[param(rename = "return")]
    back: Option<String>,
    /// Set by the redirect to the platform's own address, so that there is only one.
    #[serde(default)]
    #[param(ignore)]
    moved: bool,
}

/// Whether the browser calls us by another name than the provider sends it back to. Its cookie would be left behind then:
/// `localhost` is not `127.0.0.1`.
fn is_elsewhere(headers: &HeaderMap, public_url: &str) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    host.is_some_and(|host| !own.split('/').next().unwrap_or_default().eq_ignore_ascii_case(host))
}

/// Go to the identity provider.
#[utoipa::path(get, path = "/sign-in", tag = "portal", params(BeginQuery), responses((status = 303), Failure))]
pub(crate) async fn begin(
    app: App,
    Extension(provider): Extension<Provider>,
    headers: HeaderMap,
    Query(query): Query<BeginQuery>,
) -> Result<Response, Failure> {
    let public_url = app.public_url()?;
    if is_elsewhere(&headers, public_url) && !query.moved {
        let back = own_path(query.back.as_deref());
        let query = [("return", back), ("moved", "true")];
        let query = serde_urlencoded::to_string(query).map_err(Failure::internal)?;
        return Ok(see_other(&format!("{public_url}{PATH}?{query}")));
    }
    let (url, attempt) = provider.begin(&app, own_path(query.back.as_deref())).await?;
    let remember = NewCookie::new(SIGNING_IN, attempt.encode()?, PATH.into(), WITHIN);
    let remember = [(header::SET_COOKIE, remember.secure(app.secure_cookies()).header())];
    Ok((remember, see_other(&url)).into_response())
}

/// What the provider sends back.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct FinishQuery {
    code: Option<String>,
    state: Option<String>,
    /// Why the provider does not sign in, if it does not: RFC 6749, section 4.1.2.1.
    error: Option<String>,
}

/// Back from the identity provider.
#[utoipa::path(get, path = "/sign-in/callback", tag = "portal", params(FinishQuery),
    responses((status = 303), Failure))]
pub(crate) async fn finish(
    app: App,
    Extension(provider): Extension<Provider>,
    headers: HeaderMap,
    Query(query): Query<FinishQuery>,
) -> Result<Response, Failure> {
    let attempt = cookie(&headers, SIGNING_IN).and_then(|value| Attempt::decode(&value));
    let forget = NewCookie::forget(SIGNING_IN, PATH).secure(app.secure_cookies());
    // Somebody who changed their mind, or came by an old link, begins again where they were.
    let (Some(attempt), None) = (attempt, &query.error) else {
        return Ok(([(header::SET_COOKIE, forget.header())], see_other("/")).into_response());
    };
    if query.state.as_deref() != Some(attempt.state()) {
        return Err(Failure::Forbidden("This sign-in was not begun in this browser. Begin it again.".into()));
    }
    let token = provider.finish(&app, &attempt, query.code.unwrap_or_default()).await?;
    let verified = app.identity()?.verify(&token.text).await?;
    if verified.name.is_some() || verified.email.is_some() {
        let contact = Contact { person: verified.person, name: verified.name, email: verified.email };
        app.store.keep_contact(&contact).await?;
    }
    let session = NewCookie::new(SESSION, token.text, "/".into(), token.seconds).secure(app.secure_cookies());
    let cookies =
        AppendHeaders([(header::SET_COOKIE, session.header()), (header::SET_COOKIE, forget.header())]);
    Ok((cookies, see_other(attempt.back())).into_response())
}

/// Forget the session in this browser.
#[utoipa::path(post, path = "/sign-out", tag = "portal", request_body = Nothing, responses((status = 303)))]
pub(crate) async fn sign_out(app: App, _: HttpCommand<Nothing>) -> Result<impl IntoResponse, Failure> {
    let forget = NewCookie::forget(SESSION, "/").secure(app.secure_cookies());
    Ok(([(header::SET_COOKIE, forget.header())], see_other("/?done=signed-out")))
}

#[cfg(test)]
mod tests {
    use crate::own_path::own_path;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for path in
            ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "", "/\t/evil.example"]
        {
            assert_eq!(own_path(Some(path)), "/", "{path}");
        }
        assert_eq!(own_path(Some("/search?q=яма")), "/search?q=яма");
        assert_eq!(own_path(None), "/");
    }
}
