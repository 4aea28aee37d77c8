//! The close: the last ballots are logged, all are counted, the result is signed.

use domain::poll::Poll;
use domain::poll::ballot_box::Ballot;
use domain::poll::proof::{Archive, Leaf, Outcome, TreeHead};
use entrypoint::App;
use entrypoint::queue::RecordError;
use jiff::Timestamp;
use store::{CommitError, LoggedBallots, PollResult};

use crate::sequence::{Candidates, sequence};

/// Counts a poll after its close.
pub(crate) async fn certify(app: &App, poll: Poll) -> Result<(), RecordError> {
    let now = app.clock.now();
    // Most of what waits is found by the index, head by head; then all ballots are read for what it has missed.
    sequence(app, &poll, Candidates::Waiting).await?;
    let heads = sequence(app, &poll, Candidates::All).await?;
    let archive = archive(app, &poll, heads, None, now).await?;
    let outcome = archive.content.result;
    tracing::info!(poll.id = %poll.id, ballots = outcome.ballots, "poll counted");
    let result = PollResult { outcome, certified: now, signature: archive.signature };
    let Some(certified) = poll.certified(now) else { return Ok(()) };
    match app.store.put_poll(&certified, None, Some(&result)).await {
        // Another run was faster: it counted the same.
        Ok(()) | Err(CommitError::Conflict) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Looks at the ballots once more, long after the close. One that was accepted in time and came to the table after the count must
/// not be passed over in silence.
pub(crate) async fn settle(app: &App, poll: Poll) -> Result<(), RecordError> {
    let id = poll.id;
    let result = app.store.poll_result(id).await?.ok_or("a certified poll has no result")?;
    // Nothing waits in a counted poll: if something does, it came late.
    let heads = app.store.heads(id).await?;
    let again = archive(app, &poll, heads, Some(result.outcome), result.certified).await;
    if !again.as_ref().is_ok_and(|again| again.signature == result.signature) {
        tracing::error!(
            poll.late_ballots = true,
            poll.id = %id,
            "ballots that were accepted in time were not counted: the result is to be annulled and counted again"
        );
    }
    match app.store.put_poll(&poll.settled(), None, None).await {
        Ok(()) | Err(CommitError::Conflict) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn archive(
    app: &App,
    poll: &Poll,
    heads: Vec<LoggedBallots>,
    known: Option<Outcome>,
    certified: Timestamp,
) -> Result<Archive, RecordError> {
    let key = app.secret()?.poll(poll.id);
    let leaves: Vec<Leaf> = heads.iter().flat_map(|logged| logged.leaves.iter().copied()).collect();
    let heads: Vec<TreeHead> = heads.into_iter().map(|logged| logged.head).collect();
    let ballots = app.store.ballots(poll.id).await?;
    let ballots: Vec<Ballot> = ballots.into_iter().map(|(_, ballot)| ballot).collect();
    Ok(Archive::make(poll, &key, heads, leaves, &ballots, known, certified)?)
}
