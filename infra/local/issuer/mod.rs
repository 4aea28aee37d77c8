//! A development identity provider: signs tokens for anybody who asks, and lets people sign in as a ready persona. It
//! exists in the local host alone; nothing of it is compiled into a function.

mod flow;
mod people;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::PersonId;
use domain::person::{Person, Role};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use entrypoint::http::{Failure, JsonBody};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Store;

pub(crate) use people::seed as seed_people;

use crate::demo;

/// What tokens are for.
pub const AUDIENCE: &str = "vmeste";
/// How long a token is valid, in seconds.
const VALID: i64 = 8 * 3_600;
/// Name of the only key.
const KEY_ID: &str = "development";

/// Signs tokens.
#[derive(Clone)]
pub struct Issuer {
    /// Of the platform.
    site: String,
    /// Its `iss`.
    url: String,
    key: EncodingKey,
    jwks: Value,
    grants: flow::Grants,
}

/// Why the issuer does not start.
#[derive(Debug, thiserror::Error)]
#[error("the development issuer's key is not usable: {0}")]
pub struct BadKey(String);

/// What a token is to say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenRequest {
    persona: Persona,
    subject: Option<String>,
    birthdate: Option<jiff::civil::Date>,
    territory: Option<String>,
    /// Has somebody made sure who it is? Yes, if nothing is said.
    identified: Option<bool>,
}

/// Ready people of the demo city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Persona {
    Citizen,
    Coordinator,
    Caseworker,
    Approver,
    Analyst,
    Moderator,
    Administrator,
    Organizer,
}

impl Persona {
    const fn role(self) -> Option<(Role, &'static str)> {
        match self {
            Self::Citizen => None,
            Self::Coordinator => Some((Role::Coordinator, "demo-coordinator")),
            Self::Caseworker => Some((Role::Caseworker, "demo-caseworker")),
            Self::Approver => Some((Role::Approver, "demo-approver")),
            Self::Analyst => Some((Role::Analyst, "demo-analyst")),
            Self::Moderator => Some((Role::Moderator, "demo-moderator")),
            Self::Administrator => Some((Role::WorkspaceAdmin, "demo-administrator")),
            Self::Organizer => Some((Role::PollOrganizer, "demo-organizer")),
        }
    }
}

impl Issuer {
    /// An issuer for the platform at `site` with a key made from 32 bytes in hex.
    ///
    /// # Errors
    /// [`BadKey`] if they are not that.
    pub fn new(site: String, seed: &str) -> Result<Self, BadKey> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(seed, &mut bytes).map_err(|error| BadKey(error.to_string()))?;
        let signing = SigningKey::from_bytes(&bytes);
        let der = signing.to_pkcs8_der().map_err(|error| BadKey(error.to_string()))?;
        let public = URL_SAFE_NO_PAD.encode(signing.verifying_key().as_bytes());
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": KEY_ID, "x": public });
        Ok(Self {
            url: format!("{site}/dev"),
            site,
            key: EncodingKey::from_ed_der(der.as_bytes()),
            jwks: json!({ "keys": [jwk] }),
            grants: flow::Grants::default(),
        })
    }

    /// For a platform that answers elsewhere.
    #[must_use]
    pub fn for_platform(self, site: String) -> Self {
        Self { site: site.trim_end_matches('/').to_owned(), ..self }
    }

    /// Where its keys are.
    pub fn jwks_url(&self) -> String {
        format!("{}/jwks.json", self.url)
    }

    /// Its `iss`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Signs a token with these claims; `iss`, `aud` and times are added where they are missing.
    ///
    /// # Errors
    /// If the claims cannot be signed.
    pub fn sign(&self, mut claims: Value) -> Result<String, jsonwebtoken::errors::Error> {
        let now = jiff::Timestamp::now().as_second();
        let defaults = json!({ "iss": self.url, "aud": AUDIENCE, "iat": now, "exp": now + VALID });
        if let (Value::Object(claims), Value::Object(defaults)) = (&mut claims, defaults) {
            for (name, value) in defaults {
                claims.entry(name).or_insert(value);
            }
        }
        let header = Header { kid: Some(KEY_ID.into()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.key)
    }

    /// `/dev/token` for programs, `/dev/jwks.json`, and the addresses of OpenID Connect.
    pub fn router(self, store: Store) -> Router {
        Router::new()
            .route("/dev/token", post(token))
            .route("/dev/jwks.json", get(jwks))
            .merge(flow::routes())
            .with_state((self, store))
    }
}

async fn jwks(State((issuer, _)): State<(Issuer, Store)>) -> Json<Value> {
    Json(issuer.jwks)
}

async fn token(
    State((issuer, store)): State<(Issuer, Store)>,
    JsonBody { value: wanted }: JsonBody<TokenRequest>,
) -> Result<(StatusCode, Json<Value>), Failure> {
    let role = wanted.persona.role();
    let ready = role.map_or("demo-citizen", |(_, id)| id);
    let subject = wanted.subject.as_deref().unwrap_or(ready);
    let person: PersonId = subject.parse().map_err(|e| Failure::field("subject", format!("{e}")))?;
    // Roles come from the directory, so a new member of staff is written into it.
    if let Some((role, _)) = role
        && store.person(&person).await?.is_none_or(|known| !known.roles.contains(&role))
    {
        employ(&store, person.clone(), role).await?;
    }
    let mut claims = people::claims(&person);
    if let Some(birthdate) = wanted.birthdate {
        claims["birthdate"] = json!(birthdate);
    }
    if let Some(territory) = wanted.territory {
        claims["territory"] = json!(territory);
    }
    if wanted.identified == Some(false) {
        claims["acr"] = json!("low");
    }
    let token = issuer.sign(claims).map_err(Failure::internal)?;
    Ok((StatusCode::OK, Json(json!({ "token": token }))))
}

async fn employ(store: &Store, id: PersonId, role: Role) -> Result<(), Failure> {
    let known = store.person(&id).await?;
    let rulebook = store.rulebook().await?;
    let root = rulebook.root_territory().and_then(|root| root.default_organization.clone());
    let organization = known.as_ref().map(|person| person.organization.clone()).or(root);
    let organization =
        organization.ok_or_else(|| Failure::internal("the root territory has no organization"))?;
    let mut roles = known.map(|person| person.roles).unwrap_or_default();
    roles.insert(role);
    let person = Person { id, organization, roles };
    demo::merge(store, |draft| domain::directory::Draft::merge(draft, people(person.clone())))
        .await
        .map_err(Failure::internal)
}

fn people(person: Person) -> domain::directory::Draft {
    domain::directory::Draft { people: vec![person], ..Default::default() }
}
