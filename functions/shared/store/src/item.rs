//! Items: a key, a body, sometimes attributes for an index.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Span, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::keys::{BODY, Key, PK, SK};

/// What the SDK calls an item.
pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) fn string(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn number(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn key_attributes(key: &Key) -> Item {
    HashMap::from([(PK.into(), string(&key.pk)), (SK.into(), string(&key.sk))])
}

/// An item with this key and body.
pub(crate) fn item(key: &Key, body: &impl Serialize) -> Result<Item, StoreError> {
    let body = serde_dynamo::to_attribute_value(body).map_err(|e| StoreError::unreadable(&key.pk, e))?;
    let mut item = key_attributes(key);
    item.insert(BODY.into(), body);
    Ok(item)
}

/// The body of an item.
pub(crate) fn body<T: DeserializeOwned>(mut item: Item) -> Result<T, StoreError> {
    let name = format!("{}/{}", text_of(&item, PK), text_of(&item, SK));
    let body = item.remove(BODY).unwrap_or(AttributeValue::Null(true));
    serde_dynamo::from_attribute_value(body).map_err(|e| StoreError::unreadable(name, e))
}

/// A string attribute, empty if absent.
pub(crate) fn text_of<'i>(item: &'i Item, attribute: &str) -> &'i str {
    item.get(attribute).and_then(|value| value.as_s().ok()).map_or("", String::as_str)
}

/// How long notices and what belongs to them are kept, in hours.
const KEPT_HOURS: i64 = 90 * 24;

/// The end of the life of a notice.
pub(crate) fn expiry(at: Timestamp) -> AttributeValue {
    let expires = at.saturating_add(Span::new().hours(KEPT_HOURS)).unwrap_or(Timestamp::MAX);
    number(expires.as_second())
}
