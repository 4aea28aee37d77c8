//! The leaves of the log.

use ct_merkle::HashableLeaf;
use ct_merkle::digest::Update;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::ballot::Choice;
use super::bytes::Bytes32;
use domain::ids::PollId;

/// A ballot in the log: its commitment, and that of the ballot which it takes the place of. Says nothing of the choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// See [`commitment`].
    pub commitment: Bytes32,
    /// The commitment of the same voter's ballot before, if this one changes a vote.
    pub replaces: Option<Bytes32>,
}

/// What binds a voter's ballot without telling it: SHA-256 of poll, salt, the seal of the voter's own word
/// ([`OwnWord`](super::OwnWord)) and choice. No choice can be tried out against it without the salt. The salt has 256 bits, and
/// before the close only the platform knows them.
pub fn commitment(poll: PollId, salt: &Bytes32, seal: &Bytes32, choice: &Choice) -> Bytes32 {
    let mut hash = Sha256::new();
    Digest::update(&mut hash, b"vmeste ballot 1\0");
    Digest::update(&mut hash, poll.uuid().as_bytes());
    Digest::update(&mut hash, salt.0);
    Digest::update(&mut hash, seal.0);
    Digest::update(&mut hash, serde_json::to_vec(choice).unwrap_or_default());
    Bytes32(hash.finalize().into())
}

impl HashableLeaf for Leaf {
    fn hash<H: Update>(&self, hasher: &mut H) {
        hasher.update(&self.commitment.0);
        if let Some(replaces) = &self.replaces {
            hasher.update(&replaces.0);
        }
    }
}
