//! How a function starts. The only reader of the environment.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::timeout::TimeoutConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use domain::secret::{MasterSecret, WeakSecret};
use events::Consumer;
use store::Store;

use crate::app::{App, IndexLocation, MailSettings, MissingSetting};
use crate::clock::Clock;
use crate::identity::{Identity, Issuer};
use crate::outbox::Outbox;
use crate::telemetry;

/// The AWS clients, shared by all functions of a process.
#[derive(Debug, Clone)]
pub struct Clients {
    /// Tables.
    pub dynamodb: store::Client,
    /// Queues.
    pub sqs: aws_sdk_sqs::Client,
}

/// Why a function does not start.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// Something is not in the environment.
    #[error(transparent)]
    Missing(#[from] MissingSetting),
    /// The master secret is no secret.
    #[error(transparent)]
    WeakSecret(#[from] WeakSecret),
}

impl Clients {
    /// Clients as the environment says (region, credentials, `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL_SQS`).
    pub async fn from_env() -> Self {
        let https = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
        let config = aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(https.build_https());
        // Shorter than any function's own timeout, so that a caller gets an answer and not a cut line.
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(3))
            .operation_timeout(Duration::from_secs(8));
        let config = config.timeout_config(timeouts.build()).load().await;
        Self { dynamodb: store::Client::new(&config), sqs: aws_sdk_sqs::Client::new(&config) }
    }
}

impl App {
    /// The context of the function that this process is.
    ///
    /// # Errors
    /// [`BootError`] names what the environment lacks.
    pub async fn from_env() -> Result<Self, BootError> {
        let filter = std::env::var("RUST_LOG").unwrap_or_else(|_| "info".into());
        telemetry::init(&filter, true);
        // Nothing chooses TLS by itself; a second start in the same process finds it chosen.
        let _already_chosen = rustls::crypto::ring::default_provider().install_default();
        Self::from_vars(|name| std::env::var(name).ok(), &Clients::from_env().await, Clock::default())
    }

    /// The context of a function with this environment: what the template gives it, resolved.
    ///
    /// # Errors
    /// [`BootError`] names what the environment lacks.
    pub fn from_vars(
        var: impl Fn(&str) -> Option<String>,
        clients: &Clients,
        clock: Clock,
    ) -> Result<Self, BootError> {
        let platform = var("PLATFORM_TABLE").ok_or(MissingSetting("PLATFORM_TABLE"))?;
        let mut queues = BTreeMap::new();
        for consumer in Consumer::ALL {
            let name = format!("{}_QUEUE_URL", consumer.as_str().to_uppercase());
            if let Some(url) = var(&name) {
                queues.insert(consumer, url);
            }
        }
        let secret = match var("MASTER_SECRET") {
            Some(secret) => Some(Arc::new(MasterSecret::new(secret.into_bytes())?)),
            None => None,
        };
        let identity = match var("OIDC_ISSUER") {
            Some(url) => Some(Arc::new(Identity::new(Issuer {
                url,
                audience: var("OIDC_AUDIENCE").ok_or(MissingSetting("OIDC_AUDIENCE"))?,
                jwks_url: var("OIDC_JWKS_URL").ok_or(MissingSetting("OIDC_JWKS_URL"))?,
            }))),
            None => None,
        };
        let index = match var("INDEX_STORE") {
            Some(store) => {
                let work = var("INDEX_WORK").ok_or(MissingSetting("INDEX_WORK"))?;
                Some(IndexLocation { store, work: PathBuf::from(work) })
            }
            None => None,
        };
        let mail = match var("MAIL_SERVER") {
            Some(server) => {
                Some(MailSettings { server, from: var("MAIL_FROM").ok_or(MissingSetting("MAIL_FROM"))? })
            }
            None => None,
        };
        Ok(Self {
            store: Store::new(clients.dynamodb.clone(), platform, var("PEOPLE_TABLE")),
            outbox: Outbox::new(clients.sqs.clone(), queues),
            clock,
            identity,
            secret,
            index,
            public_url: var("PUBLIC_URL").map(|url| url.trim_end_matches('/').to_owned()),
            mail,
        })
    }
}
