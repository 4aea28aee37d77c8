//! The options of every command that works on a platform: its data, its engines.

use std::path::PathBuf;

use clap::Args;
use engines::Endpoints;
use vmeste::data::Data;

/// Where data is kept.
#[derive(Args, Clone)]
pub(crate) struct DataOptions {
    /// The folder with the platform's data.
    #[arg(long, value_name = "DIR", default_value = ".vmeste", env = "VMESTE_DATA")]
    pub(crate) data: PathBuf,
    /// Keep nothing.
    #[arg(long)]
    pub(crate) memory: bool,
    /// A DynamoDB that is there already; none is started then.
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL_DYNAMODB")]
    pub(crate) dynamodb_url: Option<String>,
    /// An SQS that is there already; none is started then.
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL_SQS")]
    pub(crate) sqs_url: Option<String>,
}

impl DataOptions {
    /// A platform on them.
    pub(crate) fn host(&self) -> vmeste::Options {
        let data = if self.memory { Data::Memory } else { Data::Folder(self.data.clone()) };
        let endpoints =
            Endpoints { dynamodb: self.dynamodb_url.clone(), sqs: self.sqs_url.clone(), access_key: None };
        vmeste::Options { endpoints, ..vmeste::Options::new(data) }
    }
}
