//! What makes a receipt its voter's own.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::bytes::Bytes32;
use domain::text::Text;

/// A word of the voter's, of whatever they like: at most 64 characters.
pub type VoterWord = Text<64>;

/// A word that the voter chose, bound into the ballot. Without one, two people who vote alike could be given one receipt, and
/// one ballot be put where theirs were (R. Küsters, T. Truderung, A. Vogt, "Clash Attacks on the Verifiability of E-Voting
/// Systems", 2012): nobody else has a receipt with a word that only one has thought of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnWord {
    /// What the voter typed; none if nothing.
    pub word: Option<VoterWord>,
    /// 256 random bits. The archive shows none of them.
    pub key: Bytes32,
}

impl OwnWord {
    /// The seal that stands with the ballot in the archive: HMAC-SHA-256 of the word under the key. A reader without the receipt
    /// cannot try out words against it, and cannot see whether there was a word.
    ///
    /// # Panics
    /// Never: HMAC takes any key.
    pub fn seal(&self) -> Bytes32 {
        let word = self.word.as_ref().map_or("", VoterWord::as_str);
        let mac = Hmac::<Sha256>::new_from_slice(&self.key.0).expect("HMAC takes any key");
        Bytes32(mac.chain_update(word).finalize().into_bytes().into())
    }
}
