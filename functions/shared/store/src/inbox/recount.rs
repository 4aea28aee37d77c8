//! Counting what an earlier version of the platform left open.

use domain::submission::Submission;
use serde_json::Value;

use crate::Store;
use crate::error::StoreError;
use crate::item::{body, item, string};
use crate::keys::{self, CELL, INBOX, PK, SK};
use crate::page::{cursor, start};

/// Items that one request looks at.
const SCANNED: i32 = 1_000;

impl Store {
    /// Whether every open submission stands in the counters of an inbox: always, but for data of an earlier version.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn inboxes_are_counted(&self) -> Result<bool, StoreError> {
        Ok(self.get_item(&keys::inboxes_counted()).await?.is_some())
    }

    /// Says that there is nothing that is not counted.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn mark_inboxes_counted(&self) -> Result<(), StoreError> {
        let item = item(&keys::inboxes_counted(), &Value::Null)?;
        let call = self.client.put_item().table_name(&self.platform).set_item(Some(item));
        call.send().await.map_err(StoreError::call("PutItem"))?;
        Ok(())
    }

    /// Counts every open submission that is not counted yet; gives their number. This is a `Scan`: it reads, and costs, the whole
    /// table. Requests go on meanwhile, and a second run finds nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails; what is counted so far stays counted.
    pub async fn count_inboxes(&self, mut progress: impl FnMut(usize)) -> Result<usize, StoreError> {
        let (mut counted, mut read, mut after) = (0, 0, None::<String>);
        loop {
            let call = self.client.scan().table_name(&self.platform).consistent_read(true).limit(SCANNED);
            let call = call
                .filter_expression("begins_with(#inbox, :inbox) AND attribute_not_exists(#cell)")
                .expression_attribute_names("#inbox", INBOX.pk)
                .expression_attribute_names("#cell", CELL.pk)
                .expression_attribute_values(":inbox", string(keys::INBOX_PREFIX))
                .set_exclusive_start_key(start(after.as_deref(), &[PK, SK], None)?);
            let found = call.send().await.map_err(StoreError::call("Scan"))?;
            for item in found.items.unwrap_or_default() {
                let submission: Submission = body(item)?;
                counted += usize::from(self.count_late(Some(&submission)).await?);
            }
            read += usize::try_from(found.scanned_count).unwrap_or(0);
            progress(read);
            after = cursor(found.last_evaluated_key.as_ref());
            if after.is_none() {
                self.mark_inboxes_counted().await?;
                return Ok(counted);
            }
        }
    }
}
