//! What a voter gets.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::Poll;
use super::bytes::{Bytes32, Signature64};
use super::key::{PollKey, is_signed};
use super::leaf::Leaf;
use super::own_word::OwnWord;
use domain::ids::PollId;

/// A signed promise that a ballot will be in the log, as in Certificate Transparency. It shows nothing of the choice. The archive
/// opens the commitments after the close, and then anybody who has seen the receipt can find the ballot there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The poll.
    pub poll: PollId,
    /// What was asked: see [`Question::digest`](super::super::Question::digest).
    pub question: Bytes32,
    /// What is promised to be in the log.
    pub leaf: Leaf,
    /// What makes it nobody else's.
    pub own: OwnWord,
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
    own: &'r OwnWord,
    accepted: Timestamp,
}

const NAME: &str = "receipt";

impl Receipt {
    /// Promises.
    pub fn sign(key: &PollKey, poll: &Poll, leaf: Leaf, own: OwnWord, accepted: Timestamp) -> Self {
        let (question, poll) = (poll.question.digest(), poll.id);
        let signature =
            key.sign(NAME, &Promise { poll, question: &question, leaf: &leaf, own: &own, accepted });
        Self { poll, question, leaf, own, accepted, signature }
    }

    /// Whether it is the promise of the holder of this key.
    pub fn is_signed_by(&self, public: &Bytes32) -> bool {
        let Self { poll, question, leaf, own, accepted, .. } = self;
        let promise = Promise { poll: *poll, question, leaf, own, accepted: *accepted };
        is_signed(public, NAME, &promise, &self.signature)
    }
}
