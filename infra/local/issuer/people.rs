//! Names and addresses of the demo city's people. Invented, like the city.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::PersonId;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Contact, Store, StoreError};

const PEOPLE: &str = include_str!("../demo/people.json");

#[derive(Debug, Deserialize)]
struct DemoPerson {
    name: String,
}

static DEMO_PEOPLE: LazyLock<BTreeMap<String, DemoPerson>> =
    LazyLock::new(|| serde_json::from_str(PEOPLE).unwrap_or_default());

/// What a person is called.
pub(super) fn name(person: &PersonId) -> String {
    DEMO_PEOPLE.get(person.as_str()).map_or_else(|| person.to_string(), |person| person.name.clone())
}

/// The claims of a person's token. `.example` is a domain that no mail can be sent to.
pub(super) fn claims(person: &PersonId) -> Value {
    let email = format!("{person}@mail.example");
    json!({ "sub": person, "name": name(person), "email": email, "acr": "substantial" })
}

/// Writes what is known of the demo city's people into the table `people`, as if each had signed in once.
///
/// # Errors
/// If the database fails.
pub(crate) async fn seed(store: &Store) -> Result<(), StoreError> {
    for (id, demo) in DEMO_PEOPLE.iter() {
        let Ok(person) = id.parse::<PersonId>() else { continue };
        let email = Some(format!("{person}@mail.example"));
        store.keep_contact(&Contact { person, name: Some(demo.name.clone()), email }).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_read() {
        assert!(DEMO_PEOPLE.len() > 40);
        assert!(DEMO_PEOPLE.keys().all(|id| id.parse::<PersonId>().is_ok()));
    }
}
