//! What the development identity provider keeps.

use engines::{BadKey, Signer};

use super::grant::Grants;

/// The development identity provider of a platform.
#[derive(Clone)]
pub struct Issuer {
    /// Signs its tokens.
    pub signer: Signer,
    /// Where the platform answers.
    pub(super) site: String,
    pub(super) grants: Grants,
}

impl Issuer {
    /// An issuer for the platform at `site`, with a key made from 32 bytes in hex.
    ///
    /// # Errors
    /// [`BadKey`] if they are not that.
    pub fn new(site: String, seed: &str) -> Result<Self, BadKey> {
        let signer = Signer::new(format!("{site}/dev"), seed)?;
        Ok(Self { signer, site, grants: Grants::default() })
    }

    /// For a platform that answers elsewhere.
    #[must_use]
    pub fn for_platform(self, site: String) -> Self {
        Self { site: site.trim_end_matches('/').to_owned(), ..self }
    }
}
