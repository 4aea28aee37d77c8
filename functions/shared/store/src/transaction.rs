//! One builder for every transaction: what becomes true together, and what it means if a condition does not hold.
//!
//! DynamoDB takes at most 25 actions in one transaction on every engine. A transaction has a token, so that a second try of it
//! finds the effect of a first one whose answer was lost.

use std::time::Duration;

use aws_sdk_dynamodb::types::builders::{PutBuilder, UpdateBuilder};
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem, Update};
use events::Delivery;
use uuid::Uuid;

use crate::error::{CommitError, StoreError, cancellation};
use crate::item::{Item, key_attributes, number};
use crate::keys::{self, Key, PK, VERSION};
use crate::reply::StoredReply;
use crate::{Contact, Store};

/// The most actions that every engine takes at once.
const MOST_ACTIONS: usize = 25;

/// Tries of a transaction that meets another one at one of its items.
const TRIES: u32 = 6;

/// The meaning of an action's condition that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// Somebody else has written a newer state.
    State,
    /// The delivery is done with.
    Handled,
    /// The request has been answered.
    Replied,
    /// There is no condition.
    None,
}

/// Actions that become true together, or not at all.
#[derive(Debug)]
pub struct Transaction<'s> {
    store: &'s Store,
    actions: Vec<(Guard, TransactWriteItem)>,
}

impl Store {
    /// An empty transaction.
    pub(crate) const fn transaction(&self) -> Transaction<'_> {
        Transaction { store: self, actions: Vec::new() }
    }
}

impl Transaction<'_> {
    /// Writes an item over whatever is there.
    pub(crate) fn put(&mut self, item: Item) -> Result<(), StoreError> {
        self.push_put(Guard::None, Put::builder().table_name(&self.store.platform).set_item(Some(item)))
    }

    /// Writes the state of something over the version that the decision was made on, or as the first one.
    pub(crate) fn put_state(&mut self, item: Item, expected: Option<u64>) -> Result<(), StoreError> {
        self.put_counted(item, expected, None)
    }

    /// The same over an item that must have an attribute, if one is named.
    pub(crate) fn put_counted(
        &mut self,
        item: Item,
        expected: Option<u64>,
        counted_by: Option<&str>,
    ) -> Result<(), StoreError> {
        let put = Put::builder().table_name(&self.store.platform).set_item(Some(item));
        let put = match (expected, counted_by) {
            (None, _) => absent(put),
            (Some(version), None) => put
                .condition_expression("#version = :expected")
                .expression_attribute_names("#version", VERSION)
                .expression_attribute_values(":expected", number(version)),
            (Some(version), Some(attribute)) => put
                .condition_expression("#version = :expected AND attribute_exists(#counted)")
                .expression_attribute_names("#version", VERSION)
                .expression_attribute_names("#counted", attribute)
                .expression_attribute_values(":expected", number(version)),
        };
        self.push_put(Guard::State, put)
    }

    /// Gives the state of a version attributes that it was written without. The last argument is one of them: it must be absent.
    pub(crate) fn add_uncounted(
        &mut self,
        key: &Key,
        version: u64,
        attributes: Item,
        absent: &str,
    ) -> Result<(), StoreError> {
        let mut update = Update::builder()
            .table_name(&self.store.platform)
            .set_key(Some(key_attributes(key)))
            .condition_expression("#version = :expected AND attribute_not_exists(#absent)")
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_names("#absent", absent)
            .expression_attribute_values(":expected", number(version));
        let mut sets = Vec::with_capacity(attributes.len());
        for (place, (name, value)) in attributes.into_iter().enumerate() {
            sets.push(format!("#a{place} = :a{place}"));
            update = update
                .expression_attribute_names(format!("#a{place}"), name)
                .expression_attribute_values(format!(":a{place}"), value);
        }
        let update = update.update_expression(format!("SET {}", sets.join(", ")));
        let update = update.build().map_err(|e| StoreError::unreadable(&key.pk, e))?;
        self.actions.push((Guard::State, TransactWriteItem::builder().update(update).build()));
        Ok(())
    }

    /// The same for something whose items had no version at first: an item without one is version 0.
    pub(crate) fn put_state_from_zero(&mut self, item: Item, expected: u64) -> Result<(), StoreError> {
        if expected > 0 {
            return self.put_state(item, Some(expected));
        }
        let put = Put::builder().table_name(&self.store.platform).set_item(Some(item));
        let put = put
            .condition_expression("attribute_not_exists(#version)")
            .expression_attribute_names("#version", VERSION);
        self.push_put(Guard::State, put)
    }

    /// Writes the reply to a request, unless the request has been answered.
    pub(crate) fn reply(&mut self, reply: &StoredReply) -> Result<(), StoreError> {
        let put = Put::builder().table_name(&self.store.platform).set_item(Some(reply.item()?));
        self.push_put(Guard::Replied, absent(put))
    }

    /// Removes the delivery whose effect this is. An absent delivery is done with.
    pub(crate) fn handled(&mut self, delivery: &Delivery) -> Result<(), StoreError> {
        let delete = Delete::builder()
            .table_name(&self.store.platform)
            .set_key(Some(key_attributes(&keys::delivery(delivery))))
            .condition_expression("attribute_exists(#pk)")
            .expression_attribute_names("#pk", PK)
            .build()
            .map_err(|e| StoreError::unreadable("delivery", e))?;
        self.actions.push((Guard::Handled, TransactWriteItem::builder().delete(delete).build()));
        Ok(())
    }

    /// Removes an item, if it is there.
    pub(crate) fn delete(&mut self, key: &Key) -> Result<(), StoreError> {
        let delete = Delete::builder().table_name(&self.store.platform).set_key(Some(key_attributes(key)));
        let delete = delete.build().map_err(|e| StoreError::unreadable(&key.pk, e))?;
        self.actions.push((Guard::None, TransactWriteItem::builder().delete(delete).build()));
        Ok(())
    }

    /// Changes single attributes of an item; adding to a number is the usual one.
    pub(crate) fn update(&mut self, key: &Key, update: UpdateBuilder) -> Result<(), StoreError> {
        let update: Update = update
            .table_name(&self.store.platform)
            .set_key(Some(key_attributes(key)))
            .build()
            .map_err(|e| StoreError::unreadable(&key.pk, e))?;
        self.actions.push((Guard::None, TransactWriteItem::builder().update(update).build()));
        Ok(())
    }

    /// Writes what is known of a person. Nothing happens in a function without access to personal data.
    pub(crate) fn contact(&mut self, contact: &Contact) -> Result<(), StoreError> {
        self.put_personal(contact.item()?)
    }

    /// Writes an item of the table `people`. Nothing happens in a function without access to personal data.
    pub(crate) fn put_personal(&mut self, item: Item) -> Result<(), StoreError> {
        let Some(people) = &self.store.people else { return Ok(()) };
        self.push_put(Guard::None, Put::builder().table_name(people).set_item(Some(item)))
    }

    fn push_put(&mut self, guard: Guard, put: PutBuilder) -> Result<(), StoreError> {
        let put = put.build().map_err(|e| StoreError::unreadable("item", e))?;
        self.actions.push((guard, TransactWriteItem::builder().put(put).build()));
        Ok(())
    }

    /// Writes it all.
    ///
    /// # Errors
    /// [`CommitError::Conflict`], [`CommitError::Handled`] or [`CommitError::Replied`] if a condition did not hold,
    /// [`StoreError::TooManyActions`] if no engine takes so much. Nothing is written then.
    pub(crate) async fn write(self) -> Result<(), CommitError> {
        if self.actions.len() > MOST_ACTIONS {
            return Err(StoreError::TooManyActions { actions: self.actions.len(), most: MOST_ACTIONS }.into());
        }
        let (guards, actions): (Vec<Guard>, Vec<TransactWriteItem>) = self.actions.into_iter().unzip();
        let token = Uuid::now_v7().to_string();
        let mut tries = 1;
        loop {
            let call = self.store.client.transact_write_items().set_transact_items(Some(actions.clone()));
            let Err(error) = call.client_request_token(&token).send().await else { return Ok(()) };
            let reasons = cancellation(&error);
            if let Some(broken) = broken(&guards, &reasons) {
                return Err(broken);
            }
            // Another transaction is at one of the items this very moment.
            if tries == TRIES || !reasons.iter().any(|reason| reason == "TransactionConflict") {
                return Err(StoreError::call("TransactWriteItems")(error).into());
            }
            tokio::time::sleep(Duration::from_millis(10 << tries)).await;
            tries += 1;
        }
    }
}

fn absent(put: PutBuilder) -> PutBuilder {
    put.condition_expression("attribute_not_exists(#pk)").expression_attribute_names("#pk", PK)
}

/// The error that a broken condition stands for. A repeat breaks several: a delivery that is done with comes before a reply,
/// and a reply before a newer state.
fn broken(guards: &[Guard], reasons: &[String]) -> Option<CommitError> {
    let failed = |guard: Guard| {
        let mut pairs = guards.iter().zip(reasons);
        pairs.any(|(at, reason)| *at == guard && reason == "ConditionalCheckFailed")
    };
    if failed(Guard::Handled) {
        return Some(CommitError::Handled);
    }
    if failed(Guard::Replied) {
        return Some(CommitError::Replied);
    }
    failed(Guard::State).then_some(CommitError::Conflict)
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::config::{BehaviorVersion, Config};

    use super::*;

    fn store() -> Store {
        let config = Config::builder().behavior_version(BehaviorVersion::v2026_01_12()).build();
        Store::new(crate::Client::from_conf(config), "platform".into(), None)
    }

    /// The limit holds in every build: the call is never made.
    #[tokio::test]
    async fn more_actions_than_an_engine_takes_are_refused() {
        let store = store();
        let mut transaction = store.transaction();
        for number in 0..=MOST_ACTIONS {
            transaction.put(key_attributes(&keys::totals(u8::try_from(number).unwrap()))).unwrap();
        }
        let error = transaction.write().await.unwrap_err();
        assert!(
            matches!(error, CommitError::Store(StoreError::TooManyActions { actions: 26, most: 25 })),
            "{error:?}"
        );
    }

    #[test]
    fn a_repeat_is_told_from_a_conflict() {
        let guards = [Guard::State, Guard::None, Guard::Handled, Guard::Replied];
        let reasons = |failed: &[usize]| -> Vec<String> {
            let reason = |place| if failed.contains(&place) { "ConditionalCheckFailed" } else { "None" };
            (0..guards.len()).map(|place| reason(place).to_owned()).collect()
        };
        let of = |failed: &[usize]| broken(&guards, &reasons(failed));
        assert!(matches!(of(&[0]), Some(CommitError::Conflict)));
        assert!(matches!(of(&[0, 3]), Some(CommitError::Replied)));
        assert!(matches!(of(&[0, 2, 3]), Some(CommitError::Handled)));
        assert!(of(&[]).is_none());
        assert!(of(&[1]).is_none(), "an action without a condition breaks none");
    }
}
