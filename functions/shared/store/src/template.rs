//! Answer templates, in the partition of their organization.

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use domain::template::AnswerTemplate;
use domain::{OrganizationId, TemplateId};
use futures::TryStreamExt;
use futures::future::ready;

use crate::error::{CommitError, StoreError, cancellation};
use crate::item::{body, item, key_attributes};
use crate::keys::{self, PK, TEMPLATE_PREFIX};
use crate::{Store, StoredReply};

impl Store {
    /// The answer templates of an organization itself, by name.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn templates(&self, organization: &OrganizationId) -> Result<Vec<AnswerTemplate>, StoreError> {
        let items = self.list(keys::organization(organization), TEMPLATE_PREFIX);
        let mut templates: Vec<AnswerTemplate> =
            items.and_then(|item| ready(body(item))).try_collect().await?;
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
        let item = item(&keys::template(organization, template.id), template)?;
        let put = Put::builder().table_name(&self.platform).set_item(Some(item)).build();
        let put = put.map_err(|e| StoreError::unreadable("template", e))?;
        self.with_reply(TransactWriteItem::builder().put(put).build(), reply).await
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
        let key = key_attributes(&keys::template(organization, template));
        let delete = Delete::builder().table_name(&self.platform).set_key(Some(key)).build();
        let delete = delete.map_err(|e| StoreError::unreadable("template", e))?;
        self.with_reply(TransactWriteItem::builder().delete(delete).build(), reply).await
    }

    async fn with_reply(
        &self,
        action: TransactWriteItem,
        reply: Option<&StoredReply>,
    ) -> Result<(), CommitError> {
        let mut actions = vec![action];
        if let Some(reply) = reply {
            let put = Put::builder()
                .table_name(&self.platform)
                .set_item(Some(reply.item()?))
                .condition_expression("attribute_not_exists(#pk)")
                .expression_attribute_names("#pk", PK);
            let put = put.build().map_err(|e| StoreError::unreadable("reply", e))?;
            actions.push(TransactWriteItem::builder().put(put).build());
        }
        let call = self.client.transact_write_items().set_transact_items(Some(actions));
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) if cancellation(&error).iter().any(|reason| reason == "ConditionalCheckFailed") => {
                Err(CommitError::Replied)
            }
            Err(error) => Err(StoreError::call("TransactWriteItems")(error).into()),
        }
    }
}
