//! Reading items: one, a partition, many by their keys.

use aws_sdk_dynamodb::types::KeysAndAttributes;
use futures::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, body, key_attributes, string};
use crate::keys::{self, Key, PK};

/// The most that `BatchGetItem` takes.
const BATCH: usize = 100;

/// Batches that are read at the same time: a file of 10,000 submissions takes three hundred.
const BATCHES_AT_ONCE: usize = 8;

impl Store {
    /// The body of an item, strongly consistent.
    pub(crate) async fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        self.get_item(key).await?.map(body).transpose()
    }

    /// An item, strongly consistent.
    pub(crate) async fn get_item(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let call = self.client.get_item().table_name(&self.platform).set_key(Some(key_attributes(key)));
        let found = call.consistent_read(true).send().await.map_err(StoreError::call("GetItem"))?;
        Ok(found.item)
    }

    /// The body of an item of the table `people`; none too in a function without access to personal data.
    pub(crate) async fn get_personal<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        let Some(people) = &self.people else { return Ok(None) };
        let call = self.client.get_item().table_name(people).set_key(Some(key_attributes(key)));
        let found = call.send().await.map_err(StoreError::call("GetItem"))?;
        found.item.map(body).transpose()
    }

    /// The bodies of the items of a partition whose sort keys begin so, in their order, strongly consistent.
    pub(crate) async fn list_of<T: DeserializeOwned>(
        &self,
        pk: String,
        prefix: &str,
    ) -> Result<Vec<T>, StoreError> {
        self.list(pk, prefix).and_then(|item| std::future::ready(body(item))).try_collect().await
    }

    /// Everything in a partition, strongly consistent, in the order of the sort keys.
    pub(crate) async fn partition(&self, pk: &str) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let call = self.client.query().table_name(&self.platform).consistent_read(true);
            let call = call
                .key_condition_expression("#pk = :pk")
                .expression_attribute_names("#pk", PK)
                .expression_attribute_values(":pk", string(pk))
                .set_exclusive_start_key(start);
            let found = call.send().await.map_err(StoreError::call("Query"))?;
            items.extend(found.items.unwrap_or_default());
            start = found.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// The items with these keys, strongly consistent, in no particular order; absent ones are left out.
    pub(crate) async fn get_all(
        &self,
        keys: impl IntoIterator<Item = keys::Key>,
    ) -> Result<Vec<Item>, StoreError> {
        self.get_all_of(&self.platform, keys).await
    }

    /// The items of a table with these keys, batch by batch in the order of the keys.
    pub(crate) async fn get_all_of(
        &self,
        table: &str,
        keys: impl IntoIterator<Item = keys::Key>,
    ) -> Result<Vec<Item>, StoreError> {
        let mut wanted: Vec<Item> = keys.into_iter().map(|key| key_attributes(&key)).collect();
        let mut reading = Vec::with_capacity(wanted.len().div_ceil(BATCH));
        while !wanted.is_empty() {
            let rest = wanted.split_off(wanted.len().min(BATCH));
            reading.push(self.get_batch(table, wanted));
            wanted = rest;
        }
        let mut read = stream::iter(reading).buffered(BATCHES_AT_ONCE);
        let mut items = Vec::new();
        while let Some(batch) = read.try_next().await? {
            items.extend(batch);
        }
        Ok(items)
    }

    /// The items with these keys, at most [`BATCH`].
    async fn get_batch(&self, table: &str, mut wanted: Vec<Item>) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::with_capacity(wanted.len());
        while !wanted.is_empty() {
            let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
            let keys = keys.map_err(|e| StoreError::unreadable("keys", e))?;
            let call = self.client.batch_get_item().request_items(table, keys);
            let found = call.send().await.map_err(StoreError::call("BatchGetItem"))?;
            items.extend(found.responses.unwrap_or_default().remove(table).unwrap_or_default());
            // What the database had no time for comes again.
            let unread = found.unprocessed_keys.unwrap_or_default().remove(table);
            wanted = unread.map(|keys| keys.keys).unwrap_or_default();
        }
        Ok(items)
    }
}
