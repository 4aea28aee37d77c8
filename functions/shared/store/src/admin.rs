//! For admin tools alone: what reads a whole table.

use domain::SubmissionId;

use crate::Store;
use crate::error::StoreError;
use crate::item::{string, text_of};
use crate::keys::{PK, SK, STATE};
use crate::page::{cursor, start};

/// Items that one request looks at. Without it the local engine (dynoxide) reads the rest of its table for each page.
const SCANNED: i32 = 1_000;

/// A page of the whole table.
#[derive(Debug, Clone)]
pub struct Scanned {
    /// The submissions in it.
    pub ids: Vec<SubmissionId>,
    /// The items that were read, of every kind.
    pub items: usize,
    /// Give it back to get the next page; none at the end.
    pub next: Option<String>,
}

impl Store {
    /// The ids of all submissions, a page at a time. This is a `Scan`: it reads, and costs, the whole table.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn all_submissions(&self, after: Option<String>) -> Result<Scanned, StoreError> {
        let call = self.client.scan().table_name(&self.platform).consistent_read(true);
        let call = call
            .limit(SCANNED)
            .filter_expression("#sk = :state")
            .projection_expression("#pk, #sk")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":state", string(STATE))
            .set_exclusive_start_key(start(after.as_deref(), &[PK, SK], None)?);
        let found = call.send().await.map_err(StoreError::call("Scan"))?;
        let next = cursor(found.last_evaluated_key.as_ref());
        let states = found.items.unwrap_or_default();
        let ids = states.iter().filter_map(|item| text_of(item, PK).rsplit('#').next()?.parse().ok());
        Ok(Scanned { ids: ids.collect(), items: usize::try_from(found.scanned_count).unwrap_or(0), next })
    }

    /// About how many items the platform table has: AWS counts them every six hours.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn approximate_items(&self) -> Result<u64, StoreError> {
        let call = self.client.describe_table().table_name(&self.platform);
        let described = call.send().await.map_err(StoreError::call("DescribeTable"))?;
        let items = described.table.and_then(|table| table.item_count).unwrap_or(0);
        Ok(u64::try_from(items).unwrap_or(0))
    }
}
