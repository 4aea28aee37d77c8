//! Things for which the clock must do something at an instant: the index `alarm`.
//!
//! The item of a state has its own next alarm. The function `deadlines` reads what is due, rings the alarms of submissions
//! itself and wakes the owners of the others through their queues. An alarm stays until its effect has moved it.

use domain::Subject;
use jiff::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, string, text_of};
use crate::keys::{self, ALARM};

/// Puts an item into the index of alarms.
pub(crate) fn ring_at(item: &mut Item, at: Timestamp, subject: Subject) {
    item.insert(ALARM.pk.into(), string(keys::alarm(keys::shard(subject.uuid()))));
    item.insert(ALARM.sk.into(), string(keys::due(at, subject)));
}

impl Store {
    /// Subjects of one shard whose alarm is due, the longest due first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn due_alarms(
        &self,
        shard: u8,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<Subject>, StoreError> {
        let call = self.client.query().table_name(&self.platform).index_name(ALARM.name).limit(limit);
        let call = call
            .key_condition_expression("#pk = :pk AND #sk < :now")
            .expression_attribute_names("#pk", ALARM.pk)
            .expression_attribute_names("#sk", ALARM.sk)
            .expression_attribute_values(":pk", string(keys::alarm(shard)))
            // `$` is the character after `#`: everything up to and including this second.
            .expression_attribute_values(":now", string(format!("{}$", keys::second(now))));
        let found = call.send().await.map_err(StoreError::call("Query"))?;
        let due = found.items.unwrap_or_default();
        Ok(due.iter().filter_map(|item| keys::subject_due(text_of(item, ALARM.sk))).collect())
    }
}
