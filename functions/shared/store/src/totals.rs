//! What the home page shows: how many came in, were answered and solved, and what was solved lately.
//!
//! Counted in shards, so that no single item is in the way of every commit. Each shard also keeps the latest submission
//! that was answered "solved".

use aws_sdk_dynamodb::types::Update;
use domain::submission::{Outcome, Submission};
use domain::{CategoryId, SubmissionId, TerritoryId};
use events::Event;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::NewEvent;
use crate::Store;
use crate::error::StoreError;
use crate::item::number;
use crate::keys::{self, SHARDS};
use crate::transaction::Transaction;

/// What the home page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Submissions received.
    pub received: u64,
    /// Answers published.
    pub answered: u64,
    /// Those of them that say "solved".
    pub solved: u64,
    /// What was solved lately, the latest first.
    pub latest: Vec<SolvedLately>,
}

/// A submission that was answered "solved". Everybody may know these things about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SolvedLately {
    /// Which.
    pub id: SubmissionId,
    /// What it was about.
    pub category: Option<CategoryId>,
    /// Where.
    pub territory: TerritoryId,
    /// When it came in.
    pub received: Timestamp,
    /// When it was answered.
    pub answered: Timestamp,
}

/// The columns that a commit adds one to.
fn added(submission: &Submission, events: &[NewEvent]) -> Vec<&'static str> {
    let mut columns = Vec::new();
    for NewEvent { envelope, .. } in events {
        match envelope.event {
            Event::SubmissionReceived => columns.push("received"),
            Event::SubmissionAnswered => {
                columns.push("answered");
                if submission.answers.last().is_some_and(|answer| answer.outcome == Outcome::Solved) {
                    columns.push("solved");
                }
            }
            _ => {}
        }
    }
    columns
}

/// Adds what a change adds to the totals, if it adds anything.
pub(crate) fn add(
    submission: &Submission,
    events: &[NewEvent],
    transaction: &mut Transaction<'_>,
) -> Result<(), StoreError> {
    let columns = added(submission, events);
    if columns.is_empty() {
        return Ok(());
    }
    let sums: Vec<String> = columns.iter().map(|name| format!("#{name} :one")).collect();
    let mut expression = format!("ADD {}", sums.join(", "));
    let mut update = Update::builder().expression_attribute_values(":one", number(1));
    for name in &columns {
        update = update.expression_attribute_names(format!("#{name}"), *name);
    }
    if let (true, Some(answer)) = (columns.contains(&"solved"), submission.answers.last()) {
        let latest = SolvedLately {
            id: submission.id,
            category: submission.category.clone(),
            territory: submission.territory.clone(),
            received: submission.received,
            answered: answer.at,
        };
        let latest =
            serde_dynamo::to_attribute_value(&latest).map_err(|e| StoreError::unreadable("totals", e))?;
        expression.push_str(" SET #latest = :latest");
        update = update
            .expression_attribute_names("#latest", "latest")
            .expression_attribute_values(":latest", latest);
    }
    let key = keys::totals(keys::shard(submission.id.uuid()));
    transaction.update(&key, update.update_expression(expression))
}

impl Store {
    /// What the home page shows.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn totals(&self) -> Result<Totals, StoreError> {
        let mut totals = Totals::default();
        for mut item in self.get_all((0..SHARDS).map(keys::totals)).await? {
            let count = |name: &str| -> u64 {
                let value = item.get(name).and_then(|value| value.as_n().ok());
                value.and_then(|digits| digits.parse().ok()).unwrap_or(0)
            };
            totals.received += count("received");
            totals.answered += count("answered");
            totals.solved += count("solved");
            if let Some(latest) = item.remove("latest") {
                let latest = serde_dynamo::from_attribute_value(latest);
                totals.latest.push(latest.map_err(|e| StoreError::unreadable("totals", e))?);
            }
        }
        totals.latest.sort_by_key(|solved: &SolvedLately| std::cmp::Reverse(solved.answered));
        Ok(totals)
    }
}
