//! One field of a request that is wrong.

use domain::reason::Reason;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A field of the request and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// The field, for example `place.lat`.
    pub field: String,
    /// What would be right.
    pub message: String,
    /// Why, by a stable name: `too-long`.
    pub code: String,
    /// What a text about it mentions, by name; for pages.
    #[serde(skip)]
    pub parts: Vec<(&'static str, String)>,
}

impl FieldError {
    /// A field and what would be right.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::coded(field, "invalid", message)
    }

    /// With the name of the reason.
    pub fn coded(field: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into(), code: code.into(), parts: Vec::new() }
    }

    /// With something that a text about it mentions.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parts.push((name, value.into()));
        self
    }

    /// What the domain says about a field.
    pub fn because(field: impl Into<String>, reason: &impl Reason) -> Self {
        let error = Self::coded(field, reason.code(), reason.to_string());
        Self { parts: reason.parts(), ..error }
    }

    /// What serde says at a path. A missing field is reported at the object that lacks it; its name stands in the
    /// message.
    pub fn unreadable(path: &str, message: &str) -> Self {
        let named = message.split('`').nth(1);
        let code = if message.starts_with("missing field") {
            "missing"
        } else if message.starts_with("unknown field") {
            "unknown-field"
        } else {
            "unreadable"
        };
        let field = match (path, named) {
            (".", Some(name)) => name.to_owned(),
            (".", None) => "body".to_owned(),
            (path, Some(name)) if code != "unreadable" && !path.ends_with(name) => format!("{path}.{name}"),
            (path, _) => path.to_owned(),
        };
        Self::coded(field, code, message)
    }
}
