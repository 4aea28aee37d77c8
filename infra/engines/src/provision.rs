//! Creates the template's tables and queues where they are missing.

use std::time::Duration;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexDescription, GlobalSecondaryIndexUpdate, IndexStatus, KeySchemaElement, KeyType,
    Projection, ScalarAttributeType, TableDescription, TimeToLiveSpecification,
};
use aws_sdk_sqs::types::QueueAttributeName;
use entrypoint::Clients;
use serde::Deserialize;
use serde_json::json;

use crate::resolve::Resolver;
use crate::template::{Template, TemplateError, read};

/// Looks at an index that is being made come this often.
const INDEX_TICK: Duration = Duration::from_millis(200);

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
    #[serde(default)]
    non_key_attributes: Vec<String>,
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

/// Gives every resource its meaning on this machine, and creates tables and queues that are missing; tells whether all the tables
/// are new.
///
/// # Errors
/// [`ProvisionError`] names the resource.
pub async fn provision(
    template: &Template,
    resolver: &mut Resolver,
    clients: &Clients,
) -> Result<bool, ProvisionError> {
    let mut all_new = true;
    for id in template.ids() {
        resolver.set(id, id);
        resolver.set(format!("{id}.Arn"), format!("arn:local:{id}"));
    }
    for (id, properties) in &template.tables {
        let table: Table = read(id, properties, resolver)?;
        all_new &= create_table(id, &table, clients).await?;
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
    Ok(all_new)
}

/// Whether it was not there before.
async fn create_table(id: &str, table: &Table, clients: &Clients) -> Result<bool, ProvisionError> {
    let failed = |message: String| ProvisionError::Engine { resource: id.to_owned(), message };
    if let Ok(found) = clients.dynamodb.describe_table().table_name(id).send().await {
        let missing = table.global_secondary_indexes.iter().filter(|index| !has(found.table.as_ref(), index));
        for index in missing {
            add_index(id, table, index, clients).await.map_err(&failed)?;
        }
        return Ok(false);
    }
    let mut call = clients.dynamodb.create_table().table_name(id).billing_mode(BillingMode::PayPerRequest);
    call = call.set_attribute_definitions(Some(definitions(&table.attribute_definitions).map_err(&failed)?));
    call = call.set_key_schema(Some(schema(&table.key_schema).map_err(&failed)?));
    for index in &table.global_secondary_indexes {
        let built = GlobalSecondaryIndex::builder()
            .index_name(&index.index_name)
            .set_key_schema(Some(schema(&index.key_schema).map_err(&failed)?))
            .projection(index.projection.built());
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
    Ok(true)
}

impl GsiProjection {
    fn built(&self) -> Projection {
        let built = Projection::builder().projection_type(self.projection_type.as_str().into());
        let included = (!self.non_key_attributes.is_empty()).then(|| self.non_key_attributes.clone());
        built.set_non_key_attributes(included).build()
    }
}

fn has(found: Option<&TableDescription>, wanted: &Gsi) -> bool {
    let there = found.map(TableDescription::global_secondary_indexes).unwrap_or_default();
    there.iter().any(|index| index.index_name() == Some(wanted.index_name.as_str()))
}

/// Adds an index to a table that an earlier version of the template made, and waits until it holds what is there.
async fn add_index(id: &str, table: &Table, index: &Gsi, clients: &Clients) -> Result<(), String> {
    let of_index = |attribute: &&Attribute| {
        index.key_schema.iter().any(|part| part.attribute_name == attribute.attribute_name)
    };
    let create = CreateGlobalSecondaryIndexAction::builder()
        .index_name(&index.index_name)
        .set_key_schema(Some(schema(&index.key_schema)?))
        .projection(index.projection.built())
        .build()
        .map_err(|error| error.to_string())?;
    let mut call = clients.dynamodb.update_table().table_name(id);
    call = call
        .set_attribute_definitions(Some(definitions(table.attribute_definitions.iter().filter(of_index))?));
    call = call.global_secondary_index_updates(GlobalSecondaryIndexUpdate::builder().create(create).build());
    call.send().await.map_err(|error| explained(&error))?;
    loop {
        let found =
            clients.dynamodb.describe_table().table_name(id).send().await.map_err(|e| explained(&e))?;
        let indexes = found.table.map(|table| table.global_secondary_indexes.unwrap_or_default());
        let is_whole = |made: &GlobalSecondaryIndexDescription| {
            made.index_name() == Some(index.index_name.as_str())
                && made.index_status().is_none_or(|status| *status == IndexStatus::Active)
        };
        if indexes.unwrap_or_default().iter().any(is_whole) {
            return Ok(());
        }
        tokio::time::sleep(INDEX_TICK).await;
    }
}

fn definitions<'a>(
    attributes: impl IntoIterator<Item = &'a Attribute>,
) -> Result<Vec<AttributeDefinition>, String> {
    let definition = |attribute: &Attribute| {
        let kind = ScalarAttributeType::from(attribute.attribute_type.as_str());
        let built =
            AttributeDefinition::builder().attribute_name(&attribute.attribute_name).attribute_type(kind);
        built.build().map_err(|error| error.to_string())
    };
    attributes.into_iter().map(definition).collect()
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
