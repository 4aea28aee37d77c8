//! Sending deliveries to the queues of their consumers.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use domain::Subject;
use events::{Consumer, Delivery, TallyRequest};
use futures::future::join_all;

/// The queues that a function may send to. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbox {
    client: Client,
    queues: BTreeMap<Consumer, String>,
    tallying: Option<String>,
}

/// How long an answer waits for the queues.
pub(crate) const SEND_WITHIN: Duration = Duration::from_secs(2);

/// The most that `SendMessageBatch` takes.
const BATCH: usize = 10;

impl Outbox {
    /// `queues` are queue URLs by consumer, `tallying` is that of the function which logs and counts ballots.
    pub fn new(client: Client, queues: BTreeMap<Consumer, String>, tallying: Option<String>) -> Self {
        Self { client, queues, tallying }
    }

    /// Wakes the function that owns a subject for which something is due. What fails is logged, and tried again with the next
    /// look at the alarms.
    pub async fn wake(&self, subject: Subject) {
        match subject {
            Subject::Poll(poll) => self.ask_for_tally(TallyRequest { poll }).await,
            Subject::Submission(_) => tracing::error!(%subject, "a submission has no owner to be woken"),
        }
    }

    /// Asks for a poll to be tallied. What fails is logged and left to the relay.
    pub async fn ask_for_tally(&self, request: TallyRequest) {
        let Some(queue) = &self.tallying else {
            tracing::error!("no queue for tallying in the environment; the relay will ask");
            return;
        };
        let body = serde_json::to_string(&request).unwrap_or_default();
        let send = self.client.send_message().queue_url(queue).message_body(body).send();
        match tokio::time::timeout(SEND_WITHIN, send).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                let error = aws_sdk_sqs::error::DisplayErrorContext(&error);
                tracing::warn!(%error, "a poll could not be handed to tallying; the relay will");
            }
            Err(_) => tracing::warn!("the queue of tallying is slow; the relay will ask"),
        }
    }

    /// Sends as many as it can, and gives those that went out. What fails is logged and left to the relay: the
    /// delivery stands in the table until its effect has happened.
    pub async fn send(&self, deliveries: &[Delivery]) -> Vec<Delivery> {
        let mut by_consumer: BTreeMap<Consumer, Vec<Delivery>> = BTreeMap::new();
        for delivery in deliveries {
            by_consumer.entry(delivery.consumer).or_default().push(*delivery);
        }
        let mut batches = Vec::new();
        for (consumer, deliveries) in &by_consumer {
            let Some(queue) = self.queues.get(consumer) else {
                tracing::error!(%consumer, "no queue for this consumer in the environment; the relay will send");
                continue;
            };
            batches.extend(deliveries.chunks(BATCH).map(|batch| self.send_batch(queue, batch)));
        }
        // All batches are sent at once: the sender of a form then waits for the slowest one and not for their sum.
        join_all(batches).await.concat()
    }

    async fn send_batch(&self, queue: &str, batch: &[Delivery]) -> Vec<Delivery> {
        let mut call = self.client.send_message_batch().queue_url(queue);
        for (index, delivery) in batch.iter().enumerate() {
            let body = serde_json::to_string(delivery).unwrap_or_default();
            let entry =
                SendMessageBatchRequestEntry::builder().id(index.to_string()).message_body(body).build();
            match entry {
                Ok(entry) => call = call.entries(entry),
                Err(error) => tracing::error!(%error, "a queue message could not be built"),
            }
        }
        match call.send().await {
            Ok(reply) => {
                for failed in &reply.failed {
                    tracing::warn!(
                        code = failed.code,
                        "a delivery was not taken by its queue; the relay will send"
                    );
                }
                let index = |id: &str| id.parse::<usize>().ok();
                reply.successful.iter().filter_map(|entry| batch.get(index(&entry.id)?).copied()).collect()
            }
            Err(error) => {
                let error = aws_sdk_sqs::error::DisplayErrorContext(&error);
                tracing::warn!(%error, "deliveries could not be sent; the relay will");
                Vec::new()
            }
        }
    }
}
