//! Chooses the organization that must answer and sets the deadline.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use domain::routing::{Basis, RoutingDecision};
use domain::rulebook::Rulebook;
use domain::submission::{Status, Submission};
use entrypoint::queue::{self, RecordError};
use entrypoint::{App, Change};
use events::{Actor, Delivery};
use store::{CommitError, TransactionParts};

/// Routes the submissions of a batch.
pub async fn handle(app: &App, batch: SqsEvent) -> SqsBatchResponse {
    queue::each(batch, |delivery| route(app, delivery)).await
}

async fn route(app: &App, delivery: Delivery) -> Result<(), RecordError> {
    let id = delivery.subject.submission()?;
    let submission = app.store.submission(id).await?.ok_or_else(|| format!("there is no submission {id}"))?;
    // Withdrawn or rejected meanwhile, or routed by an earlier copy of this message.
    if submission.status != Status::Received {
        return Ok(app.store.remove_deliveries(&[delivery]).await?);
    }
    let rulebook = app.store.rulebook().await?;
    let decision = decide(app, &submission, &rulebook).await?;

    let steps = submission.route_to(decision);
    let mut change = Change::of(submission, Actor::System, app.clock.now());
    for (step, text) in steps.with_text(None) {
        change.apply(&step, text, &rulebook)?;
    }

    match app.save(&change, TransactionParts { handled: Some(&delivery), ..TransactionParts::default() }).await {
        Ok(()) | Err(CommitError::Handled) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The organization that an imported file names, if the directory has it; else what the rules say.
async fn decide(
    app: &App,
    submission: &Submission,
    rulebook: &Rulebook,
) -> Result<RoutingDecision, RecordError> {
    if let Some(requested) = &submission.requested_organization
        && let Some(organization) = app.store.organization(requested).await?
    {
        return Ok(RoutingDecision {
            organization: organization.id,
            basis: Basis::Import,
            reason: format!("The imported file names «{}».", organization.name),
            category: None,
            territory: None,
        });
    }
    Ok(rulebook.route(submission.facts())?)
}
