//! One transaction for everything that a step changes: state, events with their texts, a delivery per consumer, the
//! delivery that is done with, the stored reply, the organization's counters.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem, Update};
use domain::OrganizationId;
use domain::email::Email;
use domain::notification::whom_to_tell;
use domain::satisfaction::Satisfaction;
use domain::submission::Submission;
use events::{Consumer, Delivery, Envelope, audience};

use crate::error::{CommitError, StoreError, cancellation};
use crate::inbox::inbox_position;
use crate::item::{Item, item, key_attributes, number, string};
use crate::keys::{self, ALARM, AUTHOR, INBOX, PK, VERSION};
use crate::reply::StoredReply;
use crate::{Contact, Store};

/// An event to be written, and the text that came with it.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The event.
    pub envelope: Envelope,
    /// What somebody wrote.
    pub text: Option<String>,
}

/// Everything that becomes true at once.
#[derive(Debug)]
pub struct Commit<'a> {
    /// The state after the events.
    pub submission: &'a Submission,
    /// The version that the decision was made on; none for a new submission.
    pub expected: Option<u64>,
    /// What happened, at least one event.
    pub events: &'a [Recorded],
    /// The delivery whose effect this is.
    pub handled: Option<&'a Delivery>,
    /// The reply to a request with an idempotency key.
    pub reply: Option<&'a StoredReply>,
    /// What to add to the counters of an organization.
    pub satisfaction: Option<(&'a OrganizationId, Satisfaction)>,
    /// What we learn of the author, for the table `people`.
    pub contact: Option<&'a Contact>,
    /// Where to write to an author who did not sign in, for the table `people`.
    pub correspondent: Option<&'a Email>,
    /// The fingerprint of the tracking number by which a new submission can be found.
    pub tracking: Option<&'a str>,
}

/// The most that every engine takes at once. A commit has one action for the state, at most three for each event (itself,
/// its text, its delivery to notifications) and at most nine besides: deliveries to routing and indexing, the delivery
/// that is done with, reply, satisfaction, totals, contact, the author's e-mail, the tracking number. So up to five events
/// fit; no change has more than three.
const MOST_ACTIONS: usize = 25;

/// What a cancelled action means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    Version,
    Handled,
    Reply,
    Nothing,
}

impl Store {
    /// Writes a commit; gives the deliveries that must now be sent to their queues.
    ///
    /// # Errors
    /// [`CommitError::Conflict`], [`CommitError::Handled`] or [`CommitError::Replied`] if a condition did not hold,
    /// and then nothing is written.
    pub async fn commit(&self, commit: &Commit<'_>) -> Result<Vec<Delivery>, CommitError> {
        let deliveries = told(commit.submission, commit.events);
        let mut actions = vec![(Guard::Version, self.put_state(commit)?)];
        for recorded in commit.events {
            actions.extend(self.put_event(recorded)?.map(|action| (Guard::Nothing, action)));
        }
        for delivery in &deliveries {
            actions.push((Guard::Nothing, self.put_delivery(delivery, commit)?));
        }
        if let Some(delivery) = commit.handled {
            actions.push((Guard::Handled, self.delete_delivery(delivery)?));
        }
        if let Some(reply) = commit.reply {
            actions
                .push((Guard::Reply, put(&self.platform, reply.item()?, Some("attribute_not_exists(#pk)"))?));
        }
        if let Some((organization, counts)) = commit.satisfaction {
            actions.push((Guard::Nothing, self.add_satisfaction(organization, counts)?));
        }
        if let Some(totals) = self.add_totals(commit.submission, commit.events)? {
            actions.push((Guard::Nothing, totals));
        }
        if let (Some(contact), Some(people)) = (commit.contact, &self.people) {
            actions.push((Guard::Nothing, put(people, contact.item()?, None)?));
        }
        if let (Some(email), Some(people)) = (commit.correspondent, &self.people) {
            let item = item(&keys::correspondent(commit.submission.id), email)?;
            actions.push((Guard::Nothing, put(people, item, None)?));
        }
        if let Some(fingerprint) = commit.tracking {
            let item = item(&keys::tracking(fingerprint), &commit.submission.id)?;
            actions.push((Guard::Nothing, put(&self.platform, item, None)?));
        }
        self.write(actions, commit).await?;
        Ok(deliveries)
    }

    async fn write(
        &self,
        actions: Vec<(Guard, TransactWriteItem)>,
        commit: &Commit<'_>,
    ) -> Result<(), CommitError> {
        debug_assert!(actions.len() <= MOST_ACTIONS, "a commit of {} actions", actions.len());
        let (guards, actions): (Vec<Guard>, Vec<TransactWriteItem>) = actions.into_iter().unzip();
        // One token for all tries: if a reply was lost on the way, the second try finds the first one's effect.
        let token = commit.events.first().map(|event| event.envelope.id.to_string());
        let mut tries = 0_u32;
        loop {
            let call = self.client.transact_write_items().set_transact_items(Some(actions.clone()));
            let Err(error) = call.set_client_request_token(token.clone()).send().await else {
                return Ok(());
            };
            let reasons = cancellation(&error);
            let failed = |guard: Guard| {
                let mut pairs = guards.iter().zip(&reasons);
                pairs.any(|(at, reason)| *at == guard && reason == "ConditionalCheckFailed")
            };
            if failed(Guard::Handled) {
                return Err(CommitError::Handled);
            }
            if failed(Guard::Reply) {
                return Err(CommitError::Replied);
            }
            if failed(Guard::Version) {
                return Err(CommitError::Conflict);
            }
            // Another transaction is at one of the items this very moment.
            if tries == 5 || !reasons.iter().any(|reason| reason == "TransactionConflict") {
                return Err(StoreError::call("TransactWriteItems")(error).into());
            }
            tokio::time::sleep(Duration::from_millis(20 << tries)).await;
            tries += 1;
        }
    }

    fn put_state(&self, commit: &Commit<'_>) -> Result<TransactWriteItem, StoreError> {
        let item = state_item(commit.submission)?;
        let put = Put::builder().table_name(&self.platform).set_item(Some(item));
        let put = match commit.expected {
            None => {
                put.condition_expression("attribute_not_exists(#pk)").expression_attribute_names("#pk", PK)
            }
            Some(version) => put
                .condition_expression("#version = :expected")
                .expression_attribute_names("#version", VERSION)
                .expression_attribute_values(":expected", number(version)),
        };
        let put = put.build().map_err(|e| StoreError::unreadable(keys::STATE, e))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    fn put_event(&self, recorded: &Recorded) -> Result<impl Iterator<Item = TransactWriteItem>, StoreError> {
        let Envelope { id, submission, version, .. } = recorded.envelope;
        let event = item(&keys::event(submission, version), &recorded.envelope)?;
        let text = match &recorded.text {
            None => None,
            Some(text) => Some(put(&self.platform, item(&keys::text(submission, id), text)?, None)?),
        };
        Ok([put(&self.platform, event, None)?].into_iter().chain(text))
    }

    fn put_delivery(
        &self,
        delivery: &Delivery,
        commit: &Commit<'_>,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut item = item(&keys::delivery(delivery), delivery)?;
        if let Some(first) = commit.events.first() {
            item.insert("created_at".into(), string(keys::second(first.envelope.at)));
        }
        put(&self.platform, item, None)
    }

    /// Only if it is there: an absent delivery has been handled.
    fn delete_delivery(&self, delivery: &Delivery) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder()
            .table_name(&self.platform)
            .set_key(Some(key_attributes(&keys::delivery(delivery))))
            .condition_expression("attribute_exists(#pk)")
            .expression_attribute_names("#pk", PK)
            .build()
            .map_err(|e| StoreError::unreadable("delivery", e))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    fn add_satisfaction(
        &self,
        organization: &OrganizationId,
        counts: Satisfaction,
    ) -> Result<TransactWriteItem, StoreError> {
        let columns = crate::satisfaction::columns(&counts);
        let names: Vec<String> = columns.iter().map(|(name, _)| format!("#{name} :{name}")).collect();
        let mut update = Update::builder()
            .table_name(&self.platform)
            .set_key(Some(key_attributes(&keys::satisfaction(organization))))
            .update_expression(format!("ADD {}", names.join(", ")));
        for (name, count) in columns {
            update = update
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(format!(":{name}"), number(count));
        }
        let update = update.build().map_err(|e| StoreError::unreadable("satisfaction", e))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}

/// One delivery per consumer: a consumer looks at the state as it is, so of several events the last one will do.
///
/// Notifications is the exception: a fact that is not told is lost, so it gets a delivery for each, but none for a fact
/// that by the state after the commit concerns nobody (a report registered on its way, what an import brings).
fn told(submission: &Submission, events: &[Recorded]) -> Vec<Delivery> {
    let mut last: BTreeMap<Consumer, Delivery> = BTreeMap::new();
    let mut deliveries = Vec::new();
    for Recorded { envelope, .. } in events {
        for &consumer in audience(&envelope.event) {
            let Envelope { id, submission: about, version, .. } = *envelope;
            let delivery = Delivery { consumer, event: id, submission: about, version };
            if consumer != Consumer::Notifications {
                last.insert(consumer, delivery);
            } else if concerns_somebody(envelope, submission) {
                deliveries.push(delivery);
            }
        }
    }
    last.into_values().chain(deliveries).collect()
}

fn concerns_somebody(envelope: &Envelope, submission: &Submission) -> bool {
    let fact = envelope.event.fact();
    fact.is_some_and(|fact| !whom_to_tell(&fact, envelope.actor.by(), submission).is_empty())
}

fn put(table: &str, item: Item, condition: Option<&str>) -> Result<TransactWriteItem, StoreError> {
    let mut put = Put::builder().table_name(table).set_item(Some(item));
    if let Some(condition) = condition {
        put = put.condition_expression(condition).expression_attribute_names("#pk", PK);
    }
    let put = put.build().map_err(|e| StoreError::unreadable(table, e))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// The state with what the indexes need. An attribute that is not written takes the item out of its index.
fn state_item(submission: &Submission) -> Result<Item, StoreError> {
    let id = submission.id;
    let mut item = item(&keys::state(id), submission)?;
    item.insert(VERSION.into(), number(submission.version));
    if let (true, Some(organization)) = (submission.status.is_open(), &submission.organization) {
        item.insert(INBOX.pk.into(), string(keys::inbox(organization)));
        item.insert(INBOX.sk.into(), string(inbox_position(submission)));
    }
    if let Some(author) = &submission.author {
        item.insert(AUTHOR.pk.into(), string(keys::author(author)));
        item.insert(AUTHOR.sk.into(), string(keys::instant(submission.received, id)));
    }
    if let Some(alarm) = submission.alarm() {
        item.insert(ALARM.pk.into(), string(keys::alarm(keys::shard(id.uuid()))));
        item.insert(ALARM.sk.into(), string(keys::instant(alarm.at, id)));
    }
    Ok(item)
}

#[cfg(test)]
mod tests;
