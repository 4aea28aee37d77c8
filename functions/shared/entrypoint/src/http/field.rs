//! All fields of a request that are wrong, as they are found.

use domain::reason::Reason;

use super::failure::Failure;
use super::field_error::FieldError;

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
