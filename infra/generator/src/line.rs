//! A message as a line of JSON.

use jiff::Timestamp;
use serde::Serialize;

use super::message::Message;

/// A message as it is printed. What is not known is left out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub struct MessageLine<'m> {
    number: u64,
    id: String,
    kind: &'static str,
    status: &'static str,
    text: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'m str>,
    territory: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<&'m str>,
    received: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_due: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_by: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<u8>,
    reopened: bool,
    version: u64,
}

impl<'m> From<&'m Message> for MessageLine<'m> {
    fn from(message: &'m Message) -> Self {
        let it = &message.document;
        Self {
            number: message.number,
            id: it.id.to_string(),
            kind: it.kind.as_str(),
            status: it.status.as_str(),
            text: &it.text,
            place: it.place.as_deref(),
            category: it.category.as_ref().map(domain::CategoryId::as_str),
            territory: it.territory.as_str(),
            organization: it.organization.as_ref().map(domain::OrganizationId::as_str),
            received: it.received,
            due: it.due,
            answered: it.answered,
            answer_due: it.answer_due,
            answered_by: it.answered_by.as_ref().map(domain::PersonId::as_str),
            assignee: it.assignee.as_ref().map(domain::PersonId::as_str),
            mark: it.mark,
            reopened: it.reopened,
            version: it.version,
        }
    }
}
