//! What the clock does by itself. It reminds of submissions, marks them overdue, tells the organization above, closes what was
//! not rated; the owners of everything else that is due are woken through their queues.

use domain::submission::{AlarmKind, Submission};
use domain::{OrganizationId, Subject, SubmissionId};
use entrypoint::{App, Change};
use events::Actor;
use store::keys::SHARDS;
use store::{CommitError, StoreError, TransactionParts};

/// Alarms handled in one run of a shard; the rest follow with the next.
const BATCH: i32 = 200;

/// Some alarms could not be handled; they ring again with the next run.
#[derive(Debug, thiserror::Error)]
pub enum DeadlineError {
    /// The due alarms cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Single submissions failed; each is in the log.
    #[error("{0} alarms failed")]
    Some(usize),
}

/// Handles every alarm that is due.
///
/// # Errors
/// [`DeadlineError`]; what could be handled is.
pub async fn handle(app: &App) -> Result<(), DeadlineError> {
    let now = app.clock.now();
    let mut failed = 0;
    for shard in 0..SHARDS {
        for subject in app.store.due_alarms(shard, now, BATCH).await? {
            let Subject::Submission(id) = subject else {
                app.outbox.wake(subject).await;
                continue;
            };
            if let Err(error) = ring(app, id).await {
                tracing::error!(submission.id = %id, error = entrypoint::queue::chain(&*error), "an alarm failed");
                failed += 1;
            }
        }
    }
    if failed == 0 { Ok(()) } else { Err(DeadlineError::Some(failed)) }
}

async fn ring(app: &App, id: SubmissionId) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let now = app.clock.now();
    let Some(submission) = app.store.submission(id).await? else {
        return Ok(());
    };
    // The index is eventually consistent: the alarm may have been handled, or moved, meanwhile.
    let Some(alarm) = submission.alarm().filter(|alarm| alarm.at <= now) else {
        return Ok(());
    };
    let rulebook = app.store.rulebook().await?;
    let above = match alarm.kind {
        AlarmKind::Escalate => above(app, &submission).await?,
        AlarmKind::Remind | AlarmKind::MarkOverdue | AlarmKind::Close => None,
    };
    let Some(step) = submission.step_of(alarm, above) else { return Ok(()) };

    let mut change = Change::of(submission, Actor::System, now);
    change.apply(&step, None, &rulebook)?;
    match app.save(&change, TransactionParts::default()).await {
        // Somebody else was quicker; what is still due rings again.
        Ok(()) | Err(CommitError::Conflict) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The organization above the one that should have answered; none at the top of the tree.
async fn above(app: &App, submission: &Submission) -> Result<Option<OrganizationId>, StoreError> {
    let Some(id) = &submission.organization else {
        return Ok(None);
    };
    let organization = app.store.organization(id).await?;
    Ok(organization.and_then(|organization| organization.parent))
}

#[cfg(test)]
mod tests;
