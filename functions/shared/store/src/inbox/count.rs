//! Counters of inboxes: one update for each organization that a change of a submission concerns.
//!
//! An organization's counters are spread over [`SHARDS`] items by the submission's id, as those of the home page are. Each
//! number is an attribute; its name says what it counts.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::Update;
use domain::submission::Submission;
use domain::{CategoryId, OrganizationId};
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::cell::{InboxCell, cell_of};
use super::span::Span;
use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, number, text_of};
use crate::keys::{self, PK, SK};
use crate::transaction::Transaction;

const CELL: &str = "cell#";
const CATEGORY: &str = "category#";
/// Followed by the end of the term, in minutes since 1970.
const ENDS: &str = "ends#";

/// Organizations whose counters are read at the same time.
const AT_ONCE: usize = 32;

/// Counters that are zero in one item, beyond which they are removed: the ends of terms never come back.
const ZEROS: usize = 48;

/// What an organization has open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InboxCounts {
    /// By cell; no cell is empty.
    pub cells: BTreeMap<InboxCell, usize>,
    /// By the end of the running term; those whose clock stands still have none.
    pub ends: BTreeMap<Timestamp, usize>,
    /// By category; those without one are left out.
    pub categories: BTreeMap<CategoryId, usize>,
}

/// The counts of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationCounts {
    pub organization: OrganizationId,
    pub counts: InboxCounts,
}

impl InboxCounts {
    pub fn total(&self) -> usize {
        self.cells.values().sum()
    }

    /// Submissions in the cells that are wanted.
    pub fn of_cells(&self, wanted: impl Fn(&InboxCell) -> bool) -> usize {
        self.cells.iter().filter(|(cell, _)| wanted(cell)).map(|(_, count)| count).sum()
    }

    /// Submissions whose running term ends in a span.
    pub fn ending(&self, span: Span) -> usize {
        let running = self.ends.iter().filter(|(end, _)| span.has(Some(**end))).map(|(_, count)| count).sum();
        if span.has(None) { self.still() + running } else { running }
    }

    /// Submissions whose clock stands still.
    fn still(&self) -> usize {
        self.total().saturating_sub(self.ends.values().sum())
    }

    pub(super) fn has_still(&self) -> bool {
        self.still() > 0
    }

    fn read(&mut self, name: &str, count: usize) {
        if let Some(cell) = name.strip_prefix(CELL).and_then(InboxCell::parse) {
            *self.cells.entry(cell).or_default() += count;
        } else if let Some(end) = name.strip_prefix(ENDS).and_then(end_of) {
            *self.ends.entry(end).or_default() += count;
        } else if let Some(category) = name.strip_prefix(CATEGORY).and_then(|id| id.parse().ok()) {
            *self.categories.entry(category).or_default() += count;
        }
    }
}

fn end_of(minutes: &str) -> Option<Timestamp> {
    Timestamp::from_second(minutes.parse::<i64>().ok()?.checked_mul(60)?).ok()
}

/// The counters that a submission stands in.
fn columns(submission: &Submission) -> Option<(&OrganizationId, Vec<String>)> {
    let (organization, cell) = cell_of(submission)?;
    let mut columns = vec![format!("{CELL}{}", cell.name())];
    if let Some(term) = submission.running_term().filter(|_| !submission.is_paused()) {
        columns.push(format!("{ENDS}{}", term.ends.as_second().div_euclid(60)));
    }
    columns.extend(submission.category.as_ref().map(|category| format!("{CATEGORY}{category}")));
    Some((organization, columns))
}

/// What changes in the counters of each organization; nothing where the numbers stay.
fn differences(
    before: Option<&Submission>,
    after: Option<&Submission>,
) -> BTreeMap<OrganizationId, BTreeMap<String, i32>> {
    let mut changes: BTreeMap<OrganizationId, BTreeMap<String, i32>> = BTreeMap::new();
    for (state, by) in [(before, -1), (after, 1)] {
        let Some((organization, columns)) = state.and_then(columns) else { continue };
        let numbers = changes.entry(organization.clone()).or_default();
        for column in columns {
            *numbers.entry(column).or_default() += by;
        }
    }
    for numbers in changes.values_mut() {
        numbers.retain(|_, by| *by != 0);
    }
    changes.retain(|_, numbers| !numbers.is_empty());
    changes
}

/// Moves a submission in the counters from the state before a change to the state after it: at most two updates.
pub(crate) fn count(
    before: Option<&Submission>,
    after: &Submission,
    transaction: &mut Transaction<'_>,
) -> Result<(), StoreError> {
    let shard = keys::shard(after.id.uuid());
    for (organization, numbers) in differences(before, Some(after)) {
        let mut update = Update::builder();
        let mut sums = Vec::with_capacity(numbers.len());
        for (place, (column, by)) in numbers.into_iter().enumerate() {
            let value = if by < 0 { ":minus" } else { ":plus" };
            sums.push(format!("#c{place} {value}"));
            update = update
                .expression_attribute_names(format!("#c{place}"), column)
                .expression_attribute_values(value, number(by.signum()));
        }
        let update = update.update_expression(format!("ADD {}", sums.join(", ")));
        transaction.update(&keys::inbox_counts(&organization, shard), update)?;
    }
    Ok(())
}

impl Store {
    /// What each of these organizations has open, strongly consistent, in their order.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn inbox_counts(
        &self,
        organizations: &[OrganizationId],
    ) -> Result<Vec<OrganizationCounts>, StoreError> {
        let counts = organizations.iter().map(|organization| self.counts_of(organization).boxed());
        stream::iter(counts.collect::<Vec<_>>()).buffered(AT_ONCE).try_collect().await
    }

    async fn counts_of(&self, organization: &OrganizationId) -> Result<OrganizationCounts, StoreError> {
        let mut counts = InboxCounts::default();
        let mut shards = self.list(keys::organization(organization), keys::INBOX_PREFIX);
        while let Some(item) = shards.try_next().await? {
            let mut zeros = Vec::new();
            for (name, value) in &item {
                let Ok(digits) = value.as_n() else { continue };
                match digits.parse().map_err(|e| StoreError::unreadable(name, e))? {
                    0 => zeros.push(name.clone()),
                    count => counts.read(name, count),
                }
            }
            if zeros.len() > ZEROS {
                self.remove_zeros(&item, &zeros).await?;
            }
        }
        Ok(OrganizationCounts { organization: organization.clone(), counts })
    }

    /// Removes counters that are still zero. If one of them counts again meanwhile, all stay for the next time.
    async fn remove_zeros(&self, item: &Item, zeros: &[String]) -> Result<(), StoreError> {
        let key = keys::Key { pk: text_of(item, PK).to_owned(), sk: text_of(item, SK).to_owned() };
        let names: Vec<String> = (0..zeros.len().min(2 * ZEROS)).map(|place| format!("#z{place}")).collect();
        let still: Vec<String> = names.iter().map(|name| format!("{name} = :zero")).collect();
        let mut call = self.client.update_item().table_name(&self.platform);
        call = call
            .set_key(Some(crate::item::key_attributes(&key)))
            .update_expression(format!("REMOVE {}", names.join(", ")))
            .condition_expression(still.join(" AND "))
            .expression_attribute_values(":zero", number(0));
        for (name, zero) in names.iter().zip(zeros) {
            call = call.expression_attribute_names(name, zero);
        }
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let refused = error.as_service_error().is_some_and(|error| {
                    error.is_conditional_check_failed_exception() || error.is_transaction_conflict_exception()
                });
                if refused { Ok(()) } else { Err(StoreError::call("UpdateItem")(error)) }
            }
        }
    }
}
