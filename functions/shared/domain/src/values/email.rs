//! An e-mail address, as far as its form can be checked: whether it receives mail is seen when mail is sent.

use serde::{Deserialize, Serialize};

use crate::reason::Reason;

/// One `@` with something on both sides, no white space, at most 254 characters (RFC 5321, section 4.5.3.1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// This is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no e-mail address: one is written name@example.org, in at most 254 characters")]
pub struct InvalidEmail;

/// Characters of an address at most.
const LIMIT: usize = 254;
/// What stands between or around addresses, and would make more than one of them in the header of a letter.
const AROUND: [char; 8] = [',', ';', ':', '<', '>', '(', ')', '"'];

impl Email {
    /// Parses what somebody typed.
    ///
    /// # Errors
    /// [`InvalidEmail`] if it has not the form of an address.
    pub fn parse(typed: &str) -> Result<Self, InvalidEmail> {
        let typed = typed.trim();
        let (name, host) = typed.split_once('@').ok_or(InvalidEmail)?;
        let odd = |c: char| c.is_whitespace() || c.is_control() || AROUND.contains(&c);
        let whole = !name.is_empty() && !host.is_empty() && !host.contains('@');
        if !whole || typed.contains(odd) || typed.chars().count() > LIMIT {
            return Err(InvalidEmail);
        }
        Ok(Self(typed.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = InvalidEmail;

    fn try_from(typed: String) -> Result<Self, InvalidEmail> {
        Self::parse(&typed)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl Reason for InvalidEmail {
    fn code(&self) -> &'static str {
        "no-email"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_at_and_no_spaces() {
        for good in ["a@b", " anna.petrova+vmeste@example.org ", "почта@пример.рф"] {
            assert_eq!(Email::parse(good).map(String::from).as_deref(), Ok(good.trim()));
        }
        let long = format!("{}@example.org", "a".repeat(243));
        for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: c@d", "a@b,c", "<a@b>", &long] {
            assert_eq!(Email::parse(bad), Err(InvalidEmail), "{bad:?}");
        }
        assert!(Email::parse(&long[1..]).is_ok(), "254 characters are allowed");
    }
}
