//! The signed heads of a log, and the log as a verifier builds it.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::super::Poll;
use super::bytes::{Bytes32, Signature64};
use super::frontier::Frontier;
use super::key::{PollKey, is_signed};
use super::leaf::Leaf;
use domain::ids::PollId;

/// A signed tree head (RFC 9162, 4.10): the log had so many leaves and this root. The size is signed with the root, since a
/// proof of inclusion alone does not prove it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeHead {
    /// The poll.
    pub poll: PollId,
    /// What was asked: see [`Question::digest`](super::super::Question::digest).
    pub question: Bytes32,
    /// From 1; the one before is consistent with it.
    pub number: u64,
    /// Leaves of the log.
    pub size: u64,
    /// Root of the Merkle tree (SHA-256, RFC 9162, 2.1.1).
    pub root: Bytes32,
    /// When it was made.
    pub at: Timestamp,
    /// The poll's, over all of it.
    pub signature: Signature64,
}

#[derive(Serialize)]
struct Statement<'h> {
    poll: PollId,
    question: &'h Bytes32,
    number: u64,
    size: u64,
    root: &'h Bytes32,
    at: Timestamp,
}

const NAME: &str = "tree head";

impl TreeHead {
    /// Signs what a log is now.
    pub fn sign(key: &PollKey, poll: &Poll, number: u64, log: &Frontier, at: Timestamp) -> Self {
        let (size, root) = (log.size(), log.root());
        let (question, poll) = (poll.question.digest(), poll.id);
        let signature =
            key.sign(NAME, &Statement { poll, question: &question, number, size, root: &root, at });
        Self { poll, question, number, size, root, at, signature }
    }

    fn statement(&self) -> Statement<'_> {
        Statement {
            poll: self.poll,
            question: &self.question,
            number: self.number,
            size: self.size,
            root: &self.root,
            at: self.at,
        }
    }

    /// Whether the holder of this key has signed it.
    pub fn is_signed_by(&self, public: &Bytes32) -> bool {
        is_signed(public, NAME, &self.statement(), &self.signature)
    }
}

/// The log: a Merkle tree that only grows. The writer of the log uses [`Frontier`], which is another implementation.
#[derive(Default)]
pub struct Log {
    tree: MemoryBackedTree<Sha256, Leaf>,
}

impl Log {
    /// Adds a leaf.
    pub fn push(&mut self, leaf: Leaf) {
        self.tree.push(leaf);
    }

    /// Leaves so far.
    pub fn len(&self) -> u64 {
        self.tree.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.tree.is_empty()
    }

    /// The root as it is now.
    pub fn root(&self) -> Bytes32 {
        Bytes32((*self.tree.root().as_bytes()).into())
    }
}
