//! A development identity provider: signs tokens for anybody who asks, and lets people sign in as a ready persona. It
//! exists in the local host alone; nothing of it is compiled into a function.

mod flow;
mod grant;
mod people;
mod provider;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::PersonId;
use domain::person::{Person, Role};
use entrypoint::http::{Failure, JsonBody};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Store;

pub(crate) use people::seed as seed_people;
pub use provider::Issuer;

use crate::demo;

/// What a token is to say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenRequest {
    persona: Persona,
    subject: Option<String>,
    birthdate: Option<jiff::civil::Date>,
    territory: Option<String>,
    /// Whether somebody has made sure who it is; yes if left out.
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
    Json(issuer.signer.jwks().clone())
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
    let token = issuer.signer.sign(claims).map_err(Failure::internal)?;
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
