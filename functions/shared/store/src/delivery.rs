//! Deliveries that have not had their effect yet.

use aws_sdk_dynamodb::types::{DeleteRequest, WriteRequest};
use events::{Consumer, Delivery};
use futures::future::ready;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, body, key_attributes, string, text_of};
use crate::keys::{self, PK, SHARDS};

/// A delivery that waits for its effect.
#[derive(Debug, Clone)]
pub struct PendingDelivery {
    /// What is to be delivered.
    pub delivery: Delivery,
    /// When its event was committed; the first send follows at once.
    pub created: Timestamp,
    /// When the relay sent it again, if it did.
    pub resent: Option<Timestamp>,
}

/// Attribute: when the relay sent it again.
const RESENT: &str = "resent_at";
/// The most that `BatchWriteItem` takes.
const BATCH: usize = 25;

impl Store {
    /// The deliveries of a consumer that have not had their effect, shard after shard, strongly consistent; read page by page.
    pub fn pending(
        &self,
        consumer: Consumer,
    ) -> impl Stream<Item = Result<PendingDelivery, StoreError>> + '_ {
        let of_shard = move |shard| self.list(keys::deliveries(consumer, shard), "");
        stream::iter(0..SHARDS).flat_map(of_shard).and_then(|item| ready(pending(item)))
    }

    /// Whether a delivery has not had its effect yet. Strongly consistent.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn is_pending(&self, delivery: &Delivery) -> Result<bool, StoreError> {
        Ok(self.get_item(&keys::delivery(delivery)).await?.is_some())
    }

    /// Remembers that a delivery was sent again, unless it has had its effect meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn mark_resent(&self, delivery: &Delivery, now: Timestamp) -> Result<(), StoreError> {
        let call = self.client.update_item().table_name(&self.platform);
        let call = call
            .set_key(Some(key_attributes(&keys::delivery(delivery))))
            .update_expression("SET #resent = :now")
            .condition_expression("attribute_exists(#pk)")
            .expression_attribute_names("#resent", RESENT)
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":now", string(keys::second(now)));
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(aws_sdk_dynamodb::operation::update_item::UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(StoreError::call("UpdateItem")(error)),
        }
    }

    /// Removes deliveries whose effect lies outside the database and has happened. One that is gone already is fine.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails; some may be removed then.
    pub async fn remove_deliveries(&self, deliveries: &[Delivery]) -> Result<(), StoreError> {
        for batch in deliveries.chunks(BATCH) {
            let mut requests = Vec::with_capacity(batch.len());
            for delivery in batch {
                let key = key_attributes(&keys::delivery(delivery));
                let delete = DeleteRequest::builder().set_key(Some(key)).build();
                let delete = delete.map_err(|e| StoreError::unreadable("delivery", e))?;
                requests.push(WriteRequest::builder().delete_request(delete).build());
            }
            self.write_all(requests).await?;
        }
        Ok(())
    }

    /// Writes at most 25 requests, again and again until the database has taken all.
    pub(crate) async fn write_all(&self, mut requests: Vec<WriteRequest>) -> Result<(), StoreError> {
        while !requests.is_empty() {
            let call = self.client.batch_write_item().request_items(&self.platform, requests);
            let done = call.send().await.map_err(StoreError::call("BatchWriteItem"))?;
            requests = done.unprocessed_items.unwrap_or_default().remove(&self.platform).unwrap_or_default();
        }
        Ok(())
    }
}

fn pending(item: Item) -> Result<PendingDelivery, StoreError> {
    let created = text_of(&item, "created_at").parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let resent = text_of(&item, RESENT).parse().ok();
    Ok(PendingDelivery { delivery: body(item)?, created, resent })
}
