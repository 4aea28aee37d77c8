//! JSON bodies, with errors that name the field.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::failure::Failure;
use super::field_error::FieldError;

/// The body of a request that has nothing to say besides its address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A JSON body.
#[derive(Debug)]
pub struct JsonBody<T> {
    /// What it says.
    pub value: T,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let value = parse(&read(request, state).await?)?;
        Ok(Self { value })
    }
}

/// The whole body.
pub(super) async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Failure> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Failure::TooLarge("The body is larger than this address takes.".into())
        } else {
            Failure::Malformed(vec![FieldError::new("body", rejection.body_text())])
        }
    })
}

/// A JSON body; an empty one is an empty object.
pub(super) fn parse<T: DeserializeOwned>(raw: &[u8]) -> Result<T, Failure> {
    let text = std::str::from_utf8(raw).map_err(|error| {
        let field = broken_field(raw).unwrap_or_else(|| "body".into());
        let message = format!("is not valid UTF-8 (byte {} of the body)", error.valid_up_to());
        Failure::Malformed(vec![FieldError::new(field, message)])
    })?;
    let text = if text.trim().is_empty() { "{}" } else { text };
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let fields = vec![FieldError::unreadable(&path, &inner.to_string())];
        if inner.is_data() { Failure::Invalid(fields) } else { Failure::Malformed(fields) }
    })?;
    let trailing =
        |error: serde_json::Error| Failure::Malformed(vec![FieldError::new("body", error.to_string())]);
    json.end().map_err(trailing)?;
    Ok(value)
}

/// The name of the first field whose text is not valid UTF-8.
fn broken_field(raw: &[u8]) -> Option<String> {
    let lossy = String::from_utf8_lossy(raw);
    let Value::Object(fields) = serde_json::from_str(&lossy).ok()? else {
        return None;
    };
    let broken = |value: &Value| value.to_string().contains('\u{FFFD}');
    fields.into_iter().find(|(_, value)| broken(value)).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Form {
        #[expect(dead_code, reason = "only its type matters")]
        text: String,
        #[expect(dead_code, reason = "only its type matters")]
        place: Option<Point>,
    }

    #[derive(Debug, Deserialize)]
    struct Point {
        #[expect(dead_code, reason = "only its type matters")]
        lat: f64,
    }

    fn field(raw: &[u8]) -> String {
        match parse::<Form>(raw).unwrap_err() {
            Failure::Invalid(fields) | Failure::Malformed(fields) => fields[0].field.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_error_names_its_field() {
        assert_eq!(field(b"{}"), "text");
        assert_eq!(field(b"{\"text\": 1}"), "text");
        assert_eq!(field(b"{\"text\": \"a\", \"place\": {\"lat\": \"north\"}}"), "place.lat");
        assert_eq!(field(b"{\"text\": \"a\", \"texte\": 1}"), "texte");
        assert_eq!(field(b"{\"text\": \"\xff\"}"), "text");
        assert_eq!(field(b"{\"text\": "), "text");
        assert_eq!(field(b"<xml/>"), "body");
        assert_eq!(field(b"{\"text\": \"a\"} garbage"), "body");
    }
}
