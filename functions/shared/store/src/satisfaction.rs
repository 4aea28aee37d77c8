//! Counted ratings, one item per organization, added to in the transaction of each answer and rating.

use domain::OrganizationId;
use domain::satisfaction::Satisfaction;

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, key_attributes};
use crate::keys;

/// The attributes and what to add to each.
pub(crate) fn columns(counts: &Satisfaction) -> [(&'static str, u64); 5] {
    [
        ("answers", counts.answers),
        ("ratings", counts.ratings),
        ("satisfied", counts.satisfied),
        ("solved", counts.solved),
        ("mark_sum", counts.mark_sum),
    ]
}

impl Store {
    /// How an organization's answers were received; all zero if it has none.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn satisfaction(&self, organization: &OrganizationId) -> Result<Satisfaction, StoreError> {
        let key = key_attributes(&keys::satisfaction(organization));
        let call = self.client.get_item().table_name(&self.platform).set_key(Some(key));
        let found = call.send().await.map_err(StoreError::call("GetItem"))?;
        let item = found.item.unwrap_or_default();
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
