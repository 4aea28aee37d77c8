//! OpenID Connect for development: discovery, a page of personas instead of a password, the exchange of a code.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Instant;

use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::PersonId;
use engines::signer::{AUDIENCE, VALID};
use entrypoint::http::{Failure, Query};
use pages::{Layout, html, see_other};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::Store;

use super::grant::{CODE_AGE, Grant};
use super::people;
use super::provider::Issuer;

type Shared = (Issuer, Store);

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/dev/.well-known/openid-configuration", get(discovery))
        .route("/dev/authorize", get(personas).post(choose))
        .route("/dev/oauth/token", post(exchange))
}

async fn discovery(State((issuer, _)): State<Shared>) -> Json<Value> {
    let url = issuer.signer.url();
    Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/oauth/token"),
        "jwks_uri": issuer.signer.jwks_url(),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": ["openid", "profile", "email"],
    }))
}

/// What the portal asks for (OpenID Connect Core 1.0, section 3.1.2.1; RFC 7636).
#[derive(Debug, Clone, Serialize, Deserialize)]
struct AuthorizeQuery {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    #[serde(default)]
    scope: String,
    state: String,
    nonce: Option<String>,
    code_challenge: String,
    code_challenge_method: String,
}

impl AuthorizeQuery {
    fn check(&self, issuer: &Issuer) -> Result<(), Failure> {
        let expected = [
            ("response_type", self.response_type.as_str(), "code"),
            ("client_id", self.client_id.as_str(), AUDIENCE),
            ("code_challenge_method", self.code_challenge_method.as_str(), "S256"),
        ];
        for (field, given, wanted) in expected {
            if given != wanted {
                return Err(Failure::field(field, format!("must be {wanted}")));
            }
        }
        // A code for somebody else's address would be a present.
        if self.redirect_uri != format!("{}/sign-in/callback", issuer.site) {
            return Err(Failure::field("redirect_uri", "must be the platform's own"));
        }
        Ok(())
    }
}

/// People of one organization.
struct Team {
    name: String,
    people: Vec<Persona>,
}

struct Persona {
    id: String,
    name: String,
    roles: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "personas.html")]
struct PersonasPage {
    l: Layout,
    request: Vec<(String, String)>,
    citizens: Vec<Persona>,
    teams: Vec<Team>,
}

async fn personas(State((issuer, store)): State<Shared>, request: Request) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    let Query(query): Query<AuthorizeQuery> = Query::from_request_parts(&mut parts, &()).await?;
    query.check(&issuer)?;
    let fields = serde_json::to_value(&query).map_err(Failure::internal)?;
    let given = fields.as_object().into_iter().flatten();
    let request =
        given.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect();
    let page = PersonasPage {
        l: Layout::of_nobody(&parts.headers, &parts.uri),
        request,
        citizens: ["demo-citizen", "citizen-2"].map(citizen).into(),
        teams: teams(&store).await?,
    };
    html(&page)
}

fn citizen(id: &str) -> Persona {
    let name = id.parse().map_or_else(|_| id.to_owned(), |id: PersonId| people::name(&id));
    Persona { id: id.to_owned(), name, roles: Vec::new() }
}

async fn teams(store: &Store) -> Result<Vec<Team>, Failure> {
    let (_, draft) = store.directory().await?.ok_or(store::StoreError::NoDirectory)?;
    let names: BTreeMap<_, _> = draft.organizations.iter().map(|o| (&o.id, &o.name)).collect();
    let mut teams: BTreeMap<_, Vec<Persona>> = BTreeMap::new();
    for person in &draft.people {
        let roles = person.roles.iter().map(|role| role.as_str()).collect();
        let persona = Persona { id: person.id.to_string(), name: people::name(&person.id), roles };
        teams.entry(&person.organization).or_default().push(persona);
    }
    let mut list: Vec<Team> = teams
        .into_iter()
        .map(|(id, mut people)| {
            people.sort_by(|a, b| {
                (!a.id.starts_with("demo-"), &a.id).cmp(&(!b.id.starts_with("demo-"), &b.id))
            });
            Team { name: names.get(id).map_or_else(|| id.to_string(), ToString::to_string), people }
        })
        .collect();
    // The team with the ready personas first.
    list.sort_by_key(|team| !team.people.iter().any(|persona| persona.id.starts_with("demo-")));
    Ok(list)
}

#[derive(Debug, Deserialize)]
struct Chosen {
    subject: String,
    #[serde(flatten)]
    request: AuthorizeQuery,
}

async fn choose(
    State((issuer, _)): State<Shared>,
    Form(Chosen { subject, request }): Form<Chosen>,
) -> Result<Response, Failure> {
    request.check(&issuer)?;
    let subject = subject.parse().map_err(|e| Failure::field("subject", format!("{e}")))?;
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Failure::internal(error.to_string()))?;
    let code = hex::encode(bytes);
    let AuthorizeQuery { redirect_uri: redirect, nonce, code_challenge: challenge, state, .. } = request;
    let back =
        serde_urlencoded::to_string([("code", &code), ("state", &state)]).map_err(Failure::internal)?;
    let to = format!("{redirect}?{back}");
    let grant = Grant { subject, nonce, challenge, redirect, given: Instant::now() };
    let mut grants = issuer.grants.lock().unwrap_or_else(PoisonError::into_inner);
    grants.retain(|_, grant| grant.given.elapsed() < CODE_AGE);
    grants.insert(code, grant);
    Ok(see_other(&to))
}

#[derive(Debug, Deserialize)]
struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
}

/// RFC 6749, section 5.2.
fn refused(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
}

async fn exchange(
    State((issuer, _)): State<Shared>,
    Form(exchange): Form<Exchange>,
) -> Result<Response, Failure> {
    if exchange.grant_type != "authorization_code" {
        return Ok(refused("unsupported_grant_type"));
    }
    // Taken out: a code is good once.
    let grant = issuer.grants.lock().unwrap_or_else(PoisonError::into_inner).remove(&exchange.code);
    let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(exchange.code_verifier.as_bytes()));
    let fits = |grant: &Grant| {
        grant.given.elapsed() < CODE_AGE
            && grant.redirect == exchange.redirect_uri
            && grant.challenge == proof
    };
    let Some(grant) = grant.filter(fits) else { return Ok(refused("invalid_grant")) };
    let mut claims = people::claims(&grant.subject);
    if let Some(nonce) = grant.nonce {
        claims["nonce"] = json!(nonce);
    }
    let token = issuer.signer.sign(claims).map_err(Failure::internal)?;
    let body =
        json!({ "access_token": token, "id_token": token, "token_type": "Bearer", "expires_in": VALID });
    Ok(Json(body).into_response())
}
