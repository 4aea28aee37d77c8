//! A record of every call to the engines: what a function needs, so that tests can hold the platform to the portable
//! subset of the API and every role to what its function does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use serde_json::Value;

/// The calls made so far, and who makes them from now on.
#[derive(Debug, Clone, Default)]
pub struct Calls {
    seen: Arc<Mutex<BTreeSet<Call>>>,
    pointers: Arc<Mutex<BTreeMap<Option<Arc<str>>, u64>>>,
    caller: Option<Arc<str>>,
}

/// One kind of call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// The logical id of the function; none for the host itself and for tools.
    pub caller: Option<Arc<str>>,
    /// What is called, for example `DynamoDB_20120810.TransactWriteItems` or `AmazonSQS.SendMessageBatch`.
    pub operation: String,
    /// What IAM asks for, for example `dynamodb:PutItem`; a transaction needs one for each kind of its parts.
    pub action: String,
    /// To what: the name of a table or a queue, `TABLE/index/NAME` for an index.
    pub resource: String,
}

impl Calls {
    /// The same record, for a function.
    #[must_use]
    pub fn of(&self, function: &str) -> Self {
        Self { caller: Some(function.into()), ..self.clone() }
    }

    /// How often a function has read which version of the directory is current.
    pub fn directory_pointers(&self, function: &str) -> u64 {
        let pointers = self.pointers.lock().unwrap_or_else(PoisonError::into_inner);
        pointers.get(&Some(Arc::from(function))).copied().unwrap_or_default()
    }

    /// What was called so far.
    pub fn seen(&self) -> BTreeSet<Call> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Intercept for Calls {
    fn name(&self) -> &'static str {
        "Calls"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request();
        let Some(operation) = request.headers().get("x-amz-target") else { return Ok(()) };
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap_or_default())?;
        if is_directory_pointer(operation, &body) {
            let mut pointers = self.pointers.lock().unwrap_or_else(PoisonError::into_inner);
            *pointers.entry(self.caller.clone()).or_default() += 1;
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for (action, resource) in needs(operation, &body) {
            let (caller, operation) = (self.caller.clone(), operation.to_owned());
            seen.insert(Call { caller, operation, action, resource });
        }
        Ok(())
    }
}

/// Whether a call reads the pointer to the current version of the directory.
fn is_directory_pointer(operation: &str, body: &Value) -> bool {
    let key = store::keys::current_directory();
    operation.ends_with(".GetItem")
        && body["Key"][store::keys::PK]["S"] == key.pk.as_str()
        && body["Key"][store::keys::SK]["S"] == key.sk.as_str()
}

/// What IAM asks for, and on what
/// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html>,
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html>: a batch
/// needs what its single call needs).
fn needs(operation: &str, body: &Value) -> Vec<(String, String)> {
    let (service, name) = operation.split_once('.').unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if service == "AmazonSQS" {
        let queue = text(&body["QueueUrl"]);
        let queue = queue.rsplit('/').next().unwrap_or_default();
        return vec![(format!("sqs:{}", name.trim_end_matches("Batch")), queue.to_owned())];
    }
    let action = |name: &str| format!("dynamodb:{name}");
    if let Some(parts) = body["TransactItems"].as_array() {
        let part = |(kind, part): (&String, &Value)| {
            let kind =
                if kind == "ConditionCheck" { "ConditionCheckItem".into() } else { format!("{kind}Item") };
            (action(&kind), text(&part["TableName"]))
        };
        return parts.iter().filter_map(Value::as_object).flatten().map(part).collect();
    }
    if let Some(tables) = body["RequestItems"].as_object() {
        return tables.keys().map(|table| (action(name), table.clone())).collect();
    }
    let table = text(&body["TableName"]);
    let resource = match body["IndexName"].as_str() {
        Some(index) => format!("{table}/index/{index}"),
        None => table,
    };
    vec![(action(name), resource)]
}
