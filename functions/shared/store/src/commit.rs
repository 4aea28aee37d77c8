//! One transaction for everything that a change brings: state, events with their texts, a delivery per consumer, the
//! delivery that is done with, the stored reply, counters.

use std::collections::BTreeMap;

use domain::email::Email;
use domain::{PollId, Subject, SubmissionId};
use events::{Consumer, Delivery, Envelope, audience};

use crate::error::{CommitError, StoreError};
use crate::item::{item, string};
use crate::keys::{self};
use crate::reply::StoredReply;
use crate::transaction::Transaction;
use crate::{Aggregate, Contact, NewEvent, PollResult, Store};

/// Everything that becomes true at once.
#[derive(Debug)]
pub struct Commit<'a, A> {
    /// The state that the decision was made on; none for something new.
    pub before: Option<&'a A>,
    /// The state after the events.
    pub state: &'a A,
    /// What happened, at least one event.
    pub events: &'a [NewEvent],
    pub parts: TransactionParts<'a>,
}

/// What belongs in the transaction of a change besides.
#[derive(Debug, Clone, Copy, Default)]
pub struct TransactionParts<'a> {
    /// The delivery whose effect the change is.
    pub handled: Option<&'a Delivery>,
    /// The reply to a request with an idempotency key.
    pub reply: Option<&'a StoredReply>,
    /// Items that stand or fall with the change.
    pub items: &'a [Accompanying<'a>],
}

/// An item that is written with a change.
#[derive(Debug, Clone, Copy)]
pub enum Accompanying<'a> {
    /// What is known of the author, for the table `people`.
    Contact(&'a Contact),
    /// Where to write to an author who did not sign in, for the table `people`.
    Correspondent(SubmissionId, &'a Email),
    /// The fingerprint of the tracking number by which a new submission can be found.
    Tracking(SubmissionId, &'a str),
    /// The result of a poll that is certified.
    PollResult(PollId, &'a PollResult),
}

impl Store {
    /// Writes a commit; gives the deliveries that must now be sent to their queues.
    ///
    /// A change of a submission has one action for the state, at most three for each event (itself, its text, its delivery to
    /// notifications) and at most eleven besides: deliveries to routing and indexing, the delivery that is done with, reply,
    /// the counters of two inboxes, satisfaction, totals, contact, the author's e-mail, the tracking number. So up to four events
    /// fit into the 25 actions of a transaction; no change has more than three.
    ///
    /// # Errors
    /// [`CommitError::Conflict`], [`CommitError::Handled`] or [`CommitError::Replied`] if a condition did not hold,
    /// and then nothing is written.
    pub async fn commit<A: Aggregate>(&self, commit: &Commit<'_, A>) -> Result<Vec<Delivery>, CommitError> {
        match self.try_commit(commit).await {
            Err(CommitError::Conflict) if self.count_late(commit.before).await? => {
                self.try_commit(commit).await
            }
            done => done,
        }
    }

    /// Counts a state that an earlier version of the platform wrote without counting; false if there is nothing to count, or if the
    /// state is not the stored one any more.
    pub(crate) async fn count_late<A: Aggregate>(&self, stored: Option<&A>) -> Result<bool, StoreError> {
        let Some(stored) = stored.filter(|stored| stored.counted_by().is_some()) else { return Ok(false) };
        let mut transaction = self.transaction();
        stored.count_late(&mut transaction)?;
        match transaction.write().await {
            Ok(()) => Ok(true),
            Err(CommitError::Store(error)) => Err(error),
            Err(CommitError::Conflict | CommitError::Handled | CommitError::Replied) => Ok(false),
        }
    }

    async fn try_commit<A: Aggregate>(&self, commit: &Commit<'_, A>) -> Result<Vec<Delivery>, CommitError> {
        let deliveries = deliveries_for(commit.state, commit.events);
        let mut transaction = self.transaction();
        let (expected, counted_by) = (commit.before.map(A::version), commit.before.and_then(A::counted_by));
        transaction.put_counted(commit.state.item()?, expected, counted_by)?;
        for event in commit.events {
            transaction.event(event)?;
        }
        let committed = commit.events.first().map(|event| keys::second(event.envelope.at));
        for delivery in &deliveries {
            let mut item = item(&keys::delivery(delivery), delivery)?;
            item.extend(committed.clone().map(|at| ("created_at".to_owned(), string(at))));
            transaction.put(item)?;
        }
        let TransactionParts { handled, reply, items } = commit.parts;
        if let Some(delivery) = handled {
            transaction.handled(delivery)?;
        }
        if let Some(reply) = reply {
            transaction.reply(reply)?;
        }
        commit.state.count(commit.before, commit.events, &mut transaction)?;
        for accompanying in items {
            transaction.accompanying(accompanying)?;
        }
        transaction.write().await?;
        Ok(deliveries)
    }
}

impl Transaction<'_> {
    fn event(&mut self, event: &NewEvent) -> Result<(), StoreError> {
        let Envelope { id, subject, version, .. } = event.envelope;
        self.put(item(&keys::event(subject, version), &event.envelope)?)?;
        match &event.text {
            None => Ok(()),
            Some(text) => self.put(item(&keys::text(subject, id), text)?),
        }
    }

    fn accompanying(&mut self, accompanying: &Accompanying<'_>) -> Result<(), StoreError> {
        match accompanying {
            Accompanying::Contact(contact) => self.contact(contact),
            Accompanying::Correspondent(id, email) => {
                self.put_personal(item(&keys::correspondent(*id), email)?)
            }
            Accompanying::Tracking(id, fingerprint) => self.put(item(&keys::tracking(fingerprint), id)?),
            Accompanying::PollResult(id, result) => self.put(result.item(*id)?),
        }
    }
}

/// One delivery per consumer: a consumer looks at the state as it is, so of several events the last one will do.
///
/// Notifications is the exception: a fact that is not told is lost, so it gets a delivery for each, but none for a fact
/// that by the state after the commit concerns nobody (a report registered on its way, what an import brings).
fn deliveries_for(state: &impl Aggregate, events: &[NewEvent]) -> Vec<Delivery> {
    let mut last: BTreeMap<Consumer, Delivery> = BTreeMap::new();
    let mut deliveries = Vec::new();
    for NewEvent { envelope, .. } in events {
        for &consumer in audience(&envelope.event) {
            let Envelope { id, subject, version, .. } = *envelope;
            let delivery = Delivery { consumer, event: id, subject, version };
            if consumer != Consumer::Notifications {
                last.insert(consumer, delivery);
            } else if state.concerns_somebody(envelope) {
                deliveries.push(delivery);
            }
        }
    }
    last.into_values().chain(deliveries).collect()
}

impl Store {
    /// One event, by its place in the history of its subject.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn event(&self, subject: Subject, version: u64) -> Result<Option<Envelope>, StoreError> {
        self.get(&keys::event(subject, version)).await
    }

    /// The history of a subject, the oldest event first.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn history(&self, subject: Subject) -> Result<Vec<Envelope>, StoreError> {
        self.list_of(keys::subject(subject), keys::EVENT_PREFIX).await
    }
}

#[cfg(test)]
mod tests;
