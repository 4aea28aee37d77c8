//! `POST /submissions`: a report or an appeal comes in.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::SubmissionId;
use domain::authorization::Action;
use domain::place::Place;
use domain::rulebook::Rulebook;
use domain::submission::{NewSubmission, SubmissionKind};
use domain::text::{SubmissionText, Text};
use entrypoint::http::{Command, Failure, FieldError, Problem, Reply};
use entrypoint::{App, Change, Extras};
use serde::{Deserialize, Serialize};
use store::{CommitError, StoredReply};
use utoipa::ToSchema;
use uuid::Uuid;

/// What an author sends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubmitRequest {
    /// `report` (anybody) or `appeal` (59-FZ; the author must be signed in).
    #[schema(value_type = String, example = "report")]
    kind: SubmissionKind,
    /// What happened: 1 to 20,000 characters.
    #[schema(example = "Не горит фонарь у школы")]
    text: String,
    /// Id or exact name of a category.
    category: Option<String>,
    /// Id or exact name of a territory; the root territory if left out.
    territory: Option<String>,
    /// Where exactly.
    place: Option<PlaceRequest>,
    /// Imports only: the number in the system it comes from.
    external_id: Option<String>,
    /// Imports only: the id of the organization that the file names.
    organization: Option<String>,
}

/// Where exactly.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaceRequest {
    /// 1 to 500 characters.
    address: String,
    /// WGS 84 latitude, -90 to 90.
    lat: Option<f64>,
    /// WGS 84 longitude, -180 to 180.
    lon: Option<f64>,
}

/// A submission was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Receipt {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    id: SubmissionId,
    /// The secret tracking number: send it as the header `Tracking` to see the submission. It is shown here alone.
    tracking: String,
}

/// Send a report or an appeal.
///
/// 201 for a new submission; 200 if an import brings a row that is there already.
#[utoipa::path(post, path = "/submissions", tag = "intake", request_body = SubmitRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "Same key and body: same reply")),
    responses(
        (status = 201, body = Receipt), (status = 200, body = Receipt),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn submit(
    State(app): State<App>,
    command: Command<SubmitRequest>,
) -> Result<Response, Failure> {
    if let Some(earlier) = command.earlier(&app).await? {
        return repeat(&app, &earlier);
    }
    if command.body.is_import() {
        command.caller.administrator(&app, Action::Import).await?;
    }
    let rulebook = app.store.rulebook().await?;
    let (mut new, text) = command.body.parse(&rulebook)?;
    new.author =
        command.caller.verified.as_ref().filter(|_| !command.body.is_import()).map(|v| v.person.clone());
    new.requested_organization = command.body.requested_organization(&app).await?;
    let id = match &new.external_id {
        Some(external) => SubmissionId::imported(external, &text),
        None => SubmissionId::new(Uuid::now_v7()),
    };

    let now = app.clock.now();
    let imported = new.external_id.is_some();
    let contact = command.caller.contact().filter(|_| new.author.is_some());
    let change = Change::receive(new, text, id, now)?;

    // The tracking number is not stored: it is derived anew.
    let reply = Reply::empty(StatusCode::CREATED, change.submission.version);
    let reply = command.stored(&reply, Some(id), now);
    let extras = Extras { reply: reply.as_ref(), contact: contact.as_ref(), handled: None };
    match app.save(&change, extras).await {
        Ok(()) => receipt(&app, StatusCode::CREATED, id),
        Err(CommitError::Conflict) if imported => receipt(&app, StatusCode::OK, id),
        // The same request came twice at once, and the other one was quicker.
        Err(CommitError::Replied) => {
            let earlier = command.earlier(&app).await?;
            earlier.map_or(Err(CommitError::Replied.into()), |earlier| repeat(&app, &earlier))
        }
        Err(error) => Err(error.into()),
    }
}

fn repeat(app: &App, earlier: &StoredReply) -> Result<Response, Failure> {
    let id = earlier.submission.ok_or_else(|| Failure::internal("a stored reply without a submission"))?;
    let status = StatusCode::from_u16(earlier.status).map_err(Failure::internal)?;
    receipt(app, status, id)
}

fn receipt(app: &App, status: StatusCode, id: SubmissionId) -> Result<Response, Failure> {
    let tracking = app.secret()?.tracking(id).reveal().to_owned();
    let location = HeaderValue::from_str(&format!("/submissions/{id}")).map_err(Failure::internal)?;
    Ok((status, [(header::LOCATION, location)], Json(Receipt { id, tracking })).into_response())
}

impl SubmitRequest {
    const fn is_import(&self) -> bool {
        self.external_id.is_some() || self.organization.is_some()
    }

    /// Parses every field, and reports every field that is wrong.
    fn parse(&self, rulebook: &Rulebook) -> Result<(NewSubmission, String), Failure> {
        let mut wrong = Vec::new();
        let mut check = |field: &str, message: String| wrong.push(FieldError::new(field, message));
        let text = SubmissionText::parse(&self.text).map_err(|e| check("text", e.to_string())).ok();
        let category = self.category.as_ref().map(|wanted| {
            let found = rulebook.categories.find(wanted).map(|category| category.id.clone());
            found.ok_or_else(|| check("category", unknown("category", wanted))).ok()
        });
        let territory = match &self.territory {
            Some(wanted) => rulebook.territories.find(wanted).ok_or_else(|| unknown("territory", wanted)),
            None => rulebook.root_territory().ok_or_else(|| "the directory has no root territory".to_owned()),
        };
        let territory = territory.map_err(|message| check("territory", message)).ok();
        let place = self.place.as_ref().map(|place| {
            let parsed = Place::parse(&place.address, place.lat, place.lon);
            parsed.map_err(|e| check(e.field(), e.to_string())).ok()
        });
        let external_id = self.external_id.as_ref().map(|external| {
            Text::<200>::parse(external)
                .map(String::from)
                .map_err(|e| check("external_id", e.to_string()))
                .ok()
        });
        let (Some(text), Some(territory), true) = (text, territory, wrong.is_empty()) else {
            return Err(Failure::Invalid(wrong));
        };
        let new = NewSubmission {
            kind: self.kind,
            author: None,
            category: category.flatten(),
            territory: territory.id.clone(),
            place: place.flatten(),
            external_id: external_id.flatten(),
            requested_organization: None,
        };
        Ok((new, text.into()))
    }

    async fn requested_organization(&self, app: &App) -> Result<Option<domain::OrganizationId>, Failure> {
        let Some(wanted) = &self.organization else {
            return Ok(None);
        };
        let id = wanted.parse().map_err(|e| Failure::field("organization", format!("{e}")))?;
        match app.store.organization(&id).await? {
            Some(organization) => Ok(Some(organization.id)),
            None => Err(Failure::field("organization", unknown("organization", wanted))),
        }
    }
}

fn unknown(what: &str, wanted: &str) -> String {
    let shown: String = wanted.chars().take(80).collect();
    format!("there is no {what} «{shown}»; give the id or exact name of one in the directory")
}
