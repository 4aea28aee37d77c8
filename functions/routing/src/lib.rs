//! Routing: chooses the organization that must answer a submission, and so sets the term of its answer.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use domain::routing::RoutingDecision;
use domain::rulebook::{IncompleteDirectory, Rulebook};
use domain::submission::{Status, Submission};
use entrypoint::queue::{self, RecordError};
use entrypoint::{App, Change};
use events::{Actor, Delivery};
use store::{CommitError, PlacedOrganization, TransactionParts};

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
    change.apply_all(steps, None, &rulebook)?;

    match app
        .save(&change, TransactionParts { handled: Some(&delivery), ..TransactionParts::default() })
        .await
    {
        Ok(()) | Err(CommitError::Handled) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn decide(
    app: &App,
    submission: &Submission,
    rulebook: &Rulebook,
) -> Result<RoutingDecision, RecordError> {
    let named = match &submission.requested_organization {
        Some(requested) => app.store.organization(requested).await?,
        None => None,
    };
    Ok(choose(named, submission, rulebook)?)
}

/// The organization that an imported file names, if the directory has it; else what the rules say.
fn choose(
    named: Option<PlacedOrganization>,
    submission: &Submission,
    rulebook: &Rulebook,
) -> Result<RoutingDecision, IncompleteDirectory> {
    match named {
        Some(organization) => Ok(RoutingDecision::of_import(organization.id, &organization.name)),
        None => rulebook.route(submission.facts()),
    }
}

#[cfg(test)]
mod tests;
