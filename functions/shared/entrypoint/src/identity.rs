//! Who calls: OIDC tokens, verified in the function itself.
//!
//! The issuer's keys are fetched when first needed, kept when a refresh fails, and refreshed at most once a minute, so
//! that tokens with made-up key ids cannot make us hammer the issuer.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use domain::PersonId;
use domain::voter::Voter;
use jiff::civil::Date;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use tokio::sync::Mutex;

/// Signatures we accept. Symmetric algorithms and `none` are not among them.
const ALGORITHMS: [Algorithm; 4] = [Algorithm::EdDSA, Algorithm::RS256, Algorithm::PS256, Algorithm::ES256];
/// Keys this old are fetched anew, so that a key that was withdrawn is not trusted for ever.
const MAX_AGE: Duration = Duration::from_hours(1);
/// While there are no keys at all, nobody can sign in: try again this soon.
const WITHOUT_KEYS: Duration = Duration::from_secs(1);
/// At most one refresh of the keys in this time.
const REFRESH: Duration = Duration::from_mins(1);

/// An OIDC provider and what it calls us.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// The `iss` of its tokens.
    pub url: String,
    /// The `aud` of tokens meant for us.
    pub audience: String,
    /// Where its keys are.
    pub jwks_url: String,
}

/// A verified caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The token's `sub`.
    pub person: PersonId,
    /// The token's `name`.
    pub name: Option<String>,
    /// The token's `email`.
    pub email: Option<String>,
    /// What it says of them as a voter.
    pub voter: Voter,
}

/// Why a token is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Not a token, not ours, not valid any more.
    #[error("the token is not valid: {0}")]
    Invalid(String),
    /// We cannot tell.
    #[error("the keys of the identity provider cannot be read")]
    Unavailable(#[source] Option<reqwest::Error>),
}

/// Verifies tokens of one issuer.
pub struct Identity {
    issuer: Issuer,
    /// Made when it is first needed: it reads all the certificates that the system trusts, which takes milliseconds.
    http: OnceLock<reqwest::Client>,
    keys: Arc<Mutex<Keys>>,
    refresh: Duration,
}

#[derive(Default)]
struct Keys {
    set: Option<JwkSet>,
    tried: Option<Instant>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    name: Option<String>,
    email: Option<String>,
    /// OpenID Connect Core, 5.1: `YYYY-MM-DD`; the year 0000, or none after it, says that it is withheld.
    birthdate: Option<serde_json::Value>,
    /// Where the person is registered: the id of a territory of the directory.
    territory: Option<serde_json::Value>,
    /// How sure the provider is of who it is.
    acr: Option<serde_json::Value>,
}

/// Levels of assurance (eIDAS, article 8) at which the provider has made sure who somebody is.
const IDENTIFIED: [&str; 2] = ["substantial", "high"];

impl Identity {
    /// Keys are fetched on first use.
    pub fn new(issuer: Issuer) -> Self {
        Self { issuer, http: OnceLock::new(), keys: Arc::default(), refresh: REFRESH }
    }

    /// The provider whose tokens are accepted.
    pub const fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// With keys of the issuer that are at hand. They are fetched anew when they are an hour old.
    #[must_use]
    pub fn knowing(self, keys: JwkSet) -> Self {
        let keys = Keys { set: Some(keys), tried: Some(Instant::now()) };
        Self { keys: Arc::new(Mutex::new(keys)), ..self }
    }

    /// With at most one refresh of the keys in `refresh`, a minute if nothing is said.
    #[must_use]
    pub fn refreshing_every(self, refresh: Duration) -> Self {
        Self { refresh, ..self }
    }

    /// Verifies signature, algorithm, issuer, audience and times of a token.
    ///
    /// # Errors
    /// [`TokenError`]; its text may be shown to the caller.
    pub async fn verify(&self, token: &str) -> Result<Verified, TokenError> {
        let header = decode_header(token).map_err(invalid)?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(TokenError::Invalid(format!("the algorithm {:?} is not allowed", header.alg)));
        }
        let key_id = header.kid.ok_or_else(|| TokenError::Invalid("it names no key (kid)".into()))?;
        let key = self.key(&key_id).await?;
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[&self.issuer.url]);
        validation.set_audience(&[&self.issuer.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        let claims = decode::<Claims>(token, &key, &validation).map_err(invalid)?.claims;
        let person = claims.sub.parse().map_err(|e| TokenError::Invalid(format!("its sub is no id: {e}")))?;
        // What is no text says nothing of a voter; the token is good all the same.
        let text = |claim: &Option<serde_json::Value>| {
            claim.as_ref().and_then(|claim| claim.as_str()).map(str::to_owned)
        };
        let level = text(&claims.acr);
        let level = level.as_deref().map(|acr| acr.rsplit('/').next().unwrap_or(acr));
        let voter = Voter {
            territory: text(&claims.territory).and_then(|territory| territory.parse().ok()),
            birthdate: text(&claims.birthdate)
                .and_then(|day| day.parse::<Date>().ok())
                .filter(|day| day.year() > 0),
            identified: level.is_some_and(|level| IDENTIFIED.contains(&level)),
        };
        Ok(Verified { person, name: claims.name, email: claims.email, voter })
    }

    async fn key(&self, id: &str) -> Result<DecodingKey, TokenError> {
        // The lock is held while the keys are fetched, so requests that come meanwhile wait for the same answer.
        let mut keys = Arc::clone(&self.keys).lock_owned().await;
        let known = |keys: &Keys| keys.set.as_ref().and_then(|set| set.find(id).cloned());
        let mut found = known(&keys);
        let age = keys.tried.map(|tried| tried.elapsed());
        let pause = if keys.set.is_some() { self.refresh } else { self.refresh.min(WITHOUT_KEYS) };
        let wanted = found.is_none() || age.is_some_and(|age| age >= MAX_AGE);
        if wanted && age.is_none_or(|age| age >= pause) {
            keys.tried = Some(Instant::now());
            let request = self.request();
            // On a task of its own: a caller who hangs up must not take the answer from those who wait for it.
            let fetched = tokio::spawn(async move {
                let failed = fetch(request).await.map(|set| keys.set = Some(set)).err();
                (keys, failed)
            });
            let failed;
            (keys, failed) = fetched.await.map_err(|_| TokenError::Unavailable(None))?;
            match failed {
                Some(error) if keys.set.is_none() => return Err(TokenError::Unavailable(Some(error))),
                Some(error) => {
                    tracing::warn!(%error, "the issuer's keys could not be refreshed; the old ones stay");
                }
                None => {}
            }
            found = known(&keys);
        }
        if keys.set.is_none() {
            return Err(TokenError::Unavailable(None));
        }
        let found = found.ok_or_else(|| TokenError::Invalid("its key is not one of the issuer's".into()))?;
        DecodingKey::from_jwk(&found).map_err(invalid)
    }

    fn request(&self) -> reqwest::RequestBuilder {
        let http = self.http.get_or_init(reqwest::Client::new);
        http.get(&self.issuer.jwks_url).timeout(Duration::from_secs(5))
    }
}

async fn fetch(request: reqwest::RequestBuilder) -> Result<JwkSet, reqwest::Error> {
    request.send().await?.error_for_status()?.json().await
}

fn invalid(error: jsonwebtoken::errors::Error) -> TokenError {
    TokenError::Invalid(error.to_string())
}
