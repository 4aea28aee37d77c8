//! The keys of a poll: one that signs, and one by which a person is known in it.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::bytes::{Bytes32, Signature64};
use domain::ids::{PersonId, PollId};
use domain::secret::MasterSecret;

/// The keys of one poll, derived from the master secret. Their holder could sign another log and link a person to a ballot: so
/// this is an auditable consultative poll and not a secret-ballot election.
pub struct PollKey {
    signing: SigningKey,
    voters: [u8; 32],
}

/// The SHA-256 of a poll's public key: what people compare.
pub type Fingerprint = Bytes32;

impl PollKey {
    /// The keys of a poll: HKDF of the master secret, with the poll in its purpose.
    pub fn derive(secret: &MasterSecret, id: PollId) -> Self {
        Self {
            signing: SigningKey::from_bytes(&secret.key(&format!("vmeste poll signature v1 {id}"))),
            voters: secret.key(&format!("vmeste poll voters v1 {id}")),
        }
    }

    /// What a person is called in this poll, and in no other: HMAC-SHA-256 of the person's id.
    ///
    /// # Panics
    /// Never: HMAC takes any key.
    pub fn voter(&self, person: &PersonId) -> Bytes32 {
        self.mac(b"", person.as_str())
    }

    /// What a text is kept as where nobody shall find it out by trying.
    pub fn seal(&self, text: &str) -> String {
        self.mac(b"seal\0", text).to_string()
    }

    fn mac(&self, purpose: &[u8], text: &str) -> Bytes32 {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.voters).expect("HMAC takes any key");
        mac.update(purpose);
        mac.update(text.as_bytes());
        Bytes32(mac.finalize().into_bytes().into())
    }

    /// The public key.
    pub fn public(&self) -> Bytes32 {
        Bytes32(self.signing.verifying_key().to_bytes())
    }

    /// The fingerprint of the public key.
    pub fn fingerprint(&self) -> Fingerprint {
        fingerprint(&self.public())
    }

    /// Signs a statement: its name, so that no statement can be taken for another kind, and its canonical JSON.
    pub(super) fn sign(&self, name: &str, statement: &impl Serialize) -> Signature64 {
        Signature64(self.signing.sign(&statement_bytes(name, statement)).to_bytes())
    }
}

/// The fingerprint of a public key.
pub(super) fn fingerprint(public: &Bytes32) -> Fingerprint {
    Bytes32(Sha256::digest(public.0).into())
}

/// Whether this is the signature of the holder of the key. Weak keys and malleable signatures are refused.
pub(super) fn is_signed(
    public: &Bytes32,
    name: &str,
    statement: &impl Serialize,
    signature: &Signature64,
) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(&public.0) else { return false };
    key.verify_strict(&statement_bytes(name, statement), &Signature::from_bytes(&signature.0)).is_ok()
}

fn statement_bytes(name: &str, statement: &impl Serialize) -> Vec<u8> {
    let mut bytes = format!("vmeste {name} 1\0").into_bytes();
    // Structures of ours with names as keys are always written.
    serde_json::to_writer(&mut bytes, statement).unwrap_or_default();
    bytes
}
