//! Queue batches: one bad record fails alone.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use events::Delivery;
use futures::FutureExt;
use futures::future::join_all;
use serde::de::DeserializeOwned;

/// What to log about a failed record; it comes back later.
pub type RecordError = Box<dyn std::error::Error + Send + Sync>;

/// A bug met a record.
#[derive(Debug, thiserror::Error)]
#[error("the function panicked; the log says where")]
pub struct Panicked;

/// Hands the records of a batch to `effect`, all at once; the reply names those that failed, and only those come back.
pub async fn each<E>(batch: SqsEvent, effect: impl Fn(Delivery) -> E) -> SqsBatchResponse
where
    E: Future<Output = Result<(), RecordError>>,
{
    let outcomes = batch.records.into_iter().map(|record| {
        let parsed = delivery(&record);
        let effect = &effect;
        async move {
            let outcome = match parsed {
                Ok(delivery) => unless_it_panics(effect(delivery)).await,
                Err(error) => Err(error),
            };
            (record, outcome)
        }
    });
    reply(join_all(outcomes).await)
}

/// Does something once for all the records of a batch that say the same, one after the other; the reply names the records of
/// what failed.
pub async fn each_once<T, E>(batch: SqsEvent, effect: impl Fn(T) -> E) -> SqsBatchResponse
where
    T: DeserializeOwned + Copy + Ord,
    E: Future<Output = Result<(), RecordError>>,
{
    let mut outcomes = Vec::new();
    let mut groups: BTreeMap<T, Vec<SqsMessage>> = BTreeMap::new();
    for record in batch.records {
        match parse(&record) {
            Ok(request) => groups.entry(request).or_default().push(record),
            Err(error) => outcomes.push((record, Err(error))),
        }
    }
    for (request, records) in groups {
        let outcome = unless_it_panics(effect(request)).await;
        let failure = outcome.err().map(|error| chain(&*error));
        for record in records {
            outcomes.push((record, failure.clone().map_or(Ok(()), |error| Err(error.into()))));
        }
    }
    reply(outcomes)
}

fn reply(outcomes: Vec<(SqsMessage, Result<(), RecordError>)>) -> SqsBatchResponse {
    let mut reply = SqsBatchResponse::default();
    for (record, outcome) in outcomes {
        if let Err(error) = outcome {
            report(&record, &error);
            reply.add_failure(record.message_id.unwrap_or_default());
        }
    }
    reply
}

/// What an effect ends with; a panic is an error of its record alone, and not the end of the batch.
///
/// # Errors
/// The effect's own, or that it panicked. The panic's message has been logged by then.
pub async fn unless_it_panics<T>(
    effect: impl Future<Output = Result<T, RecordError>>,
) -> Result<T, RecordError> {
    let outcome = AssertUnwindSafe(effect).catch_unwind().await;
    outcome.unwrap_or_else(|_| Err(Panicked.into()))
}

/// Parses a record.
///
/// # Errors
/// If the body is no [`Delivery`]; such a record ends in the dead-letter queue.
pub fn delivery(record: &SqsMessage) -> Result<Delivery, RecordError> {
    parse(record)
}

fn parse<T: DeserializeOwned>(record: &SqsMessage) -> Result<T, RecordError> {
    let body = record.body.as_deref().unwrap_or_default();
    serde_json::from_str(body).map_err(|error| format!("not what this queue is for: {error}").into())
}

/// Logs a record that failed.
pub fn report(record: &SqsMessage, error: &RecordError) {
    tracing::error!(
        message.id = record.message_id.as_deref(),
        error = chain(&**error),
        "a queue record failed; it will come back"
    );
}

/// An error with its causes, in one line.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    fn record(id: &str, body: &str) -> SqsMessage {
        let mut record = SqsMessage::default();
        record.message_id = Some(id.into());
        record.body = Some(body.into());
        record
    }

    #[tokio::test]
    async fn one_bad_record_fails_alone() {
        let good = r#"{"consumer":"routing","event":"01990000-0000-7000-8000-000000000001","submission":"01990000-0000-7000-8000-000000000002","version":1}"#;
        let mut batch = SqsEvent::default();
        let panics = good.replace("\"version\":1", "\"version\":13");
        batch.records =
            vec![record("a", good), record("b", "poison"), record("c", &panics), record("d", good)];
        let seen = Mutex::new(0);
        let effect = async |delivery: Delivery| {
            assert_ne!(delivery.version, 13, "a bug");
            *seen.lock().unwrap() += 1;
            Ok(())
        };
        let reply = each(batch, effect).await;
        let failed: Vec<_> = reply.batch_item_failures.iter().map(|f| f.item_identifier.as_str()).collect();
        assert_eq!((failed, *seen.lock().unwrap()), (vec!["b", "c"], 2));
    }
}
