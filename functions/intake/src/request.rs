//! A submission as its author sends it, parsed field by field.

use domain::email::Email;
use domain::place::{InvalidPlace, Place};
use domain::rulebook::Rulebook;
use domain::submission::{NewSubmission, SubmissionKind};
use domain::text::{InvalidText, SubmissionText, Text};
use domain::{OrganizationId, TerritoryId};
use entrypoint::App;
use entrypoint::http::{Failure, FieldError, FieldErrors, lookup};
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
    /// Id or name of a category.
    category: Option<String>,
    /// Id or name of a territory; the root territory if left out.
    territory: Option<String>,
    /// Where exactly.
    place: Option<PlaceRequest>,
    /// Where to write about this submission; only for authors who are not signed in.
    email: Option<String>,
    /// Imports only: the number in the system it comes from.
    external_id: Option<String>,
    /// Imports only: id or name of the organization that the file names.
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

impl SubmitRequest {
    pub(crate) const fn is_import(&self) -> bool {
        self.external_id.is_some() || self.organization.is_some()
    }

    /// Parses every field, and reports every field that is wrong.
    pub(crate) fn parse(&self, rulebook: &Rulebook, signed_in: bool) -> Result<Parsed, Failure> {
        let mut errors = FieldErrors::default();
        let text = self.text(&mut errors);
        let category = self.category.as_ref().and_then(|wanted| {
            errors.check("category", lookup::node(&rulebook.categories, wanted)).map(|found| found.id.clone())
        });
        let territory = self.territory(&mut errors, rulebook);
        let place = self.place.as_ref().and_then(|place| {
            let parsed = Place::parse(&place.address, place.lat, place.lon);
            let field = parsed.as_ref().err().map_or("place", InvalidPlace::field);
            errors.check(field, parsed)
        });
        let email = self.email.as_ref().and_then(|email| self.address(&mut errors, email, signed_in));
        let external_id = self.external_id.as_ref();
        let external_id =
            external_id.and_then(|external| errors.check("external_id", Text::<200>::parse(external)));
        let (Some(text), Some(territory)) = (text, territory) else { return Err(errors.into()) };
        let new = NewSubmission {
            kind: self.kind,
            author: None,
            category,
            territory,
            place,
            external_id: external_id.map(String::from),
            requested_organization: None,
        };
        errors.finish(Some(Parsed { new, text: text.into(), email }))
    }

    fn text(&self, errors: &mut FieldErrors) -> Option<SubmissionText> {
        match SubmissionText::parse(&self.text) {
            Err(error @ InvalidText::Empty) => errors.refuse("text", "no-text", error.to_string()),
            parsed => errors.check("text", parsed),
        }
    }

    fn territory(&self, errors: &mut FieldErrors, rulebook: &Rulebook) -> Option<TerritoryId> {
        if let Some(wanted) = &self.territory {
            let found = errors.check("territory", lookup::node(&rulebook.territories, wanted));
            return found.map(|found| found.id.clone());
        }
        let root = rulebook.root_territory().map(|root| root.id.clone());
        root.or_else(|| errors.refuse("territory", "invalid", "the directory has no root territory"))
    }

    /// An address is kept only for an author who is not signed in: the platform knows no other contact of theirs.
    fn address(&self, errors: &mut FieldErrors, email: &str, signed_in: bool) -> Option<Email> {
        if self.is_import() || signed_in {
            let message = "is for authors who are not signed in, and not for imports; leave it out";
            return errors.refuse("email", "email-known", message);
        }
        errors.check("email", Email::parse(email))
    }

    /// The organization that an imported row names.
    pub(crate) async fn requested_organization(&self, app: &App) -> Result<Option<OrganizationId>, Failure> {
        let Some(wanted) = &self.organization else { return Ok(None) };
        let found = lookup::find_organization(&app.store, wanted).await?;
        let found = found.map_err(|reason| FieldError::because("organization", &reason))?;
        Ok(Some(found.id))
    }
}

#[cfg(test)]
mod tests {
    use domain::calendar::Calendar;
    use domain::category::Category;
    use domain::routing::RoutingTable;
    use domain::territory::Territory;
    use domain::tree::Tree;
    use entrypoint::http::FormValues;

    use super::*;

    fn rulebook() -> Rulebook {
        let territory = |id: &str, name: &str, parent: Option<&str>| Territory {
            id: id.parse().unwrap(),
            name: name.into(),
            parent: parent.map(|parent| parent.parse().unwrap()),
            time_zone: None,
            calendar: None,
            default_organization: None,
        };
        let category =
            |id: &str, name: &str| Category { id: id.parse().unwrap(), name: name.into(), parent: None };
        Rulebook {
            version: 1,
            territories: Tree::build(vec![
                territory("region", "Область", None),
                territory("north", "Луговой", Some("region")),
                territory("south", "Луговой", Some("region")),
            ])
            .unwrap(),
            categories: Tree::build(vec![category("pothole", "Яма на дороге")]).unwrap(),
            routing: RoutingTable::default(),
            deadline_rules: Vec::new(),
            calendars: Vec::new(),
            weekends: Calendar::weekends_only("weekends".parse().unwrap()),
        }
    }

    fn parsed(form: &str, signed_in: bool) -> Result<Parsed, Failure> {
        let request: SubmitRequest = FormValues::parse(form.as_bytes()).read()?;
        request.parse(&rulebook(), signed_in)
    }

    /// Fields and codes of what is wrong.
    fn wrong(form: &str, signed_in: bool) -> String {
        match parsed(form, signed_in) {
            Err(Failure::Invalid(errors)) => {
                let told: Vec<String> =
                    errors.iter().map(|error| format!("{} {}", error.field, error.code)).collect();
                told.join(", ")
            }
            other => panic!("{form}: {other:?}"),
        }
    }

    #[test]
    fn what_is_wrong_is_told_field_by_field() {
        for (form, told) in [
            ("kind=report", "text no-text"),
            ("kind=report&text=+++", "text no-text"),
            ("kind=report&text=a%00b", "text control-character"),
            ("kind=report&text=a&category=lamp", "category unknown-entry"),
            (
                "kind=report&text=a&territory=%D0%9B%D1%83%D0%B3%D0%BE%D0%B2%D0%BE%D0%B9",
                "territory ambiguous-entry",
            ),
            ("kind=report&text=a&territory=east", "territory unknown-entry"),
            ("kind=report&text=a&place.address=x&place.lat=91&place.lon=0", "place.lat latitude"),
            ("kind=report&text=a&place.address=x&place.lat=1&place.lon=181", "place.lon longitude"),
            ("kind=report&text=a&place.address=x&place.lat=1", "place half-a-point"),
            ("kind=report&text=a&place.lat=1&place.lon=1", "place.address missing"),
            ("kind=report&text=a&email=nobody", "email no-email"),
            ("kind=report&text=a&external_id=1&email=a@b.example", "email email-known"),
            ("kind=letter&text=a", "kind unreadable"),
            ("text=a", "kind missing"),
            ("kind=report&text=a&colour=red", "colour unknown-field"),
            (
                "kind=report&category=lamp&territory=east&email=nobody",
                "text no-text, category unknown-entry, territory unknown-entry, email no-email",
            ),
        ] {
            assert_eq!(wrong(form, false), told, "{form}");
        }
        assert_eq!(wrong("kind=report&text=a&email=a@b.example", true), "email email-known");
        let long = format!("kind=report&text={}", "a".repeat(20_001));
        assert_eq!(wrong(&long, false), "text too-long");
    }

    #[test]
    fn entries_are_meant_by_id_or_name_and_the_whole_territory_if_none_is_given() {
        for (form, category, territory) in [
            ("kind=report&text=a", None, "region"),
            ("kind=report&text=a&category=pothole&territory=south", Some("pothole"), "south"),
            ("kind=report&text=a&territory=%D0%BE%D0%B1%D0%BB%D0%B0%D1%81%D1%82%D1%8C", None, "region"),
        ] {
            let new = parsed(form, false).unwrap().new;
            let found = new.category.as_ref().map(domain::CategoryId::as_str);
            assert_eq!((found, new.territory.as_str()), (category, territory), "{form}");
        }
    }

    #[test]
    fn an_address_is_kept_of_a_citizen_who_did_not_sign_in() {
        let form = "kind=report&text=+a+&email=a@b.example&place.address=x&place.lat=52.5&place.lon=36";
        let Parsed { new, text, email } = parsed(form, false).unwrap();
        assert_eq!((text.as_str(), email.unwrap().as_str()), ("a", "a@b.example"));
        assert_eq!(new.place.unwrap().point.map(|point| (point.lat, point.lon)), Some((52.5, 36.0)));
        assert!(new.author.is_none() && new.external_id.is_none());
    }
}
