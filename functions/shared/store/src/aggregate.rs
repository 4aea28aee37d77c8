//! Things with a history. A new one implements [`Aggregate`] beside its keys; idempotency, history, deliveries, notices and
//! mail are the same for all.

use domain::Subject;
use events::Envelope;

use crate::error::StoreError;
use crate::item::Item;
use crate::transaction::Transaction;

/// An event to be written, and the text that came with it.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub envelope: Envelope,
    /// The words that somebody wrote.
    pub text: Option<String>,
}

/// The state of something that has a history: one item, with its events beside it.
pub trait Aggregate {
    fn subject(&self) -> Subject;

    /// The number of changes, from 1. An event has the version of the state after it.
    fn version(&self) -> u64;

    /// The status, for the log.
    fn status(&self) -> &'static str;

    /// Whether somebody must be told of an event, by the state after it. An event without a fact concerns nobody.
    fn concerns_somebody(&self, event: &Envelope) -> bool;

    /// The item with what the indexes need. An attribute that is not written takes the item out of its index.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be written as an item.
    fn item(&self) -> Result<Item, StoreError>;

    /// The attribute of the stored item which shows that this state has been counted; none if it stands in no counter that a
    /// change takes it out of.
    fn counted_by(&self) -> Option<&'static str> {
        None
    }

    /// Adds the counters that change with these events, from the state before them to this one.
    ///
    /// # Errors
    /// [`StoreError`] if an action cannot be made.
    fn count(
        &self,
        _before: Option<&Self>,
        _events: &[NewEvent],
        _transaction: &mut Transaction<'_>,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    /// Counts this state as it is stored, if an earlier version of the platform wrote it without counting.
    ///
    /// # Errors
    /// [`StoreError`] if an action cannot be made.
    fn count_late(&self, _transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        Ok(())
    }
}
