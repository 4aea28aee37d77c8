//! Orders ballots into the log of their poll, and counts them at the close.
//!
//! A message only says which poll to look at; everything that is done follows from the tables. So messages may come twice, in any
//! order or not at all (the relay asks every minute), and a run may be killed between any two steps.

mod close;
mod sequence;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use entrypoint::App;
use entrypoint::queue::{self, RecordError};
use events::TallyRequest;
use poll::PollStatus;

pub use sequence::{sequence, sequence_all};

/// Looks at the polls of a batch, at each once.
pub async fn handle(app: &App, batch: SqsEvent) -> SqsBatchResponse {
    queue::each_once(batch, |request| Box::pin(tally(app, request))).await
}

/// Does what there is to do for a poll now.
///
/// # Errors
/// Whatever failed; what was done stays done.
pub async fn tally(app: &App, request: TallyRequest) -> Result<(), RecordError> {
    let poll =
        app.store.poll(request.poll).await?.ok_or_else(|| format!("there is no poll {}", request.poll))?;
    let now = app.clock.now();
    match poll.status(now) {
        PollStatus::Open | PollStatus::Closed if !poll.is_countable(now) => sequence(app, &poll).await,
        PollStatus::Open | PollStatus::Closed => close::certify(app, poll).await,
        PollStatus::Certified if poll.is_to_settle(now) => close::settle(app, poll).await,
        PollStatus::Draft | PollStatus::Announced | PollStatus::Certified => Ok(()),
    }
}
