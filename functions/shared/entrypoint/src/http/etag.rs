//! Versions in HTTP: `ETag` and `If-Match` (RFC 9110).

use axum::http::{HeaderMap, HeaderValue, header};

use super::failure::Failure;
use super::field_error::FieldError;

/// The entity tag of a version.
pub fn etag(version: u64) -> HeaderValue {
    // Digits in quotes are always a header value.
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// The versions that a caller accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// Every version.
    Any,
    /// One of these.
    Versions(Vec<u64>),
}

impl IfMatch {
    /// Reads the header; none means any.
    ///
    /// # Errors
    /// If it is no list of our tags.
    pub fn read(headers: &HeaderMap) -> Result<Self, Failure> {
        let Some(value) = headers.get(header::IF_MATCH) else {
            return Ok(Self::Any);
        };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self::Any);
        }
        // A weak tag never matches (RFC 9110, section 13.1.1).
        let strong = text.split(',').map(str::trim).filter(|tag| !tag.starts_with("W/"));
        let versions = strong.map(|tag| tag.trim_matches('"').parse());
        versions.collect::<Result<_, _>>().map(Self::Versions).map_err(|_| {
            let message = "give the ETag of the version you read, for example \"3\"";
            Failure::Malformed(vec![FieldError::new("If-Match", message)])
        })
    }

    /// Refuses a version that the caller does not accept.
    ///
    /// # Errors
    /// [`Failure::Stale`] if not.
    pub fn check(&self, version: u64) -> Result<(), Failure> {
        match self {
            Self::Versions(versions) if !versions.contains(&version) => Err(Failure::Stale),
            Self::Any | Self::Versions(_) => Ok(()),
        }
    }
}
