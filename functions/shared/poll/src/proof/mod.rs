//! What lets a stranger check a count: commitments, receipts, signed tree heads, and the archive with all of it.
//!
//! The shape is that of Certificate Transparency (RFC 9162): on acceptance a voter gets a signed promise that the ballot's
//! commitment will be in the log; the log is a Merkle tree that only grows, and its heads are signed; at the close all of it
//! is published with the ballots.

mod archive;
mod bytes;
mod follow;
mod frontier;
mod head;
mod key;
mod leaf;
mod own_word;
mod receipt;
mod report;
#[cfg(test)]
mod tests;
mod verify;

pub use archive::{Archive, ArchiveError, Content, OpenedBallot, Opening, PollOutcome};
pub use bytes::{Bytes32, Signature64};
pub use follow::{BrokenLog, FollowedLog, LogPart, SavedLog};
pub use frontier::Frontier;
pub use head::{Log, TreeHead};
pub use key::{Fingerprint, PollKey};
pub use leaf::{Leaf, commitment};
pub use own_word::{OwnWord, VoterWord};
pub use receipt::Receipt;
pub use verify::{Check, OwnVote, Verdict, verify};
