//! One submission as staff see it.

use pages::submission::SubmissionView;
use serde::Serialize;
use store::{Contact, Record};
use utoipa::ToSchema;

/// A submission with everything that staff may see.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseView {
    #[serde(flatten)]
    pub(super) submission: SubmissionView,
    /// How to reach the author; only for those who work on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) author: Option<AuthorView>,
}

/// How to reach the author.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthorView {
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
}

impl From<Contact> for AuthorView {
    fn from(contact: Contact) -> Self {
        Self { name: contact.name, email: contact.email }
    }
}

/// A submission with what this member of staff may read of it.
pub(super) struct ReadableCase {
    pub(super) record: Record,
    pub(super) works_on: bool,
    pub(super) author: Option<AuthorView>,
}
