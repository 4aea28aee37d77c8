//! What an author sends, and what is wrong with it.

use domain::email::Email;
use domain::place::Place;
use domain::rulebook::Rulebook;
use domain::submission::{NewSubmission, SubmissionKind};
use domain::text::{InvalidText, SubmissionText, Text};
use domain::tree::{Node, Tree};
use entrypoint::App;
use entrypoint::http::{Failure, FieldError};
use serde::Deserialize;
use utoipa::ToSchema;

/// What an author sends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubmitRequest {
    /// `report` (anybody) or `appeal` (59-FZ; the author must be signed in).
    #[schema(value_type = String, example = "report")]
    pub(crate) kind: SubmissionKind,
    /// What happened: 1 to 20,000 characters.
    #[serde(default)]
    #[schema(required = true, example = "Не горит фонарь у школы")]
    text: String,
    /// Id or exact name of a category.
    category: Option<String>,
    /// Id or exact name of a territory; the root territory if left out.
    territory: Option<String>,
    /// Where exactly.
    place: Option<PlaceRequest>,
    /// Where to write about this submission; only for authors who are not signed in.
    email: Option<String>,
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

/// A request whose every field is right.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) new: NewSubmission,
    pub(crate) text: String,
    pub(crate) email: Option<Email>,
}

/// What is wrong so far.
#[derive(Default)]
struct Check(Vec<FieldError>);

impl Check {
    fn take<T>(&mut self, result: Result<T, FieldError>) -> Option<T> {
        result.map_err(|error| self.0.push(error)).ok()
    }
}

impl SubmitRequest {
    pub(crate) const fn is_import(&self) -> bool {
        self.external_id.is_some() || self.organization.is_some()
    }

    /// Parses every field, and reports every field that is wrong.
    pub(crate) fn parse(&self, rulebook: &Rulebook, signed_in: bool) -> Result<Parsed, Failure> {
        let mut check = Check::default();
        let text = check.take(SubmissionText::parse(&self.text).map_err(|e| wrong_text(&e)));
        let category = self.category.as_ref();
        let category = category.and_then(|it| check.take(entry("category", it, &rulebook.categories)));
        let territory = check.take(self.territory(rulebook));
        let place = self.place.as_ref().and_then(|place| {
            let parsed = Place::parse(&place.address, place.lat, place.lon);
            check.take(parsed.map_err(|e| FieldError::because(e.field(), &e)))
        });
        let email = self.email.as_ref().and_then(|email| check.take(self.address(email, signed_in)));
        let external_id = self.external_id.as_ref().and_then(|external| {
            let parsed = Text::<200>::parse(external).map(String::from);
            check.take(parsed.map_err(|e| FieldError::because("external_id", &e)))
        });
        let (Some(text), Some(territory), true) = (text, territory, check.0.is_empty()) else {
            return Err(Failure::Invalid(check.0));
        };
        let new = NewSubmission {
            kind: self.kind,
            author: None,
            category,
            territory,
            place,
            external_id,
            requested_organization: None,
        };
        Ok(Parsed { new, text: text.into(), email })
    }

    fn territory(&self, rulebook: &Rulebook) -> Result<domain::TerritoryId, FieldError> {
        if let Some(wanted) = &self.territory {
            return entry("territory", wanted, &rulebook.territories);
        }
        let root = rulebook.root_territory().map(|root| root.id.clone());
        root.ok_or_else(|| FieldError::new("territory", "the directory has no root territory"))
    }

    /// An address is kept for those of whom nothing else is known.
    fn address(&self, email: &str, signed_in: bool) -> Result<Email, FieldError> {
        if self.is_import() || signed_in {
            let message = "is for authors who are not signed in, and not for imports; leave it out";
            return Err(FieldError::coded("email", "email-known", message));
        }
        Email::parse(email).map_err(|e| FieldError::because("email", &e))
    }

    pub(crate) async fn requested_organization(
        &self,
        app: &App,
    ) -> Result<Option<domain::OrganizationId>, Failure> {
        let Some(wanted) = &self.organization else {
            return Ok(None);
        };
        let wrong = |error| Failure::Invalid(vec![error]);
        let id = wanted.parse().map_err(|e| wrong(FieldError::because("organization", &e)))?;
        match app.store.organization(&id).await? {
            Some(organization) => Ok(Some(organization.id)),
            None => Err(wrong(unknown("organization", wanted))),
        }
    }
}

fn wrong_text(error: &InvalidText) -> FieldError {
    match error {
        InvalidText::Empty => FieldError::coded("text", "no-text", error.to_string()),
        _ => FieldError::because("text", error),
    }
}

/// The entry of the directory that somebody means.
fn entry<N: Node>(field: &str, wanted: &str, tree: &Tree<N>) -> Result<N::Id, FieldError>
where
    N::Id: std::str::FromStr,
{
    tree.find(wanted).map(|node| node.id().clone()).ok_or_else(|| unknown(field, wanted))
}

fn unknown(field: &str, wanted: &str) -> FieldError {
    let shown: String = wanted.chars().take(80).collect();
    let message = format!("there is no {field} «{shown}»; give the id or exact name of one in the directory");
    FieldError::coded(field, "unknown-entry", message).with("wanted", shown)
}
