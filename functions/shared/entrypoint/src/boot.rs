//! How a function starts. The only reader of the environment.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::timeout::TimeoutConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use domain::secret::{MasterSecret, WeakSecret};
use events::Consumer;
use store::Store;

use crate::app::{App, IndexLocation, MailSettings, MissingSetting};
use crate::clock::Clock;
use crate::identity::{Identity, Issuer};
use crate::outbox::Outbox;
use crate::telemetry;

/// Amazon Root CA 1 to 4 and Starfield Services Root Certificate Authority G2.
const AMAZON_ROOTS: &str = include_str!("amazon_roots.pem");

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
        let trusted = trusted(|name| std::env::var(name).ok());
        let https = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(trusted)
            .build_https();
        let config = aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(https);
        // Shorter than any function's own timeout, so that a caller gets an answer and not a cut line.
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(3))
            .operation_timeout(Duration::from_secs(8));
        let config = config.timeout_config(timeouts.build()).load().await;
        Self { dynamodb: store::Client::new(&config), sqs: aws_sdk_sqs::Client::new(&config) }
    }
}

/// Whose certificates are accepted of tables and queues. AWS's own endpoints show certificates of Amazon Trust Services
/// (<https://www.amazontrust.com/repository/>), which are in this program: to read the hundred and more that the system
/// trusts takes half of a cold start. Other endpoints may have any certificate that the system trusts.
fn trusted(var: impl Fn(&str) -> Option<String>) -> TlsContext {
    let own = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_SQS"];
    let elsewhere = own.iter().filter_map(|name| var(name)).any(|url| url.starts_with("https://"));
    let store = if elsewhere {
        TrustStore::default()
    } else {
        TrustStore::empty().with_pem_certificate(AMAZON_ROOTS)
    };
    TlsContext::builder().with_trust_store(store).build().unwrap_or_default()
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
            outbox: Outbox::new(clients.sqs.clone(), queues, var("TALLYING_QUEUE_URL")),
            clock,
            identity,
            secret,
            index,
            archives: var("ARCHIVE_STORE"),
            public_url: var("PUBLIC_URL").map(|url| url.trim_end_matches('/').to_owned()),
            mail,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::RootCertStore;
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    #[test]
    fn amazons_roots_are_five_and_can_be_used() {
        let mut store = RootCertStore::empty();
        for root in CertificateDer::pem_slice_iter(AMAZON_ROOTS.as_bytes()) {
            store.add(root.unwrap()).unwrap();
        }
        assert_eq!(store.len(), 5);
    }

    #[test]
    fn an_endpoint_of_ones_own_may_have_any_certificate_that_the_system_trusts() {
        let natives = |url: Option<&str>| {
            let context = trusted(|name| url.filter(|_| name == "AWS_ENDPOINT_URL_SQS").map(str::to_owned));
            format!("{context:?}").contains("enable_native_roots: true")
        };
        assert!(natives(Some("https://queues.example")));
        assert!(!natives(Some("http://127.0.0.1:4566")), "no TLS, no certificates");
        assert!(!natives(None));
    }
}
