//! The handle with which everything is read and written.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;

use crate::directory::{Cache, Pin};

/// The two tables. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) client: Client,
    pub(crate) platform: String,
    pub(crate) people: Option<String>,
    pub(crate) directory: Arc<Cache>,
    pub(crate) pin: Option<Arc<Pin>>,
}

impl Store {
    /// `platform` and `people` are table names. A function that has no business with personal data is not given
    /// the second.
    pub fn new(client: Client, platform: String, people: Option<String>) -> Self {
        Self { client, platform, people, directory: Arc::default(), pin: None }
    }
}
