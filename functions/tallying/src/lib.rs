//! Orders ballots into the log of their poll, and counts them at the close.
//!
//! A message only says which poll to look at; everything that is done follows from the tables. So messages may come twice, in any
//! order or not at all (the relay asks every minute), and a run may be killed between any two steps.

mod close;
mod sequence;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use entrypoint::queue::{self, RecordError};
use entrypoint::{App, Change};
use events::{Actor, Event, TallyRequest};
use jiff::Timestamp;
use poll::{AlarmKind, Poll, PollStatus};
use store::TransactionParts;

pub use sequence::{sequence, sequence_all};

/// Things that can be due for one poll at once, and room for others who change it meanwhile.
const MOST_DUE: usize = 8;

/// Looks at the polls of a batch, at each once.
pub async fn handle(app: &App, batch: SqsEvent) -> SqsBatchResponse {
    queue::each_once(batch, |request| Box::pin(tally(app, request))).await
}

/// Does what there is to do for a poll now: what the clock wants, one thing after the other, then the ballots that wait.
///
/// # Errors
/// Whatever failed; what was done stays done.
pub async fn tally(app: &App, request: TallyRequest) -> Result<(), RecordError> {
    for _ in 0..MOST_DUE {
        let poll = app.store.poll(request.poll).await?;
        let poll = poll.ok_or_else(|| format!("there is no poll {}", request.poll))?;
        let now = app.clock.now();
        let change = Change::of(poll.clone(), Actor::System, now);
        let told = match poll.due(now) {
            Some(AlarmKind::Open) => change.with(Event::PollOpened, poll.with_opening_told()),
            Some(AlarmKind::Remind) => change.with(Event::PollClosing, poll.with_closing_told()),
            Some(AlarmKind::Count) => return close::certify(app, poll).await,
            Some(AlarmKind::Settle) => return close::settle(app, poll).await,
            None => return wait(app, &poll, now).await,
        };
        close::save(app, &told, TransactionParts::default()).await?;
    }
    Err("others change this poll all the time".into())
}

/// Nothing is due: ballots that wait are logged.
async fn wait(app: &App, poll: &Poll, now: Timestamp) -> Result<(), RecordError> {
    match poll.status(now) {
        PollStatus::Open | PollStatus::Closed => sequence(app, poll).await,
        PollStatus::Draft | PollStatus::Announced | PollStatus::Certified => Ok(()),
    }
}

#[cfg(test)]
mod tests;
