//! Replies to requests with an idempotency key, kept for a day.
//!
//! The reply is written in the transaction of the effect. So there is no "in progress" that a crashed request could
//! leave behind: either the effect and its reply are there, or neither, and the key is free.

use domain::Subject;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::{CommitError, StoreError};
use crate::item::{Item, item, number};
use crate::keys::{self, EXPIRES, PK};

/// How long a reply is kept, in hours.
const KEPT_HOURS: i64 = 24;

/// What a request was answered. No secrets: a tracking number is derived anew when the reply is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReply {
    /// Whose request: keys of different callers never meet.
    pub caller: String,
    /// The request's `Idempotency-Key`.
    pub key: String,
    /// SHA-256 of method, path and body, in hex.
    pub request: String,
    /// HTTP status of the reply.
    pub status: u16,
    /// The thing it is about.
    #[serde(flatten)]
    pub subject: Option<Subject>,
    /// The version after it, of the subject or the directory.
    pub version: u64,
    /// The JSON body, if it holds no secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// When it was given.
    pub at: Timestamp,
}

impl StoredReply {
    pub(crate) fn item(&self) -> Result<Item, StoreError> {
        let mut item = item(&keys::reply(&self.caller, &self.key), self)?;
        let expires = self.at.saturating_add(Span::new().hours(KEPT_HOURS)).unwrap_or(Timestamp::MAX);
        item.insert(EXPIRES.into(), number(expires.as_second()));
        Ok(item)
    }
}

impl Store {
    /// The reply given to this caller's earlier request with this key.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn reply(&self, caller: &str, key: &str) -> Result<Option<StoredReply>, StoreError> {
        self.get(&keys::reply(caller, key)).await
    }

    /// Keeps a reply whose effect is not a commit, and may safely happen twice.
    ///
    /// # Errors
    /// [`CommitError::Replied`] if there is one already.
    pub async fn keep_reply(&self, reply: &StoredReply) -> Result<(), CommitError> {
        let call = self.client.put_item().table_name(&self.platform).set_item(Some(reply.item()?));
        let call =
            call.condition_expression("attribute_not_exists(#pk)").expression_attribute_names("#pk", PK);
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(aws_sdk_dynamodb::operation::put_item::PutItemError::is_conditional_check_failed_exception) =>
            {
                Err(CommitError::Replied)
            }
            Err(error) => Err(StoreError::call("PutItem")(error).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::types::AttributeValue;

    #[test]
    fn a_reply_expires_after_a_day() {
        let reply = StoredReply {
            caller: "c".into(),
            key: "k".into(),
            request: "r".into(),
            status: 201,
            subject: None,
            version: 0,
            body: None,
            at: Timestamp::from_second(1_000).unwrap(),
        };
        let item = reply.item().unwrap();
        assert_eq!(item.get(EXPIRES), Some(&AttributeValue::N("87400".into())));
    }

    #[test]
    fn what_was_written_before_there_were_other_subjects_reads_as_of_submissions() {
        let reply = |submission: serde_json::Value| -> StoredReply {
            serde_json::from_value(serde_json::json!({
                "caller": "c", "key": "k", "request": "r", "status": 201, "submission": submission, "version": 3,
                "at": "2026-06-01T09:00:00Z",
            }))
            .unwrap()
        };
        let id = uuid::Uuid::from_u128(1);
        let subject = Subject::Submission(domain::SubmissionId::new(id));
        assert_eq!(reply(serde_json::json!(id)).subject, Some(subject));
        assert_eq!(reply(serde_json::Value::Null).subject, None, "a template's");
    }
}
