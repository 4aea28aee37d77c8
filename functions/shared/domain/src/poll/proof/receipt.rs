//! What a voter gets.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::Poll;
use super::bytes::{Bytes32, Signature64};
use super::key::{PollKey, is_signed};
use super::leaf::Leaf;
use crate::ids::PollId;

/// A signed promise that a ballot will be in the log, as in Certificate Transparency. It shows nothing of the choice; when the
/// archive opens the commitments after the close, whoever has seen the receipt can find the ballot there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The poll.
    pub poll: PollId,
    /// What was asked: see [`Question::digest`](super::super::Question::digest).
    pub question: Bytes32,
    /// What is promised to be in the log.
    pub leaf: Leaf,
    /// When the ballot was accepted.
    pub accepted: Timestamp,
    /// The poll's, over all of it.
    pub signature: Signature64,
}

#[derive(Serialize)]
struct Promise<'r> {
    poll: PollId,
    question: &'r Bytes32,
    leaf: &'r Leaf,
    accepted: Timestamp,
}

const NAME: &str = "receipt";

impl Receipt {
    /// Promises.
    pub fn sign(key: &PollKey, poll: &Poll, leaf: Leaf, accepted: Timestamp) -> Self {
        let (question, poll) = (poll.question.digest(), poll.id);
        let signature = key.sign(NAME, &Promise { poll, question: &question, leaf: &leaf, accepted });
        Self { poll, question, leaf, accepted, signature }
    }

    /// Is it the promise of the holder of this key?
    pub fn is_signed_by(&self, public: &Bytes32) -> bool {
        let promise =
            Promise { poll: self.poll, question: &self.question, leaf: &self.leaf, accepted: self.accepted };
        is_signed(public, NAME, &promise, &self.signature)
    }
}
