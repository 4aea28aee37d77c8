//! Counted ratings, one item per organization, added to in the transaction of each answer and rating.

use aws_sdk_dynamodb::types::Update;
use domain::OrganizationId;
use domain::satisfaction::Satisfaction;
use domain::submission::Submission;
use events::Event;

use crate::NewEvent;
use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, number};
use crate::keys;
use crate::transaction::Transaction;

/// The attributes and what to add to each.
fn columns(counts: &Satisfaction) -> [(&'static str, u64); 5] {
    [
        ("answers", counts.answers),
        ("ratings", counts.ratings),
        ("satisfied", counts.satisfied),
        ("solved", counts.solved),
        ("mark_sum", counts.mark_sum),
    ]
}

/// What these events add to the counters of the organization that answered.
fn added(submission: &Submission, events: &[NewEvent]) -> Option<Satisfaction> {
    let added = |event: &NewEvent| match &event.envelope.event {
        Event::SubmissionAnswered => Some(Satisfaction::answered()),
        Event::SatisfactionRated { .. } => {
            let rating = submission.answers.last().and_then(|answer| answer.rating);
            rating.map(|rating| Satisfaction::rated(&rating))
        }
        _ => None,
    };
    events.iter().find_map(added)
}

/// Adds what a change adds to the counters of the organization that answered, if it adds anything.
pub(crate) fn add(
    submission: &Submission,
    events: &[NewEvent],
    transaction: &mut Transaction<'_>,
) -> Result<(), StoreError> {
    let (Some(counts), Some(answer)) = (added(submission, events), submission.answers.last()) else {
        return Ok(());
    };
    let columns = columns(&counts);
    let names: Vec<String> = columns.iter().map(|(name, _)| format!("#{name} :{name}")).collect();
    let mut update = Update::builder().update_expression(format!("ADD {}", names.join(", ")));
    for (name, count) in columns {
        update = update
            .expression_attribute_names(format!("#{name}"), name)
            .expression_attribute_values(format!(":{name}"), number(count));
    }
    transaction.update(&keys::satisfaction(&answer.organization), update)
}

impl Store {
    /// How an organization's answers were received; all zero if it has none.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn satisfaction(&self, organization: &OrganizationId) -> Result<Satisfaction, StoreError> {
        let item = self.get_item(&keys::satisfaction(organization)).await?.unwrap_or_default();
        Ok(Satisfaction {
            answers: count(&item, "answers"),
            ratings: count(&item, "ratings"),
            satisfied: count(&item, "satisfied"),
            solved: count(&item, "solved"),
            mark_sum: count(&item, "mark_sum"),
        })
    }
}

fn count(item: &Item, name: &str) -> u64 {
    let value = item.get(name).and_then(|value| value.as_n().ok());
    value.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
