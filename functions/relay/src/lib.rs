//! Sends again what was not delivered. So a queue may lose everything, and a process may die between commit and send.

use std::time::Duration;

use entrypoint::{App, event_id};
use events::{Consumer, Delivery, TallyRequest};
use futures::future::{ready, try_join_all};
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use poll::PollStatus;
use store::{PendingDelivery, StoreError};

/// A delivery this young is still on its first way.
const FIRST_SEND: Duration = Duration::from_secs(30);
/// Deliveries sent and marked at once.
const GROUP: usize = 10;
/// A delivery sent again this long ago is sent once more.
const SEND_AGAIN: Duration = Duration::from_hours(1);

/// A poll that closed so long ago should have been counted.
const NOT_COUNTED: Duration = Duration::from_mins(15);

/// Sends deliveries whose effect is missing: 30 s after their commit, then every hour. Asks for every poll that has something to
/// be logged or counted.
///
/// # Errors
/// If the deliveries or polls cannot be read or marked.
pub async fn handle(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let resent = resend(app, |pending| is_due(pending, now)).await;
    ask_for_tallies(app, now).await?;
    resent.map(drop)
}

/// Nobody knows here whether a ballot waits, so every poll that may have one is asked for: `tallying` finds out with one request
/// a shard.
async fn ask_for_tallies(app: &App, now: Timestamp) -> Result<(), StoreError> {
    let mut after: Option<String> = None;
    loop {
        let page = app.store.running_polls(after.as_deref()).await?;
        for poll in page.items {
            let waits = match poll.status(now) {
                PollStatus::Draft | PollStatus::Announced => false,
                PollStatus::Open | PollStatus::Closed => true,
                PollStatus::Certified => poll.is_to_settle(now),
            };
            if poll.is_countable(now - NOT_COUNTED) {
                tracing::error!(poll.not_counted = true, poll.id = %poll.id, "the poll is closed and not counted");
            }
            if waits {
                app.outbox.ask_for_tally(TallyRequest { poll: poll.id }).await;
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Sends every delivery from before this moment whose effect is missing, however young: for a start, when the queues are
/// known to be empty.
///
/// # Errors
/// As [`handle`].
pub async fn resend_all(app: &App) -> Result<usize, StoreError> {
    // Event ids sort by time. Deliveries of events from now on are left out: the process that commits an event sends them.
    let now = event_id();
    resend(app, |pending| pending.delivery.event < now).await
}

async fn resend(
    app: &App,
    wanted: impl Fn(&PendingDelivery) -> bool + Send + Sync,
) -> Result<usize, StoreError> {
    let mut count = 0;
    for consumer in Consumer::ALL {
        let due = app.store.pending(consumer).try_filter(|pending| ready(wanted(pending)));
        let mut groups = due.map_ok(|pending| pending.delivery).try_chunks(GROUP).boxed();
        while let Some(group) = groups.try_next().await.map_err(|error| error.1)? {
            count += send(app, &group).await?;
        }
    }
    if count > 0 {
        tracing::warn!(deliveries = count, "sent again");
    }
    Ok(count)
}

/// Sends and marks a small group, so that a run that is cut short has marked nearly all that it sent.
async fn send(app: &App, group: &[Delivery]) -> Result<usize, StoreError> {
    let sent = app.outbox.send(group).await;
    try_join_all(sent.iter().map(|delivery| app.store.mark_resent(delivery, app.clock.now()))).await?;
    Ok(sent.len())
}

fn is_due(pending: &PendingDelivery, now: Timestamp) -> bool {
    let age = |since: Timestamp| now.duration_since(since).unsigned_abs();
    match pending.resent {
        None => age(pending.created) >= FIRST_SEND,
        Some(resent) => age(resent) >= SEND_AGAIN,
    }
}

#[cfg(test)]
mod tests;
