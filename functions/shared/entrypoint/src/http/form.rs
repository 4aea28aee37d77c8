//! Plain HTML forms as commands: the same routes take them as take JSON.
//!
//! A form says what a program says in headers: `idempotency_key`, and in `if_match` the version it was made from. Dots in
//! names stand for nesting (`place.address`), a name that ends in `[]` may stand several times, and an empty field was
//! left out.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

use super::body;
use super::failure::Failure;
use super::field_error::FieldError;

/// What was filled in, in the order of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormValues(Vec<(String, String)>);

/// Hidden field with the idempotency key.
pub const KEY_FIELD: &str = "idempotency_key";
/// Hidden field with the version that the form was made from.
pub const VERSION_FIELD: &str = "if_match";
/// Fields that say how, not what.
const ASIDE: [&str; 2] = [KEY_FIELD, VERSION_FIELD];

/// Whether the body is a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

impl FormValues {
    /// Reads an encoded form.
    pub fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a field; empty if it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Fills a field in.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Every field with its value, in the order of the form.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same without these fields.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect())
    }

    /// Whether the form has no fields at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a request.
    ///
    /// # Errors
    /// Names the field that is missing or cannot be read.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.0 {
            if !value.trim().is_empty() && !ASIDE.contains(&name.as_str()) {
                encoded.append_pair(&bracketed(name), value);
            }
        }
        let encoded = encoded.finish();
        let config = serde_qs::Config::new().use_form_encoding(true);
        let nested = serde_qs::Deserializer::with_config(config, encoded.as_bytes());
        let fields = nested.map_err(|error| Failure::field("body", error.to_string()))?;
        serde_path_to_error::deserialize(fields).map_err(|error| {
            let path = error.path().to_string();
            let message = error.into_inner().to_string();
            Failure::Invalid(vec![FieldError::unreadable(&path, &message)])
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for FormValues {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        Ok(Self::parse(&body::read(request, state).await?))
    }
}

/// `place.address` as `place[address]`.
fn bracketed(name: &str) -> String {
    let mut parts = name.split('.');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| format!("{name}[{part}]"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Request {
        mark: u8,
        solved: bool,
        text: Option<String>,
        place: Option<Address>,
        #[serde(default)]
        ids: Vec<String>,
        day: Option<jiff::civil::Date>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Address {
        address: String,
        lat: Option<f64>,
    }

    fn read(body: &str) -> Result<Request, Failure> {
        FormValues::parse(body.as_bytes()).read()
    }

    #[test]
    fn a_form_says_what_json_says() {
        let body = "mark=5&solved=true&text=%D0%B0+%26%5B%5D%3D&place.address=%D1%83%D0%BB.+1&place.lat=52.5&ids%5B%5D=a&ids%5B%5D=b\
            &day=2026-01-31&idempotency_key=k&if_match=3";
        let request = Request {
            mark: 5,
            solved: true,
            text: Some("а &[]=".into()),
            place: Some(Address { address: "ул. 1".into(), lat: Some(52.5) }),
            ids: vec!["a".into(), "b".into()],
            day: Some("2026-01-31".parse().unwrap()),
        };
        assert_eq!(read(body).unwrap(), request);
        let sparse = read("mark=1&solved=false&text=&place.address=++&ids%5B%5D=one").unwrap();
        assert_eq!((sparse.text, sparse.place, sparse.ids), (None, None, vec!["one".to_owned()]));
    }

    #[test]
    fn an_error_names_its_field() {
        for (body, field, code) in [
            ("solved=true", "mark", "missing"),
            ("mark=five&solved=true", "mark", "unreadable"),
            ("mark=300&solved=true", "mark", "unreadable"),
            ("mark=1&solved=true&place.lat=1", "place.address", "missing"),
            ("mark=1&solved=true&extra=1", "extra", "unknown-field"),
        ] {
            let Err(Failure::Invalid(fields)) = read(body) else { panic!("{body}") };
            assert_eq!(
                (fields[0].field.as_str(), fields[0].code.as_str()),
                (field, code),
                "{body}: {fields:?}"
            );
        }
    }
}
