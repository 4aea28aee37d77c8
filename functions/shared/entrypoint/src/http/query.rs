//! Query strings, with errors that name the parameter.

use std::fmt::Display;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::failure::Failure;
use super::field_error::FieldError;

/// Parameter of an address that a form leads to: what was just done.
const DONE: &str = "done";

/// The parameters of a request.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(parts.uri.query().unwrap_or_default()).unwrap_or_default();
        // An empty field of a form means that it was left out; what was just done is for the layout of the page.
        let is_given = |(name, value): &(String, String)| !value.is_empty() && name != DONE;
        let given: Vec<_> = pairs.into_iter().filter(is_given).collect();
        let encoded = serde_urlencoded::to_string(given).unwrap_or_default();
        let pairs = serde_urlencoded::Deserializer::new(form_pairs(&encoded));
        serde_path_to_error::deserialize(pairs).map(Self).map_err(|error| {
            let field = error.path().to_string();
            Failure::Malformed(vec![FieldError::unreadable(&field, &error.into_inner().to_string())])
        })
    }
}

/// How many entries of a list are wanted.
///
/// # Errors
/// If it is not 1 to `most`.
pub fn limit<N>(wanted: Option<N>, otherwise: N, most: N) -> Result<N, Failure>
where
    N: Copy + PartialOrd + Display + From<u8>,
{
    let limit = wanted.unwrap_or(otherwise);
    if (N::from(1)..=most).contains(&limit) {
        return Ok(limit);
    }
    Err(Failure::field("limit", format!("must be from 1 to {most}")))
}

fn form_pairs(encoded: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(encoded.as_bytes())
}
