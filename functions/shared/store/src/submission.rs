//! Reading submissions: one, with or without its history, and lists of them.

use std::collections::{HashMap, HashSet};

use domain::submission::{Answer, Submission};
use domain::{EventId, PersonId, SubmissionId};
use events::Envelope;

use crate::Store;
use crate::error::StoreError;
use crate::item::{body, string, text_of};
use crate::keys::{self, AUTHOR, EVENT_PREFIX, PK, SK, STATE, TEXT_PREFIX};
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

impl Store {
    /// The state of a submission.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn submission(&self, id: SubmissionId) -> Result<Option<Submission>, StoreError> {
        self.get(&keys::state(id)).await
    }

    /// The submission that a tracking number is of, by the number's fingerprint.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn tracked(&self, fingerprint: &str) -> Result<Option<SubmissionId>, StoreError> {
        self.get(&keys::tracking(fingerprint)).await
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

    /// The text that came with an event of a submission.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn text(&self, id: SubmissionId, event: EventId) -> Result<Option<String>, StoreError> {
        self.get(&keys::text(id.into(), event)).await
    }

    /// The states of many submissions with what their authors wrote; those that do not exist are left out.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn submissions(&self, ids: &[SubmissionId]) -> Result<Vec<(Submission, String)>, StoreError> {
        // The text is stored with the first event, whose id is in the first event's item.
        let keys = ids.iter().flat_map(|&id| [keys::state(id), keys::event(id.into(), 1)]);
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
        let keys = first.values().map(|event| keys::text(event.subject, event.id));
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
        let keys: Vec<keys::Key> =
            answers.iter().map(|(id, answer)| keys::text((*id).into(), answer.text)).collect();
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
        let first: Vec<keys::Key> = ids.iter().map(|&id| keys::event(id.into(), 1)).collect();
        let mut wanted = Vec::with_capacity(ids.len());
        let submission_of: HashMap<String, SubmissionId> =
            ids.iter().map(|&id| (keys::submission(id), id)).collect();
        for item in self.get_all(first).await? {
            let event: Envelope = body(item)?;
            wanted.push(keys::text(event.subject, event.id));
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
}
