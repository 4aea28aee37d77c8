//! A record of every call to the engines, so that tests can hold the platform to the portable subset.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;

/// The operations called so far, for example `DynamoDB_20120810.GetItem` and `AmazonSQS.SendMessageBatch`.
#[derive(Debug, Clone, Default)]
pub struct Calls {
    seen: Arc<Mutex<BTreeSet<String>>>,
}

impl Calls {
    /// What was called so far.
    pub fn seen(&self) -> BTreeSet<String> {
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
        if let Some(target) = context.request().headers().get("x-amz-target") {
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(target.to_owned());
        }
        Ok(())
    }
}
