//! Signs tokens as an identity provider does.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// What tokens are for.
pub const AUDIENCE: &str = "vmeste";
/// How long a token is valid, in seconds.
pub const VALID: i64 = 8 * 3_600;
/// Name of the only key.
const KEY_ID: &str = "development";

/// Signs tokens.
#[derive(Clone)]
pub struct Signer {
    url: String,
    key: EncodingKey,
    jwks: Value,
}

/// The seed makes no key.
#[derive(Debug, thiserror::Error)]
#[error("the key of the development issuer is not usable: {0}")]
pub struct BadKey(String);

impl Signer {
    /// Signs in the name of the issuer `url`, with a key made from 32 bytes in hex.
    ///
    /// # Errors
    /// [`BadKey`] if they are not that.
    pub fn new(url: String, seed: &str) -> Result<Self, BadKey> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(seed, &mut bytes).map_err(|error| BadKey(error.to_string()))?;
        let signing = SigningKey::from_bytes(&bytes);
        let der = signing.to_pkcs8_der().map_err(|error| BadKey(error.to_string()))?;
        let public = URL_SAFE_NO_PAD.encode(signing.verifying_key().as_bytes());
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": KEY_ID, "x": public });
        let key = EncodingKey::from_ed_der(der.as_bytes());
        Ok(Self { url, key, jwks: json!({ "keys": [jwk] }) })
    }

    /// The public keys, as a JWK set (RFC 7517, section 5).
    pub const fn jwks(&self) -> &Value {
        &self.jwks
    }

    /// Where its keys are.
    pub fn jwks_url(&self) -> String {
        format!("{}/jwks.json", self.url)
    }

    /// The `iss` of its tokens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Signs a token with these claims; `iss`, `aud` and times are added where they are missing.
    ///
    /// # Errors
    /// If the claims cannot be signed.
    pub fn sign(&self, mut claims: Value) -> Result<String, jsonwebtoken::errors::Error> {
        let now = jiff::Timestamp::now().as_second();
        let defaults = json!({ "iss": self.url, "aud": AUDIENCE, "iat": now, "exp": now + VALID });
        if let (Value::Object(claims), Value::Object(defaults)) = (&mut claims, defaults) {
            for (name, value) in defaults {
                claims.entry(name).or_insert(value);
            }
        }
        let header = Header { kid: Some(KEY_ID.into()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.key)
    }
}
