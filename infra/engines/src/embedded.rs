//! DynamoDB and SQS: embedded, or wherever the environment says.

use std::path::Path;
use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::Credentials;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use dynoxide::Database;
use entrypoint::Clients;
use hyper_util::rt::TokioIo;
use rustack_sqs_core::config::SqsConfig;
use rustack_sqs_core::handler::RustackSqsHandler;
use rustack_sqs_core::provider::RustackSqs;
use rustack_sqs_http::service::{SqsHttpConfig, SqsHttpService};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::calls::Calls;

/// Why the engines do not start.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No port on loopback.
    #[error("cannot listen on loopback")]
    Listen(#[from] std::io::Error),
    /// The data file cannot be opened.
    #[error("the embedded database cannot be opened: {0}")]
    Database(String),
}

/// Running engines and clients to them.
pub struct Engines {
    /// The host's own clients to both.
    pub clients: Clients,
    connections: Connections,
    /// Where DynamoDB answers.
    pub dynamodb_url: String,
    /// Where SQS answers.
    pub sqs_url: String,
    /// Whether both are embedded here.
    pub ours: bool,
    /// The embedded database, if it is ours: its expired items must be swept.
    pub database: Option<Database>,
}

/// Endpoints named by the environment (`AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL_SQS`); no engine is started for
/// an endpoint that is named.
#[derive(Debug, Clone, Default)]
pub struct Endpoints {
    /// An engine that is there already.
    pub dynamodb: Option<String>,
    /// An engine that is there already.
    pub sqs: Option<String>,
    /// The access key, where it is not the environment's: some engines keep an account apart for each.
    pub access_key: Option<String>,
}

/// How to reach engines.
struct Connections {
    config: SdkConfig,
    dynamodb_url: Option<String>,
    sqs_url: Option<String>,
    calls: Calls,
}

impl Connections {
    fn clients(&self, calls: Calls) -> Clients {
        let mut dynamodb = aws_sdk_dynamodb::config::Builder::from(&self.config).interceptor(calls.clone());
        if let Some(url) = &self.dynamodb_url {
            dynamodb = dynamodb.endpoint_url(url);
        }
        let mut sqs = aws_sdk_sqs::config::Builder::from(&self.config).interceptor(calls);
        if let Some(url) = &self.sqs_url {
            sqs = sqs.endpoint_url(url);
        }
        Clients {
            dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb.build()),
            sqs: aws_sdk_sqs::Client::from_conf(sqs.build()),
        }
    }
}

impl Engines {
    /// Starts what is not named. `data` is the folder of the database; none keeps it in memory. Queues are always in
    /// memory: the relay sends again what they lose.
    ///
    /// # Errors
    /// [`EngineError`] says which engine and why.
    pub async fn start(
        data: Option<&Path>,
        endpoints: Endpoints,
        calls: &Calls,
        tasks: &mut JoinSet<()>,
    ) -> Result<Self, EngineError> {
        let ours = endpoints.dynamodb.is_none() && endpoints.sqs.is_none();
        let (dynamodb_url, database) = match endpoints.dynamodb {
            Some(url) => (url, None),
            None => start_dynamodb(data, tasks).await.map(|(url, database)| (url, Some(database)))?,
        };
        let sqs_url = match endpoints.sqs {
            Some(url) => url,
            None => start_sqs(tasks).await?,
        };
        let access_key = endpoints.access_key.or_else(|| ours.then(|| OURS.to_owned()));
        let config = config(access_key.as_deref()).await;
        let (dynamodb, sqs) = (Some(dynamodb_url.clone()), Some(sqs_url.clone()));
        let connections = Connections { config, dynamodb_url: dynamodb, sqs_url: sqs, calls: calls.clone() };
        let clients = connections.clients(calls.clone());
        Ok(Self { clients, connections, dynamodb_url, sqs_url, ours, database })
    }

    /// Clients for a function: what it calls is recorded under its name.
    pub fn clients_of(&self, function: &str) -> Clients {
        self.connections.clients(self.connections.calls.of(function))
    }
}

/// Every TLS connection of this process, HTTP clients' included, uses ring; the second to say so changes nothing.
pub fn choose_tls() {
    let _already_chosen = rustls::crypto::ring::default_provider().install_default();
}

/// An access key for our own engines, which take any.
pub const OURS: &str = "local";

/// Clients of a tool to the engines at an address, AWS's own if none is given. Without an access key, credentials and region
/// are the environment's.
pub async fn clients(url: Option<&str>, access_key: Option<&str>) -> Clients {
    let (dynamodb_url, sqs_url) = (url.map(str::to_owned), url.map(str::to_owned));
    let config = config(access_key).await;
    Connections { config, dynamodb_url, sqs_url, calls: Calls::default() }.clients(Calls::default())
}

async fn config(access_key: Option<&str>) -> SdkConfig {
    choose_tls();
    let http =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(http);
    if let Some(key) = access_key {
        let credentials = Credentials::new(key, "local", None, None, "vmeste");
        loader = loader.credentials_provider(credentials).region(Region::new("us-east-1"));
    }
    loader.load().await
}

async fn start_dynamodb(
    data: Option<&Path>,
    tasks: &mut JoinSet<()>,
) -> Result<(String, Database), EngineError> {
    let database = match data {
        None => Database::memory(),
        Some(folder) => Database::new(&folder.join("dynamodb.sqlite").to_string_lossy()),
    };
    let database = database.map_err(|error| EngineError::Database(error.to_string()))?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let served = database.clone();
    tasks.spawn(async move {
        dynoxide::server::serve_on(listener, served).await;
    });
    Ok((url, database))
}

async fn start_sqs(tasks: &mut JoinSet<()>) -> Result<String, EngineError> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    // Queue URLs are made from the configuration, so the port must be known first.
    let config = SqsConfig { host: "127.0.0.1".into(), port: address.port(), ..SqsConfig::default() };
    let handler = RustackSqsHandler::new(Arc::new(RustackSqs::new(config)));
    let service = SqsHttpService::new(Arc::new(handler), SqsHttpConfig::default());
    tasks.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let serve = hyper::server::conn::http1::Builder::new();
            let connection = serve.serve_connection(TokioIo::new(stream), service.clone());
            connections.spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a connection to the embedded SQS ended");
                }
            });
            while connections.try_join_next().is_some() {}
        }
    });
    Ok(format!("http://{address}"))
}
