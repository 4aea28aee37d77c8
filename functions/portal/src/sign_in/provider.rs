//! The identity provider: its addresses and keys, read from its discovery document and kept.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entrypoint::App;
use entrypoint::http::Failure;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AuthorizationCode, ClientId, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::own_path::own_path;

/// The discovery document is read again after this time.
const MAX_AGE: Duration = Duration::from_hours(1);
/// How long the provider may take.
const WITHIN: Duration = Duration::from_secs(5);

/// The identity provider. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Provider(Arc<Inner>);

#[derive(Default)]
struct Inner {
    metadata: Mutex<Option<(Instant, CoreProviderMetadata)>>,
    http: reqwest::Client,
}

/// What must be remembered while somebody signs in; kept in a cookie of their browser.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Attempt {
    state: String,
    nonce: String,
    verifier: String,
    back: String,
}

/// A session's token.
#[derive(Debug)]
pub(crate) struct Token {
    /// As the provider signed it.
    pub(crate) text: String,
    /// How long it is valid from now.
    pub(crate) seconds: i64,
}

impl Attempt {
    /// As the value of a cookie.
    pub(crate) fn encode(&self) -> Result<String, Failure> {
        Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).map_err(Failure::internal)?))
    }

    /// From the value of a cookie.
    pub(crate) fn decode(value: &str) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
    }

    /// The value that must come back.
    pub(crate) fn state(&self) -> &str {
        &self.state
    }

    /// Where to go then.
    pub(crate) fn back(&self) -> &str {
        own_path(Some(&self.back))
    }
}

impl Provider {
    /// The address to send the browser to, and what to remember meanwhile.
    ///
    /// # Errors
    /// If the provider cannot be reached.
    pub(crate) async fn begin(&self, app: &App, back: &str) -> Result<(String, Attempt), Failure> {
        let metadata = self.metadata(app).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = CoreClient::from_provider_metadata(metadata, client_id(app)?, None);
        let client = client.set_redirect_uri(redirect(app)?);
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let request = client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
        let request = request.add_scope(Scope::new("profile".into())).add_scope(Scope::new("email".into()));
        let (url, state, nonce) = request.set_pkce_challenge(challenge).url();
        let attempt = Attempt {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            back: back.to_owned(),
        };
        Ok((url.into(), attempt))
    }

    /// Exchanges the code for an ID token, and verifies it.
    ///
    /// # Errors
    /// If the provider does not take the code, or its token is not for this sign-in.
    pub(crate) async fn finish(&self, app: &App, attempt: &Attempt, code: String) -> Result<Token, Failure> {
        let metadata = self.metadata(app).await?;
        let client = CoreClient::from_provider_metadata(metadata, client_id(app)?, None);
        let client = client.set_redirect_uri(redirect(app)?);
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(Failure::internal)?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()));
        let http = |request| call(self.0.http.clone(), request);
        let reply = request.request_async(&http).await.map_err(refused)?;
        let token = reply.id_token().ok_or_else(|| Failure::internal("the provider sent no ID token"))?;
        let verifier = client.id_token_verifier().set_allowed_algs([
            CoreJwsSigningAlgorithm::EdDsa,
            CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            CoreJwsSigningAlgorithm::RsaSsaPssSha256,
            CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        ]);
        let claims = token.claims(&verifier, &Nonce::new(attempt.nonce.clone())).map_err(refused)?;
        let seconds = claims.expiration().timestamp() - jiff::Timestamp::now().as_second();
        Ok(Token { text: token.to_string(), seconds: seconds.max(0) })
    }

    async fn metadata(&self, app: &App) -> Result<CoreProviderMetadata, Failure> {
        let mut kept = self.0.metadata.lock().await;
        if let Some((read, metadata)) = &*kept
            && read.elapsed() < MAX_AGE
        {
            return Ok(metadata.clone());
        }
        let issuer = IssuerUrl::new(app.identity()?.issuer().url.clone()).map_err(Failure::internal)?;
        let http = |request| call(self.0.http.clone(), request);
        let metadata = CoreProviderMetadata::discover_async(issuer, &http)
            .await
            .map_err(|error| Failure::Unavailable(Box::new(error)))?;
        *kept = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }
}

/// The provider's answer to a person who cannot do anything about it but begin again.
fn refused(error: impl std::error::Error) -> Failure {
    tracing::warn!(error = error.to_string(), "a sign-in failed");
    Failure::Forbidden("The identity provider does not confirm this sign-in. Begin it again.".into())
}

fn client_id(app: &App) -> Result<ClientId, Failure> {
    Ok(ClientId::new(app.identity()?.issuer().audience.clone()))
}

fn redirect(app: &App) -> Result<RedirectUrl, Failure> {
    RedirectUrl::new(format!("{}/sign-in/callback", app.public_url()?)).map_err(Failure::internal)
}

/// Why a call did not come through.
#[derive(Debug, thiserror::Error)]
#[error("the identity provider cannot be reached")]
enum CallError {
    Http(#[from] reqwest::Error),
    Reply(#[from] axum::http::Error),
}

/// One request with our own client, which is built without a second TLS library.
async fn call(http: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, CallError> {
    let (parts, body) = request.into_parts();
    let call = http.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
    let reply = call.timeout(WITHIN).send().await?;
    let mut response = axum::http::Response::builder().status(reply.status());
    for (name, value) in reply.headers() {
        response = response.header(name, value);
    }
    Ok(response.body(reply.bytes().await?.to_vec())?)
}
