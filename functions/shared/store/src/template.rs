//! Answer templates, in the partition of their organization.

use domain::template::AnswerTemplate;
use domain::{OrganizationId, TemplateId};

use crate::error::{CommitError, StoreError};
use crate::item::item;
use crate::keys::{self, TEMPLATE_PREFIX};
use crate::transaction::Transaction;
use crate::{Store, StoredReply};

impl Store {
    /// The answer templates of an organization itself, by name.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn templates(&self, organization: &OrganizationId) -> Result<Vec<AnswerTemplate>, StoreError> {
        let mut templates: Vec<AnswerTemplate> =
            self.list_of(keys::organization(organization), TEMPLATE_PREFIX).await?;
        templates.sort_by(|a, b| (a.name.as_str(), a.id).cmp(&(b.name.as_str(), b.id)));
        Ok(templates)
    }

    /// Writes an answer template, new or changed, and the reply to the request that asked for it.
    ///
    /// # Errors
    /// [`CommitError::Replied`] if the request has been answered before.
    pub async fn put_template(
        &self,
        organization: &OrganizationId,
        template: &AnswerTemplate,
        reply: Option<&StoredReply>,
    ) -> Result<(), CommitError> {
        let mut transaction = self.transaction();
        transaction.put(item(&keys::template(organization, template.id), template)?)?;
        answered(transaction, reply).await
    }

    /// Removes an answer template, if it is there, and writes the reply to the request that asked for it.
    ///
    /// # Errors
    /// [`CommitError::Replied`] if the request has been answered before.
    pub async fn delete_template(
        &self,
        organization: &OrganizationId,
        template: TemplateId,
        reply: Option<&StoredReply>,
    ) -> Result<(), CommitError> {
        let mut transaction = self.transaction();
        transaction.delete(&keys::template(organization, template))?;
        answered(transaction, reply).await
    }
}

async fn answered(mut transaction: Transaction<'_>, reply: Option<&StoredReply>) -> Result<(), CommitError> {
    if let Some(reply) = reply {
        transaction.reply(reply)?;
    }
    transaction.write().await
}
