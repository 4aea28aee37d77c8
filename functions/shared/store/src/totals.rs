//! What the home page shows: how many came in, were answered and solved, and what was solved lately.
//!
//! Counted in shards, so that no single item is in the way of every commit. A submission counts by the state it is in: one whose
//! author does not agree with the answer leaves the answered and the solved ones. Each shard also keeps the latest submission
//! that was answered "solved".

use std::collections::HashSet;

use aws_sdk_dynamodb::types::Update;
use domain::submission::{Answer, Outcome, Status, Submission};
use domain::{CategoryId, SubmissionId, TerritoryId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;
use crate::item::{body, number};
use crate::keys::{self, SHARDS};
use crate::transaction::Transaction;

/// What the home page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Submissions received.
    pub received: u64,
    /// Those of them whose answer stands: one with which its author does not agree does not, until there is another.
    pub answered: u64,
    /// Those of them whose answer says "solved".
    pub solved: u64,
    /// What was solved lately and still is, the latest first.
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

/// The answer of a submission, while it stands.
fn standing(submission: &Submission) -> Option<&Answer> {
    let stands = matches!(submission.status, Status::Answered | Status::Closed);
    submission.answers.last().filter(|_| stands)
}

/// What is counted of a submission.
fn columns(submission: &Submission) -> [(&'static str, bool); 3] {
    let answer = standing(submission);
    let is_solved = answer.is_some_and(|answer| answer.outcome == Outcome::Solved);
    [("received", true), ("answered", answer.is_some()), ("solved", is_solved)]
}

/// The columns that a change adds to, and by how much.
fn differences(before: Option<&Submission>, after: &Submission) -> Vec<(&'static str, i8)> {
    let earlier = before.map_or([("", false); 3], columns);
    let pairs = columns(after).into_iter().zip(earlier);
    let by = pairs.map(|((name, is), (_, was))| (name, i8::from(is) - i8::from(was)));
    by.filter(|(_, by)| *by != 0).collect()
}

/// Adds what a change adds to the totals, if it adds anything.
pub(crate) fn add(
    before: Option<&Submission>,
    after: &Submission,
    transaction: &mut Transaction<'_>,
) -> Result<(), StoreError> {
    let differences = differences(before, after);
    if differences.is_empty() {
        return Ok(());
    }
    let mut update = Update::builder();
    let mut sums = Vec::with_capacity(differences.len());
    for (name, by) in &differences {
        sums.push(format!("#{name} :{name}"));
        update = update
            .expression_attribute_names(format!("#{name}"), *name)
            .expression_attribute_values(format!(":{name}"), number(by));
    }
    let mut expression = format!("ADD {}", sums.join(", "));
    if let (true, Some(answer)) = (differences.contains(&("solved", 1)), standing(after)) {
        let latest = SolvedLately {
            id: after.id,
            category: after.category.clone(),
            territory: after.territory.clone(),
            received: after.received,
            answered: answer.at,
        };
        let latest =
            serde_dynamo::to_attribute_value(&latest).map_err(|e| StoreError::unreadable("totals", e))?;
        expression.push_str(" SET #latest = :latest");
        update = update
            .expression_attribute_names("#latest", "latest")
            .expression_attribute_values(":latest", latest);
    }
    let key = keys::totals(keys::shard(after.id.uuid()));
    transaction.update(&key, update.update_expression(expression))
}

/// Takes out what an earlier version counted of a submission that is open: each of its answers, though none of them stands.
pub(crate) fn take_out(open: &Submission, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
    if open.answers.is_empty() {
        return Ok(());
    }
    let counted = |answers: usize| i64::try_from(answers).unwrap_or(i64::MAX);
    let solved = open.answers.iter().filter(|answer| answer.outcome == Outcome::Solved).count();
    let update = Update::builder()
        .update_expression("ADD #answered :answered, #solved :solved")
        .expression_attribute_names("#answered", "answered")
        .expression_attribute_names("#solved", "solved")
        .expression_attribute_values(":answered", number(-counted(open.answers.len())))
        .expression_attribute_values(":solved", number(-counted(solved)));
    transaction.update(&keys::totals(keys::shard(open.id.uuid())), update)
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
        // One that has been reopened since is not solved.
        let ids = totals.latest.iter().map(|solved| keys::state(solved.id));
        let mut solved = HashSet::new();
        for item in self.get_all(ids).await? {
            let submission: Submission = body(item)?;
            solved.extend(columns(&submission).contains(&("solved", true)).then_some(submission.id));
        }
        totals.latest.retain(|latest| solved.contains(&latest.id));
        totals.latest.sort_by_key(|solved: &SolvedLately| std::cmp::Reverse(solved.answered));
        Ok(totals)
    }
}
