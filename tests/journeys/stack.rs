//! A deployed platform: `API_URL` says where it answers, the file that `STACK` names what `tests/second-engine/stack.py`
//! wrote about it.

use std::collections::BTreeMap;

use entrypoint::Clients;
use serde::Deserialize;
use store::Store;
use vmeste::issuer::Issuer;

/// The access key that the engine takes for its owner's.
const ROOT: &str = "test";

/// A deployed platform.
pub(crate) struct Stack {
    /// Where its API answers.
    pub(crate) url: String,
    pub(crate) clients: Clients,
    pub(crate) store: Store,
    pub(crate) issuer: Issuer,
    resources: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Described {
    endpoint: String,
    issuer: String,
    issuer_key: String,
    resources: BTreeMap<String, String>,
}

impl Stack {
    /// The one that the environment names, if it names one.
    pub(crate) async fn named_by_the_environment() -> Option<Self> {
        let url = std::env::var("API_URL").ok()?;
        let file = std::env::var("STACK").expect("STACK, the file that stack.py wrote");
        let described: Described = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let Described { endpoint, issuer, issuer_key, resources } = described;
        let clients = engines::clients(Some(&endpoint), Some(ROOT)).await;
        let store = Store::new(clients.dynamodb.clone(), resources["PlatformTable"].clone(), None);
        let site = issuer.trim_end_matches("/dev").to_owned();
        let issuer = Issuer::new(site, &issuer_key).unwrap();
        Some(Self { url, clients, store, issuer, resources })
    }

    /// What CloudFormation called a resource.
    pub(crate) fn physical(&self, logical: &str) -> &str {
        &self.resources[logical]
    }
}
