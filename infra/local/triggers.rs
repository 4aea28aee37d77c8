//! What Lambda does with queues and schedules: polls, batches, deletes what succeeded, runs by the clock.

use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsEvent, SqsMessage};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, Message,
    MessageSystemAttributeName,
};
use entrypoint::queue::chain;

use crate::functions::Handler;

/// The most that ReceiveMessage gives.
const RECEIVED: i32 = 10;
/// Seconds of a long poll.
const WAIT: i32 = 20;
/// Seconds after which a failed record comes back, times the tries so far. Lambda leaves it to the visibility timeout.
const BACK_OFF: i32 = 1;

/// Polls a queue for ever and hands its messages to a function.
pub async fn poll(client: Client, queue_url: String, batch_size: usize, handler: Handler) {
    let Handler::Queue(handle) = handler else { return };
    loop {
        let batch = match receive(&client, &queue_url, batch_size).await {
            Ok(batch) => batch,
            Err(error) => {
                tracing::warn!(queue = queue_url, error, "a queue cannot be read");
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        if batch.is_empty() {
            continue;
        }
        let mut event = SqsEvent::default();
        event.records = batch.iter().map(record).collect();
        // On Lambda a panic fails the batch and not the poller; so it does here.
        let Ok(reply) = tokio::spawn(handle(event)).await else {
            tracing::error!(queue = queue_url, "a handler panicked; its batch comes back");
            put_back(&client, &queue_url, &batch).await;
            continue;
        };
        let failed: Vec<&str> =
            reply.batch_item_failures.iter().map(|f| f.item_identifier.as_str()).collect();
        let (back, done): (Vec<Message>, Vec<Message>) = batch
            .into_iter()
            .partition(|message| failed.contains(&message.message_id.as_deref().unwrap_or_default()));
        delete(&client, &queue_url, &done).await;
        put_back(&client, &queue_url, &back).await;
    }
}

/// Waits for a first message, then takes what else is there, up to `batch_size`.
async fn receive(client: &Client, queue_url: &str, batch_size: usize) -> Result<Vec<Message>, String> {
    let mut batch: Vec<Message> = Vec::new();
    while batch.len() < batch_size {
        let room = i32::try_from(batch_size - batch.len()).unwrap_or(RECEIVED).min(RECEIVED);
        let wait = if batch.is_empty() { WAIT } else { 0 };
        let call = client
            .receive_message()
            .queue_url(queue_url)
            .max_number_of_messages(room)
            .wait_time_seconds(wait);
        let call = call.message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount);
        let received = call.send().await.map_err(|error| chain(&error))?.messages.unwrap_or_default();
        if received.is_empty() {
            break;
        }
        batch.extend(received);
    }
    Ok(batch)
}

fn record(message: &Message) -> SqsMessage {
    let mut record = SqsMessage::default();
    record.message_id.clone_from(&message.message_id);
    record.receipt_handle.clone_from(&message.receipt_handle);
    record.body.clone_from(&message.body);
    record.event_source = Some("aws:sqs".into());
    record
}

async fn delete(client: &Client, queue_url: &str, messages: &[Message]) {
    for chunk in messages.chunks(10) {
        let entries = chunk.iter().enumerate().filter_map(|(index, message)| {
            let entry = DeleteMessageBatchRequestEntry::builder().id(index.to_string());
            entry.receipt_handle(message.receipt_handle.clone()?).build().ok()
        });
        let call = client.delete_message_batch().queue_url(queue_url).set_entries(Some(entries.collect()));
        if let Err(error) = call.send().await {
            // They come back and find their deliveries gone.
            tracing::warn!(error = chain(&error), "handled messages could not be deleted");
        }
    }
}

async fn put_back(client: &Client, queue_url: &str, messages: &[Message]) {
    for chunk in messages.chunks(10) {
        let entries = chunk.iter().enumerate().filter_map(|(index, message)| {
            let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(index.to_string());
            let entry = entry.visibility_timeout(BACK_OFF * (tries(message) - 1));
            entry.receipt_handle(message.receipt_handle.clone()?).build().ok()
        });
        let call = client.change_message_visibility_batch().queue_url(queue_url);
        if let Err(error) = call.set_entries(Some(entries.collect())).send().await {
            tracing::warn!(
                error = chain(&error),
                "failed messages come back only after the visibility timeout"
            );
        }
    }
}

fn tries(message: &Message) -> i32 {
    let attributes = message.attributes.as_ref();
    let count = attributes.and_then(|all| all.get(&MessageSystemAttributeName::ApproximateReceiveCount));
    count.and_then(|count| count.parse().ok()).unwrap_or(1)
}

/// Runs a function for ever, once in every `period`.
pub async fn tick(id: String, period: Duration, handler: Handler) {
    let Handler::Schedule(run) = handler else { return };
    loop {
        tokio::time::sleep(period).await;
        let failure = match tokio::spawn(run()).await {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => chain(&*error),
            Err(panic) => panic.to_string(),
        };
        tracing::error!(function = id, error = failure, "a scheduled run failed; the next follows");
    }
}

/// `rate(1 minute)`, `rate(5 minutes)`, `rate(1 hour)` as a duration; none for anything else.
pub fn rate(schedule: &str) -> Option<Duration> {
    let (count, unit) = schedule.strip_prefix("rate(")?.strip_suffix(')')?.split_once(' ')?;
    let seconds = match unit {
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3_600,
        "day" | "days" => 86_400,
        _ => return None,
    };
    Some(Duration::from_secs(count.parse::<u64>().ok()? * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read() {
        assert_eq!(rate("rate(1 minute)"), Some(Duration::from_mins(1)));
        assert_eq!(rate("rate(2 hours)"), Some(Duration::from_hours(2)));
        assert_eq!(rate("cron(0 3 * * ? *)"), None);
    }
}
