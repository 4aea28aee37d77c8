//! A deployed platform: what `tests/second-engine/stack.py` wrote about it, and the development issuer's key.

use std::collections::BTreeMap;

use entrypoint::Clients;
use serde::Deserialize;
use store::Store;
use vmeste::calls::Calls;
use vmeste::engines;
use vmeste::issuer::Issuer;

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
    api: String,
    endpoint: String,
    issuer: String,
    issuer_key: String,
    resources: BTreeMap<String, String>,
}

impl Stack {
    /// The one that the file named by `STACK` describes, if the variable is set.
    pub(crate) async fn named_by_the_environment() -> Option<Self> {
        let file = std::env::var("STACK").ok()?;
        let described: Described = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let Described { api, endpoint, issuer, issuer_key, resources } = described;
        let clients = engines::clients(&endpoint, &endpoint, true, &Calls::default()).await;
        let store = Store::new(clients.dynamodb.clone(), resources["PlatformTable"].clone(), None);
        let site = issuer.trim_end_matches("/dev").to_owned();
        let issuer = Issuer::new(site, &issuer_key).unwrap();
        Some(Self { url: api, clients, store, issuer, resources })
    }

    /// What CloudFormation called a resource.
    pub(crate) fn physical(&self, logical: &str) -> &str {
        &self.resources[logical]
    }
}
