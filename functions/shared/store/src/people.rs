//! Names and contacts: a table of their own, with nothing else in it.

use std::collections::{HashMap, HashSet};

use domain::email::Email;
use domain::{PersonId, SubmissionId};
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, body, item};
use crate::keys;

/// What the identity provider says about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Whose.
    pub person: PersonId,
    /// Full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl Contact {
    pub(crate) fn item(&self) -> Result<Item, StoreError> {
        item(&keys::person(&self.person), self)
    }
}

impl Store {
    /// Keeps what is known of a person. Nothing happens in a function without access to personal data.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn keep_contact(&self, contact: &Contact) -> Result<(), StoreError> {
        let Some(people) = &self.people else {
            return Ok(());
        };
        let call = self.client.put_item().table_name(people).set_item(Some(contact.item()?));
        call.send().await.map_err(StoreError::call("PutItem"))?;
        Ok(())
    }

    /// What these people are called; those that nothing is known of are left out.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn names(
        &self,
        people: impl IntoIterator<Item = PersonId>,
    ) -> Result<HashMap<PersonId, String>, StoreError> {
        let mut names = HashMap::new();
        let Some(table) = &self.people else { return Ok(names) };
        let wanted: HashSet<PersonId> = people.into_iter().collect();
        let keys: Vec<keys::Key> = wanted.iter().map(keys::person).collect();
        for item in self.get_all_of(table, keys).await? {
            let contact: Contact = body(item)?;
            if let Some(name) = contact.name {
                names.insert(contact.person, name);
            }
        }
        Ok(names)
    }

    /// Where to write about a submission whose author did not sign in; none too if they gave no address, or this function
    /// has no access to personal data.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn correspondent(&self, id: SubmissionId) -> Result<Option<Email>, StoreError> {
        self.get_personal(&keys::correspondent(id)).await
    }

    /// What is known of a person; none too if this function has no access to personal data.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn contact(&self, person: &PersonId) -> Result<Option<Contact>, StoreError> {
        self.get_personal(&keys::person(person)).await
    }
}
