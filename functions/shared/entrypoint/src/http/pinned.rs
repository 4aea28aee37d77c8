//! What a request looks up once, however many extractors ask: the caller's token, and the version of the directory.
//!
//! Both stay in the extensions of the request. So a page, its caller and its form agree on who calls, and a request never
//! reads two versions of the directory.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use tokio::sync::OnceCell;

use super::credentials::verify;
use super::failure::Failure;
use crate::app::App;
use crate::identity::{TokenError, Verified};

/// What is known of a request.
#[derive(Clone)]
pub(super) struct Pinned {
    app: App,
    verified: Arc<OnceCell<Result<Option<Verified>, Arc<TokenError>>>>,
}

impl Pinned {
    /// That of this request, made when it is first asked for.
    pub(super) fn of(parts: &mut Parts, app: &App) -> Self {
        let new = || Self { app: app.pinned(), verified: Arc::default() };
        parts.extensions.get_or_insert_with(new).clone()
    }

    /// Who signed in; none for somebody who did not.
    pub(super) async fn verified(&self, headers: &HeaderMap) -> Result<Option<Verified>, Failure> {
        let verdict = self.verified.get_or_try_init(|| verify(headers, &self.app)).await?;
        verdict.clone().map_err(Failure::from)
    }
}

impl App {
    /// The context for one piece of work: everything read of the directory is of one version.
    #[must_use]
    pub fn pinned(&self) -> Self {
        Self { store: self.store.pinned(), ..self.clone() }
    }
}

/// The context of a request. Handlers take it as `app: App`; `State<App>` would read the directory anew at every question.
impl FromRequestParts<Self> for App {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Self) -> Result<Self, Infallible> {
        Ok(Pinned::of(parts, app).app)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, Request, header};
    use store::Store;

    use super::*;
    use crate::clock::Clock;
    use crate::http::Caller;
    use crate::identity::{Identity, Issuer};
    use crate::outbox::Outbox;

    /// A context that reaches nothing.
    fn app() -> App {
        let sdk = aws_config::SdkConfig::builder().behavior_version(aws_config::BehaviorVersion::latest());
        let sdk = sdk.build();
        let text = |text: &str| text.to_owned();
        let issuer =
            Issuer { url: text("issuer"), audience: text("us"), jwks_url: text("http://[::1]:9/keys") };
        App {
            store: Store::new(store::Client::new(&sdk), text("platform"), None),
            outbox: Outbox::new(aws_sdk_sqs::Client::new(&sdk), std::collections::BTreeMap::default(), None),
            clock: Clock::default(),
            identity: Some(Arc::new(Identity::new(issuer))),
            secret: None,
            index: None,
            archives: None,
            public_url: None,
            mail: None,
        }
    }

    fn parts(token: &'static str) -> Parts {
        let mut parts = Request::new(()).into_parts().0;
        parts.headers.insert(header::AUTHORIZATION, HeaderValue::from_static(token));
        parts
    }

    #[tokio::test]
    async fn a_verdict_on_a_token_is_kept_for_the_request() {
        let app = app();
        let mut parts = parts("Bearer nonsense");
        let refused = Caller::from_request_parts(&mut parts, &app).await;
        assert!(matches!(refused, Err(Failure::Unauthenticated(_))), "{refused:?}");
        // Without the header nobody would be looked at again.
        parts.headers.remove(header::AUTHORIZATION);
        let again = Caller::from_request_parts(&mut parts, &app).await;
        assert!(matches!(again, Err(Failure::Unauthenticated(_))), "{again:?}");
        let mut another = Request::new(()).into_parts().0;
        assert!(Caller::from_request_parts(&mut another, &app).await.unwrap().verified.is_none());
    }

    #[tokio::test]
    async fn a_caller_who_was_verified_is_not_verified_again() {
        let app = app();
        let mut parts = parts("Bearer nonsense");
        let person = Verified {
            person: "ivanova".parse().unwrap(),
            name: None,
            email: None,
            voter: domain::voter::Voter::default(),
        };
        let verified = Arc::new(OnceCell::new_with(Some(Ok(Some(person.clone())))));
        parts.extensions.insert(Pinned { app: app.clone(), verified });
        let caller = Caller::from_request_parts(&mut parts, &app).await.unwrap();
        assert_eq!(caller.verified, Some(person));
    }

    #[tokio::test]
    async fn what_is_no_token_is_no_verdict() {
        let app = app();
        let mut parts = parts("Basic eA==");
        let refused = Caller::from_request_parts(&mut parts, &app).await;
        assert!(matches!(refused, Err(Failure::Unauthenticated(_))), "{refused:?}");
        let pinned = Pinned::of(&mut parts, &app);
        assert!(pinned.verified.get().is_none(), "nothing was verified");
    }
}
