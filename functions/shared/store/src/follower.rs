//! Followers of the polls of a territory, page by page, and how far they have been told of an event.
//!
//! A follower stands at the territory that they chose and at each one above it. So a poll of a territory finds those who follow
//! the territory or one below it in one place, and those who follow one above it at that one.

use std::collections::HashSet;

use domain::{EventId, PersonId, TerritoryId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;
use crate::item::{expiry, item, string, text_of};
use crate::keys::{self, BELOW_PREFIX, EXPIRES, HERE_PREFIX, Key, PK, SHARDS, SK};
use crate::page::{Page, cursor, start};

/// How far the followers have been told: a place in the walk over all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowersTold {
    /// Lists that are done.
    pub lists: usize,
    /// The cursor in the one after those.
    pub after: Option<String>,
}

/// The places of a follower: `followed` is the territory that they chose and those above it, itself first.
pub(crate) fn follower_places(person: &PersonId, followed: &[TerritoryId]) -> HashSet<Key> {
    let place = |(above, territory)| {
        let prefix = if above == 0 { HERE_PREFIX } else { BELOW_PREFIX };
        keys::poll_follower(territory, prefix, person)
    };
    followed.iter().enumerate().map(place).collect()
}

/// The lists of those who follow the polls of a territory: `upward` is the territory and those above it, itself first.
pub fn follower_lists(upward: &[TerritoryId]) -> Vec<FollowerList> {
    let mut lists = Vec::new();
    for (above, territory) in upward.iter().enumerate() {
        let prefixes: &[&'static str] =
            if above == 0 { &[HERE_PREFIX, BELOW_PREFIX] } else { &[HERE_PREFIX] };
        for prefix in prefixes {
            lists.extend(
                (0..SHARDS).map(|shard| FollowerList { pk: keys::poll_followers(territory, shard), prefix }),
            );
        }
    }
    lists
}

/// Followers that stand in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowerList {
    pk: String,
    prefix: &'static str,
}

impl Store {
    /// A page of a list of followers.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn followers(
        &self,
        list: &FollowerList,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Page<PersonId>, StoreError> {
        let call = self.client.query().table_name(&self.platform).consistent_read(true).limit(limit);
        let call = call
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :prefix)")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", string(&list.pk))
            .expression_attribute_values(":prefix", string(list.prefix))
            .set_exclusive_start_key(start(after, &[PK, SK], Some((PK, &list.pk)))?);
        let found = call.send().await.map_err(StoreError::call("Query"))?;
        let next = cursor(found.last_evaluated_key.as_ref());
        let items = found.items.unwrap_or_default();
        let person = |sort: &str| sort.strip_prefix(list.prefix)?.parse().ok();
        Ok(Page { items: items.iter().filter_map(|item| person(text_of(item, SK))).collect(), next })
    }

    /// How far the followers have been told of an event.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn followers_told(&self, event: EventId) -> Result<FollowersTold, StoreError> {
        Ok(self.get(&keys::told(event)).await?.unwrap_or_default())
    }

    /// Remembers how far the followers have been told of an event.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn keep_followers_told(
        &self,
        event: EventId,
        told: &FollowersTold,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = item(&keys::told(event), told)?;
        item.insert(EXPIRES.into(), expiry(now));
        let call = self.client.put_item().table_name(&self.platform).set_item(Some(item));
        call.send().await.map_err(StoreError::call("PutItem"))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A poll of a town is for those who follow the town, a district of it, or the region as a whole; not for another town's.
    #[test]
    fn a_follower_stands_in_exactly_one_list_of_a_poll() {
        let id = |id: &str| -> TerritoryId { id.parse().unwrap() };
        let upward = |ids: &[&str]| -> Vec<TerritoryId> { ids.iter().map(|text| id(text)).collect() };
        let lists = follower_lists(&upward(&["town", "region", "country"]));
        let person: PersonId = "citizen".parse().unwrap();
        let found = |chosen: &[&str]| {
            let places = follower_places(&person, &upward(chosen));
            let listed = |key: &Key| {
                lists.iter().filter(|list| list.pk == key.pk && key.sk.starts_with(list.prefix)).count()
            };
            places.iter().map(listed).sum::<usize>()
        };
        assert_eq!(found(&["town", "region", "country"]), 1);
        assert_eq!(found(&["district", "town", "region", "country"]), 1);
        assert_eq!(found(&["region", "country"]), 1);
        assert_eq!(found(&["country"]), 1);
        assert_eq!(found(&["other-town", "region", "country"]), 0);
    }
}
