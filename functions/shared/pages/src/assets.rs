//! Style sheets, scripts and icons, with their version in the address: browsers keep them for a year.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// A static file.
#[derive(Debug)]
pub struct Asset {
    /// Its name.
    pub name: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// Its content.
    pub content: &'static str,
    version: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let script = "text/javascript; charset=utf-8";
    vec![
        Asset::new("vmeste.css", "text/css; charset=utf-8", include_str!("../static/vmeste.css")),
        Asset::new("vmeste.js", script, include_str!("../static/vmeste.js")),
        Asset::new("icon.svg", "image/svg+xml", include_str!("../static/icon.svg")),
    ]
});

impl Asset {
    fn new(name: &'static str, kind: &'static str, content: &'static str) -> Self {
        let version = hex::encode(&Sha256::digest(content.as_bytes())[..6]);
        Self { name, kind, content, version }
    }

    /// Where it is: changes with its content.
    pub fn address(&self) -> String {
        format!("/static/{}?v={}", self.name, self.version)
    }
}

/// The file with this name.
pub fn asset(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}
