//! Notices: what a person was told, what they want to be told by mail, and which mail has gone out.
//!
//! A notice holds ids, codes, days and the public title of a poll. It expires after 90 days.

use std::collections::HashSet;

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use domain::notification::{NoticeKind, Settings};
use domain::{CategoryId, EventId, OrganizationId, PersonId, Subject, TerritoryId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::{CommitError, StoreError};
use crate::follower::follower_places;
use crate::item::{Item, body, expiry, item, key_attributes, number, string, text_of};
use crate::keys::{self, BODY, EXPIRES, Key, PK, SK, VERSION};
use crate::page::{Page, cursor, start};

/// What somebody was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What.
    pub kind: NoticeKind,
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// The event that is the reason.
    pub event: EventId,
    /// When it was told.
    pub at: Timestamp,
    /// What the submission is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    /// The public title of its subject, if that has one: a poll's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The organization that it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The day that it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
}

impl Notice {
    fn item(&self, person: &PersonId) -> Result<Item, StoreError> {
        let mut item = item(&keys::notice(person, self.event), self)?;
        item.insert(EXPIRES.into(), expiry(self.at));
        Ok(item)
    }
}

/// What a person wants, with the places where they stand as a follower.
#[derive(Debug, Default, Serialize, Deserialize)]
struct KeptSettings {
    #[serde(flatten)]
    settings: Settings,
    #[serde(default)]
    followed: Vec<TerritoryId>,
    #[serde(default)]
    version: u64,
}

impl Store {
    /// Keeps a notice, unless its event was told to this person before.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn keep_notice(&self, person: &PersonId, notice: &Notice) -> Result<(), StoreError> {
        self.put_once(notice.item(person)?).await
    }

    /// What a person was told, the latest first.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] for a cursor of another list.
    pub async fn notices(
        &self,
        person: &PersonId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Page<Notice>, StoreError> {
        let pk = keys::of_person(person);
        let call = self.client.query().table_name(&self.platform);
        let call = call
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :notice)")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", string(&pk))
            .expression_attribute_values(":notice", string(keys::NOTICE_PREFIX))
            .scan_index_forward(false)
            .set_exclusive_start_key(start(after, &[PK, SK], Some((PK, &pk)))?)
            .limit(limit);
        let found = call.send().await.map_err(StoreError::call("Query"))?;
        let next = cursor(found.last_evaluated_key.as_ref());
        let items = found.items.unwrap_or_default().into_iter().map(body).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// Until when a person has read their notices; the beginning of time if never.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn notices_read(&self, person: &PersonId) -> Result<Timestamp, StoreError> {
        let micros: Option<i64> = self.get(&keys::notices_read(person)).await?;
        Ok(micros.and_then(|micros| Timestamp::from_microsecond(micros).ok()).unwrap_or(Timestamp::MIN))
    }

    /// A person has read what they were told until then. It never goes back.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn mark_notices_read(&self, person: &PersonId, until: Timestamp) -> Result<(), StoreError> {
        let item = item(&keys::notices_read(person), &until.as_microsecond())?;
        let call = self.client.put_item().table_name(&self.platform).set_item(Some(item));
        let call = call
            .condition_expression("attribute_not_exists(#pk) OR #read < :until")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#read", BODY)
            .expression_attribute_values(":until", number(until.as_microsecond()));
        match call.send().await {
            Err(error) if !is_refused(error.as_service_error()) => Err(StoreError::call("PutItem")(error)),
            _ => Ok(()),
        }
    }

    /// What a person wants to be told.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn settings(&self, person: &PersonId) -> Result<Settings, StoreError> {
        Ok(self.kept_settings(person).await?.settings)
    }

    /// Changes what a person wants to be told. `followed` is the territory whose polls they follow and those above it, itself
    /// first; empty if they follow none.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] if the same person changes them this very moment.
    pub async fn keep_settings(
        &self,
        person: &PersonId,
        settings: &Settings,
        followed: &[TerritoryId],
    ) -> Result<(), CommitError> {
        let before = self.kept_settings(person).await?;
        let version = before.version + 1;
        let kept = KeptSettings { settings: settings.clone(), followed: followed.to_vec(), version };
        let mut item = item(&keys::settings(person), &kept)?;
        item.insert(VERSION.into(), number(version));
        let mut transaction = self.transaction();
        transaction.put_state_from_zero(item, before.version)?;
        let (old, new) = (follower_places(person, &before.followed), follower_places(person, followed));
        for key in new.difference(&old) {
            transaction.put(key_attributes(key))?;
        }
        for key in old.difference(&new) {
            transaction.delete(key)?;
        }
        transaction.write().await
    }

    async fn kept_settings(&self, person: &PersonId) -> Result<KeptSettings, StoreError> {
        Ok(self.get(&keys::settings(person)).await?.unwrap_or_default())
    }

    /// Which of these have been mailed about an event, by the names that [`mark_mailed`](Self::mark_mailed) was given.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn mailed(
        &self,
        event: EventId,
        marks: impl IntoIterator<Item = &str>,
    ) -> Result<HashSet<String>, StoreError> {
        let keys: HashSet<Key> = marks.into_iter().map(|mark| keys::mail(event, mark)).collect();
        let items = self.get_all(keys).await?;
        Ok(items.iter().map(|item| text_of(item, SK).to_owned()).collect())
    }

    /// Remembers that mail about an event has gone out to somebody, so that a repeat does not send it again.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn mark_mailed(&self, event: EventId, to: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut item = key_attributes(&keys::mail(event, to));
        item.insert(EXPIRES.into(), expiry(now));
        self.put_once(item).await
    }

    /// Writes an item if there is none with its key; what is there stays.
    async fn put_once(&self, item: Item) -> Result<(), StoreError> {
        let call = self.client.put_item().table_name(&self.platform).set_item(Some(item));
        let call =
            call.condition_expression("attribute_not_exists(#pk)").expression_attribute_names("#pk", PK);
        match call.send().await {
            Err(error) if !is_refused(error.as_service_error()) => Err(StoreError::call("PutItem")(error)),
            _ => Ok(()),
        }
    }
}

/// Whether the condition did not hold.
fn is_refused(error: Option<&PutItemError>) -> bool {
    error.is_some_and(PutItemError::is_conditional_check_failed_exception)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SubmissionId;
    use uuid::Uuid;

    #[test]
    fn a_notice_holds_no_text_and_expires_after_90_days() {
        let notice = Notice {
            kind: NoticeKind::Received,
            subject: Subject::Submission(SubmissionId::new(Uuid::from_u128(1))),
            title: None,
            event: EventId::new(Uuid::from_u128(2)),
            at: Timestamp::from_second(1_000).unwrap(),
            category: None,
            organization: None,
            due: None,
        };
        let item = notice.item(&"citizen".parse().unwrap()).unwrap();
        assert_eq!(item.get(EXPIRES), Some(&number(1_000 + 90 * 86_400)));
        assert_eq!(text_of(&item, SK), format!("NOTICE#{}", notice.event));
    }

    #[test]
    fn what_was_written_before_there_were_other_subjects_reads_as_of_submissions() {
        let id = Uuid::from_u128(1);
        let notice: Notice = serde_json::from_value(serde_json::json!({
            "kind": "answered", "submission": id, "event": Uuid::from_u128(2), "at": "2026-06-01T09:00:00Z",
            "category": "pothole", "due": "2026-06-15",
        }))
        .unwrap();
        assert_eq!(notice.subject, Subject::Submission(SubmissionId::new(id)));
        assert_eq!(notice.title, None);
        let kept: KeptSettings = serde_json::from_value(serde_json::json!({
            "own": true, "work": false, "deadlines": true, "language": "en",
        }))
        .unwrap();
        assert_eq!((kept.version, kept.followed.len(), kept.settings.polls_of), (0, 0, None));
        assert!(!kept.settings.work && kept.settings.polls);
    }
}
