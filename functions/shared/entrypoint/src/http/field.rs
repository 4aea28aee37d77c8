//! Fields of a request that are wrong: one of them, and all that were found so far.

use domain::reason::Reason;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::failure::Failure;

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

/// What is wrong with a request so far. Reading goes on after a wrong field, so that a form comes back with all of them.
///
/// ```
/// # use entrypoint::http::{Failure, FieldErrors};
/// # use domain::text::Note;
/// # fn read(typed: &str) -> Result<Note, Failure> {
/// let mut errors = FieldErrors::default();
/// let note = errors.check("note", Note::parse(typed));
/// errors.finish(note)
/// # }
/// assert!(read("").is_err());
/// ```
#[derive(Debug, Default)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// The parsed value; none if the domain refused it, and then the reason is kept.
    pub fn check<T, E: Reason>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|reason| self.push(FieldError::because(field, &reason))).ok()
    }

    /// The value of a field that must be filled in.
    pub fn given<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.refuse::<T>(field, "missing", "must be given");
        }
        value
    }

    /// Refuses a field for a reason that the domain has no type for. The result is always none.
    pub fn refuse<T>(&mut self, field: &str, code: &str, message: impl Into<String>) -> Option<T> {
        self.push(FieldError::coded(field, code, message));
        None
    }

    /// Keeps an error that is made already.
    pub fn push(&mut self, error: FieldError) {
        self.0.push(error);
    }

    /// Whether every field was right so far.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many errors there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// The value made of the fields, if all of them were right.
    ///
    /// # Errors
    /// [`Failure::Invalid`] with every error; also if there is neither a value nor an error, which is a mistake in the
    /// parser and must not pass.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Failure> {
        match value {
            Some(value) if self.is_empty() => Ok(value),
            _ => Err(self.into()),
        }
    }
}

impl Extend<FieldError> for FieldErrors {
    fn extend<I: IntoIterator<Item = FieldError>>(&mut self, errors: I) {
        self.0.extend(errors);
    }
}

impl From<FieldErrors> for Failure {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors.0)
    }
}

impl From<FieldError> for Failure {
    fn from(error: FieldError) -> Self {
        Self::Invalid(vec![error])
    }
}

#[cfg(test)]
mod tests {
    use domain::email::Email;
    use domain::text::Note;

    use super::*;

    fn codes(failure: Failure) -> Vec<(String, String)> {
        let Failure::Invalid(errors) = failure else { panic!("{failure:?}") };
        errors.into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn every_wrong_field_is_told_in_the_order_of_reading() {
        let mut errors = FieldErrors::default();
        let note = errors.check("note", Note::parse(" "));
        let email = errors.check("email", Email::parse("nobody"));
        let day = errors.given("day", None::<u8>);
        assert_eq!((note.is_none(), email.is_none(), day, errors.len()), (true, true, None, 3));
        let failure = errors.finish(Some(())).unwrap_err();
        let expected = [("note", "empty"), ("email", "no-email"), ("day", "missing")];
        assert_eq!(codes(failure), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    }

    #[test]
    fn the_value_is_given_only_without_errors() {
        assert_eq!(FieldErrors::default().finish(Some(5)).unwrap(), 5);
        let mut errors = FieldErrors::default();
        assert_eq!(errors.refuse::<u8>("step", "no-step", "give a step"), None);
        assert_eq!(codes(errors.finish(Some(5)).unwrap_err()), [("step".to_owned(), "no-step".to_owned())]);
    }

    #[test]
    fn a_value_that_is_missing_without_a_reason_does_not_pass() {
        assert_eq!(codes(FieldErrors::default().finish(None::<u8>).unwrap_err()), []);
    }
}
