//! Creates the template's tables and queues where they are missing.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, TimeToLiveSpecification,
};
use aws_sdk_sqs::types::QueueAttributeName;
use entrypoint::Clients;
use serde::Deserialize;
use serde_json::json;

use crate::resolve::Resolver;
use crate::template::{Template, TemplateError, read};

/// Why something cannot be created.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// The template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// An engine refuses.
    #[error("{resource} cannot be created: {message}")]
    Engine {
        /// Logical id.
        resource: String,
        /// What the engine says.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Table {
    attribute_definitions: Vec<Attribute>,
    key_schema: Vec<KeyPart>,
    #[serde(default)]
    global_secondary_indexes: Vec<Gsi>,
    time_to_live_specification: Option<Ttl>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    attribute_name: String,
    attribute_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyPart {
    attribute_name: String,
    key_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Gsi {
    index_name: String,
    key_schema: Vec<KeyPart>,
    projection: GsiProjection,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GsiProjection {
    projection_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Ttl {
    attribute_name: String,
    enabled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Queue {
    visibility_timeout: Option<u32>,
    redrive_policy: Option<Redrive>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Redrive {
    dead_letter_target_arn: String,
    max_receive_count: u32,
}

/// Gives every resource its meaning on this machine, and creates tables and queues that are missing.
///
/// # Errors
/// [`ProvisionError`] names the resource.
pub async fn provision(
    template: &Template,
    resolver: &mut Resolver,
    clients: &Clients,
) -> Result<(), ProvisionError> {
    for id in template.ids() {
        resolver.set(id, id);
        resolver.set(format!("{id}.Arn"), format!("arn:local:{id}"));
    }
    for (id, properties) in &template.tables {
        let table: Table = read(id, properties, resolver)?;
        create_table(id, &table, clients).await?;
    }
    // Dead-letter queues first: the others refer to their ARNs, which the engine gives out.
    let (dead, live): (Vec<_>, Vec<_>) =
        template.queues.iter().partition(|(_, queue)| queue.get("RedrivePolicy").is_none());
    for (id, properties) in dead.into_iter().chain(live) {
        let queue: Queue = read(id, properties, resolver)?;
        let (url, arn) = create_queue(id, &queue, clients).await?;
        resolver.set(id, url);
        resolver.set(format!("{id}.Arn"), arn);
    }
    Ok(())
}

async fn create_table(id: &str, table: &Table, clients: &Clients) -> Result<(), ProvisionError> {
    let failed = |message: String| ProvisionError::Engine { resource: id.to_owned(), message };
    let existing = clients.dynamodb.describe_table().table_name(id).send().await;
    if let Ok(found) = existing {
        return same_indexes(table, found.table.as_ref()).map_err(failed);
    }
    let mut call = clients.dynamodb.create_table().table_name(id).billing_mode(BillingMode::PayPerRequest);
    for attribute in &table.attribute_definitions {
        let kind = ScalarAttributeType::from(attribute.attribute_type.as_str());
        let built =
            AttributeDefinition::builder().attribute_name(&attribute.attribute_name).attribute_type(kind);
        call = call.attribute_definitions(built.build().map_err(|e| failed(e.to_string()))?);
    }
    call = call.set_key_schema(Some(schema(&table.key_schema).map_err(&failed)?));
    for index in &table.global_secondary_indexes {
        let kind = ProjectionType::from(index.projection.projection_type.as_str());
        let built = GlobalSecondaryIndex::builder()
            .index_name(&index.index_name)
            .set_key_schema(Some(schema(&index.key_schema).map_err(&failed)?))
            .projection(Projection::builder().projection_type(kind).build());
        call = call.global_secondary_indexes(built.build().map_err(|e| failed(e.to_string()))?);
    }
    call.send().await.map_err(|error| failed(explained(&error)))?;
    if let Some(ttl) = &table.time_to_live_specification {
        let built =
            TimeToLiveSpecification::builder().attribute_name(&ttl.attribute_name).enabled(ttl.enabled);
        let built = built.build().map_err(|e| failed(e.to_string()))?;
        let call = clients.dynamodb.update_time_to_live().table_name(id).time_to_live_specification(built);
        call.send().await.map_err(|error| failed(explained(&error)))?;
    }
    Ok(())
}

/// A table from an older version of the template cannot be used as it is.
fn same_indexes(
    table: &Table,
    found: Option<&aws_sdk_dynamodb::types::TableDescription>,
) -> Result<(), String> {
    let there: Vec<&str> = found
        .map(aws_sdk_dynamodb::types::TableDescription::global_secondary_indexes)
        .unwrap_or_default()
        .iter()
        .filter_map(|index| index.index_name())
        .collect();
    match table.global_secondary_indexes.iter().find(|index| !there.contains(&index.index_name.as_str())) {
        None => Ok(()),
        Some(index) => Err(format!(
            "it is there already, without the index `{}`: it was made by an older version; use another data folder",
            index.index_name
        )),
    }
}

fn schema(parts: &[KeyPart]) -> Result<Vec<KeySchemaElement>, String> {
    let element = |part: &KeyPart| {
        let kind = KeyType::from(part.key_type.as_str());
        KeySchemaElement::builder().attribute_name(&part.attribute_name).key_type(kind).build()
    };
    parts.iter().map(|part| element(part).map_err(|error| error.to_string())).collect()
}

async fn create_queue(
    id: &str,
    queue: &Queue,
    clients: &Clients,
) -> Result<(String, String), ProvisionError> {
    let failed = |message: String| ProvisionError::Engine { resource: id.to_owned(), message };
    let mut call = clients.sqs.create_queue().queue_name(id);
    if let Some(seconds) = queue.visibility_timeout {
        call = call.attributes(QueueAttributeName::VisibilityTimeout, seconds.to_string());
    }
    if let Some(redrive) = &queue.redrive_policy {
        let policy = json!({
            "deadLetterTargetArn": redrive.dead_letter_target_arn,
            "maxReceiveCount": redrive.max_receive_count, // a number: the embedded SQS ignores a string
        });
        call = call.attributes(QueueAttributeName::RedrivePolicy, policy.to_string());
    }
    let created = call.send().await.map_err(|error| failed(explained(&error)))?;
    let url = created.queue_url.ok_or_else(|| failed("no URL".into()))?;
    let call = clients.sqs.get_queue_attributes().queue_url(&url);
    let found = call.attribute_names(QueueAttributeName::QueueArn).send().await;
    let found = found.map_err(|error| failed(explained(&error)))?;
    let arn = found.attributes.and_then(|attributes| attributes.get(&QueueAttributeName::QueueArn).cloned());
    Ok((url, arn.ok_or_else(|| failed("no ARN".into()))?))
}

fn explained(error: &(dyn std::error::Error + 'static)) -> String {
    entrypoint::queue::chain(error)
}
