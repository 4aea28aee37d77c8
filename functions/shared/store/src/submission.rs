//! Reading submissions: one, with or without its history, and lists of them.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::KeysAndAttributes;
use domain::submission::{Answer, Submission};
use domain::{EventId, PersonId, SubmissionId};
use events::Envelope;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, body, key_attributes, string, text_of};
use crate::keys::{self, ALARM, AUTHOR, EVENT_PREFIX, PK, SK, STATE, TEXT_PREFIX};
use crate::page::{Page, cursor, start};

/// A submission with its whole history.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its state.
    pub submission: Submission,
    /// What happened to it, in order.
    pub events: Vec<Envelope>,
    /// What was written, by the event it came with.
    pub texts: HashMap<EventId, String>,
}

impl Record {
    /// What the author wrote.
    pub fn text(&self) -> &str {
        let received = self.events.first().and_then(|event| self.texts.get(&event.id));
        received.map_or("", String::as_str)
    }
}

/// The most that `BatchGetItem` takes.
const BATCH: usize = 100;

/// Batches that are read at the same time: a file of 10,000 submissions takes three hundred.
const BATCHES_AT_ONCE: usize = 8;

impl Store {
    /// The state of a submission.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn submission(&self, id: SubmissionId) -> Result<Option<Submission>, StoreError> {
        let key = key_attributes(&keys::state(id));
        let call = self.client.get_item().table_name(&self.platform).set_key(Some(key)).consistent_read(true);
        let found = call.send().await.map_err(StoreError::call("GetItem"))?;
        found.item.map(body).transpose()
    }

    /// The submission that a tracking number is of, by the number's fingerprint.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn tracked(&self, fingerprint: &str) -> Result<Option<SubmissionId>, StoreError> {
        let key = key_attributes(&keys::tracking(fingerprint));
        let call = self.client.get_item().table_name(&self.platform).set_key(Some(key)).consistent_read(true);
        let found = call.send().await.map_err(StoreError::call("GetItem"))?;
        found.item.map(body).transpose()
    }

    /// One event of a submission, by its place in the history.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn event(&self, id: SubmissionId, version: u64) -> Result<Option<Envelope>, StoreError> {
        let key = key_attributes(&keys::event(id, version));
        let call = self.client.get_item().table_name(&self.platform).set_key(Some(key)).consistent_read(true);
        let found = call.send().await.map_err(StoreError::call("GetItem"))?;
        found.item.map(body).transpose()
    }

    /// A submission with its history and texts.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn record(&self, id: SubmissionId) -> Result<Option<Record>, StoreError> {
        let mut submission = None;
        let mut events = Vec::new();
        let mut texts = HashMap::new();
        for item in self.partition(&keys::submission(id)).await? {
            let sort = text_of(&item, SK).to_owned();
            if sort == STATE {
                submission = Some(body(item)?);
            } else if sort.starts_with(EVENT_PREFIX) {
                events.push(body(item)?);
            } else if let Some(Ok(event)) = sort.strip_prefix(TEXT_PREFIX).map(str::parse) {
                texts.insert(event, body(item)?);
            }
        }
        Ok(submission.map(|submission| Record { submission, events, texts }))
    }

    /// The states of many submissions with what their authors wrote; those that do not exist are left out.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn submissions(&self, ids: &[SubmissionId]) -> Result<Vec<(Submission, String)>, StoreError> {
        // The text is stored with the first event, whose id is in the first event's item.
        let keys = ids.iter().flat_map(|&id| [keys::state(id), keys::event(id, 1)]);
        let mut states: HashMap<String, Submission> = HashMap::new();
        let mut first: HashMap<String, Envelope> = HashMap::new();
        for item in self.get_all(keys).await? {
            let pk = text_of(&item, PK).to_owned();
            if text_of(&item, SK) == STATE {
                states.insert(pk, body(item)?);
            } else {
                first.insert(pk, body(item)?);
            }
        }
        let keys = first.values().map(|event| keys::text(event.submission, event.id));
        let mut texts: HashMap<String, String> = HashMap::new();
        for item in self.get_all(keys).await? {
            texts.insert(text_of(&item, PK).to_owned(), body(item)?);
        }
        let with_text = |(pk, state)| (state, texts.remove::<String>(&pk).unwrap_or_default());
        Ok(states.into_iter().map(with_text).collect())
    }

    /// The latest published answers of these submissions with what they say; those without one are left out.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn answers(
        &self,
        ids: &[SubmissionId],
    ) -> Result<HashMap<SubmissionId, (Answer, String)>, StoreError> {
        let mut answers: HashMap<SubmissionId, Answer> = HashMap::new();
        for item in self.get_all(ids.iter().map(|&id| keys::state(id)).collect::<HashSet<_>>()).await? {
            let mut submission: Submission = body(item)?;
            if let Some(answer) = submission.answers.pop() {
                answers.insert(submission.id, answer);
            }
        }
        let keys: Vec<keys::Key> = answers.iter().map(|(id, answer)| keys::text(*id, answer.text)).collect();
        let mut texts: HashMap<String, String> = HashMap::new();
        for item in self.get_all(keys).await? {
            texts.insert(text_of(&item, PK).to_owned(), body(item)?);
        }
        let with_text =
            |(id, answer)| (id, (answer, texts.remove(&keys::submission(id)).unwrap_or_default()));
        Ok(answers.into_iter().map(with_text).collect())
    }

    /// What the authors of these submissions wrote.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn texts(&self, ids: &[SubmissionId]) -> Result<HashMap<SubmissionId, String>, StoreError> {
        let first: Vec<keys::Key> = ids.iter().map(|&id| keys::event(id, 1)).collect();
        let mut wanted = Vec::with_capacity(ids.len());
        let mut submission_of = HashMap::with_capacity(ids.len());
        for item in self.get_all(first).await? {
            let event: Envelope = body(item)?;
            submission_of.insert(keys::submission(event.submission), event.submission);
            wanted.push(keys::text(event.submission, event.id));
        }
        let mut texts = HashMap::with_capacity(ids.len());
        for item in self.get_all(wanted).await? {
            if let Some(id) = submission_of.get(text_of(&item, PK)) {
                texts.insert(*id, body(item)?);
            }
        }
        Ok(texts)
    }

    /// Submissions of an author, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] for a cursor of another list.
    pub async fn of_author(
        &self,
        author: &PersonId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Page<Submission>, StoreError> {
        let pk = keys::author(author);
        let call = self.client.query().table_name(&self.platform).index_name(AUTHOR.name);
        let call = call
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", AUTHOR.pk)
            .expression_attribute_values(":pk", string(&pk))
            .scan_index_forward(false)
            .set_exclusive_start_key(start(after, &[PK, SK, AUTHOR.pk, AUTHOR.sk], Some((AUTHOR.pk, &pk)))?)
            .limit(limit);
        let found = call.send().await.map_err(StoreError::call("Query"))?;
        let next = cursor(found.last_evaluated_key.as_ref());
        let items = found.items.unwrap_or_default().into_iter().map(body).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// Submissions of one shard whose alarm is due, the longest due first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn due_alarms(
        &self,
        shard: u8,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<SubmissionId>, StoreError> {
        let call = self.client.query().table_name(&self.platform).index_name(ALARM.name).limit(limit);
        let call = call
            .key_condition_expression("#pk = :pk AND #sk < :now")
            .expression_attribute_names("#pk", ALARM.pk)
            .expression_attribute_names("#sk", ALARM.sk)
            .expression_attribute_values(":pk", string(keys::alarm(shard)))
            // `$` is the character after `#`: everything up to and including this second.
            .expression_attribute_values(":now", string(format!("{}$", keys::second(now))));
        let found = call.send().await.map_err(StoreError::call("Query"))?;
        let sort_keys = found.items.unwrap_or_default();
        let ids =
            sort_keys.iter().filter_map(|item| text_of(item, ALARM.sk).rsplit('#').next()?.parse().ok());
        Ok(ids.collect())
    }

    /// Everything in a partition, strongly consistent, in the order of the sort keys.
    pub(crate) async fn partition(&self, pk: &str) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let call = self.client.query().table_name(&self.platform).consistent_read(true);
            let call = call
                .key_condition_expression("#pk = :pk")
                .expression_attribute_names("#pk", PK)
                .expression_attribute_values(":pk", string(pk))
                .set_exclusive_start_key(start);
            let found = call.send().await.map_err(StoreError::call("Query"))?;
            items.extend(found.items.unwrap_or_default());
            start = found.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// The items with these keys, strongly consistent, in no particular order; absent ones are left out.
    pub(crate) async fn get_all(
        &self,
        keys: impl IntoIterator<Item = keys::Key>,
    ) -> Result<Vec<Item>, StoreError> {
        self.get_all_of(&self.platform, keys).await
    }

    /// The items of a table with these keys, batch by batch in the order of the keys.
    pub(crate) async fn get_all_of(
        &self,
        table: &str,
        keys: impl IntoIterator<Item = keys::Key>,
    ) -> Result<Vec<Item>, StoreError> {
        let mut wanted: Vec<Item> = keys.into_iter().map(|key| key_attributes(&key)).collect();
        let mut reading = Vec::with_capacity(wanted.len().div_ceil(BATCH));
        while !wanted.is_empty() {
            let rest = wanted.split_off(wanted.len().min(BATCH));
            reading.push(self.get_batch(table, wanted));
            wanted = rest;
        }
        let mut read = stream::iter(reading).buffered(BATCHES_AT_ONCE);
        let mut items = Vec::new();
        while let Some(batch) = read.try_next().await? {
            items.extend(batch);
        }
        Ok(items)
    }

    /// The items with these keys, at most [`BATCH`].
    async fn get_batch(&self, table: &str, mut wanted: Vec<Item>) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::with_capacity(wanted.len());
        while !wanted.is_empty() {
            let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
            let keys = keys.map_err(|e| StoreError::unreadable("keys", e))?;
            let call = self.client.batch_get_item().request_items(table, keys);
            let found = call.send().await.map_err(StoreError::call("BatchGetItem"))?;
            items.extend(found.responses.unwrap_or_default().remove(table).unwrap_or_default());
            // What the database had no time for comes again.
            let unread = found.unprocessed_keys.unwrap_or_default().remove(table);
            wanted = unread.map(|keys| keys.keys).unwrap_or_default();
        }
        Ok(items)
    }
}
