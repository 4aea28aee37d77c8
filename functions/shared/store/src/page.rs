//! Pages of lists, with opaque cursors.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, string, text_of};
use crate::keys::{PK, SK};

/// Some items of a list, and where the next ones begin.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// In the list's order.
    pub items: Vec<T>,
    /// Give it back to get the next page; none at the end.
    pub next: Option<String>,
}

impl Store {
    /// Every item of a partition whose sort key begins with `prefix`, which may be empty; in order, strongly consistent, read page by
    /// page.
    pub(crate) fn list<'s>(&'s self, pk: String, prefix: &'s str) -> BoxStream<'s, Result<Item, StoreError>> {
        let pages = stream::try_unfold(Some(None), move |start| {
            let pk = string(&pk);
            async move {
                let Some(start) = start else { return Ok(None) };
                let call = self.client.query().table_name(&self.platform).consistent_read(true);
                let call = call.expression_attribute_names("#pk", PK).expression_attribute_values(":pk", pk);
                // DynamoDB refuses an empty string in a condition on a key.
                let call = if prefix.is_empty() {
                    call.key_condition_expression("#pk = :pk")
                } else {
                    call.key_condition_expression("#pk = :pk AND begins_with(#sk, :prefix)")
                        .expression_attribute_names("#sk", SK)
                        .expression_attribute_values(":prefix", string(prefix))
                };
                let call = call.set_exclusive_start_key(start);
                let found = call.send().await.map_err(StoreError::call("Query"))?;
                let items = stream::iter(found.items.unwrap_or_default()).map(Ok);
                Ok(Some((items, found.last_evaluated_key.map(Some))))
            }
        });
        pages.try_flatten().boxed()
    }
}

/// A cursor from the last key read.
pub(crate) fn cursor(last: Option<&Item>) -> Option<String> {
    let strings: BTreeMap<&String, &String> =
        last?.iter().filter_map(|(name, value)| value.as_s().ok().map(|text| (name, text))).collect();
    serde_json::to_vec(&strings).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
}

/// The key to start after. The cursor must have just the attributes `names`, and be of the list in partition `pk`
/// (attribute and value), or somebody could read another list.
pub(crate) fn start(
    cursor: Option<&str>,
    names: &[&str],
    pk: Option<(&str, &str)>,
) -> Result<Option<Item>, StoreError> {
    let Some(cursor) = cursor else { return Ok(None) };
    let json = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| StoreError::Cursor)?;
    let strings: HashMap<String, String> = serde_json::from_slice(&json).map_err(|_| StoreError::Cursor)?;
    let item: HashMap<String, AttributeValue> =
        strings.into_iter().map(|(name, text)| (name, string(text))).collect();
    let whole = item.len() == names.len() && names.iter().all(|name| item.contains_key(*name));
    let fits = whole && pk.is_none_or(|(attribute, value)| text_of(&item, attribute) == value);
    if fits { Ok(Some(item)) } else { Err(StoreError::Cursor) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_into_its_own_list_only() {
        let last: Item =
            HashMap::from([("inbox_pk".into(), string("INBOX#a")), ("sk".into(), string("STATE"))]);
        let cursor = cursor(Some(&last)).unwrap();
        let names = ["inbox_pk", "sk"];
        assert!(matches!(start(Some(&cursor), &["inbox_pk"], None), Err(StoreError::Cursor)), "forged");
        assert_eq!(start(Some(&cursor), &names, Some(("inbox_pk", "INBOX#a"))).unwrap(), Some(last));
        assert!(matches!(
            start(Some(&cursor), &names, Some(("inbox_pk", "INBOX#b"))),
            Err(StoreError::Cursor)
        ));
        assert!(matches!(
            start(Some("nonsense"), &names, Some(("inbox_pk", "INBOX#a"))),
            Err(StoreError::Cursor)
        ));
        assert!(start(None, &names, Some(("inbox_pk", "INBOX#a"))).unwrap().is_none());
    }
}
