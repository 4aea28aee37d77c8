//! One person, one ballot: what happens to a voter's ballot when they vote, vote anew, or send the same vote twice.
//!
//! A ballot is one item that is state and history at once. It is written on condition of the revision that was read, so of two
//! votes at once one is decided again, with the other in view.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ballot::Choice;
use super::error::Refusal;
use super::proof::{Bytes32, Leaf, Opening, OwnWord, PollKey, Receipt, commitment};
use super::{Poll, PollStatus};
use domain::ids::BallotId;

/// A vote can be changed so often.
pub const CHANGES: usize = 50;

/// The ballot of one voter in one poll, with all its receipts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// Goes up with every write.
    pub revision: u64,
    /// What counts: the choice accepted last.
    pub choice: Choice,
    /// The salt of its commitment.
    pub salt: Bytes32,
    /// Every vote of this voter, the oldest first; the last one counts. None of the earlier choices is kept.
    pub votes: Vec<Vote>,
    /// Leaves that the log does not have yet, the oldest first.
    pub waiting: Vec<Leaf>,
}

/// One accepted vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// Its id, made by the request that cast it.
    pub id: BallotId,
    /// The idempotency key of that request, and the sealed SHA-256 of its body: a copy of the request gets the same receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<(String, String)>,
    /// What the voter got.
    pub receipt: Receipt,
}

/// A vote to be cast.
#[derive(Debug, Clone)]
pub struct Cast {
    /// New for each request.
    pub id: BallotId,
    /// Idempotency key and the sealed SHA-256 of the body, if the request has a key. An unsealed hash would give the choice away to
    /// a reader who tries all choices out.
    pub request: Option<(String, String)>,
    /// What is chosen.
    pub choice: Choice,
    /// 256 random bits.
    pub salt: Bytes32,
    /// What the voter makes the receipt their own with.
    pub own: OwnWord,
}

/// What becomes of a vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The ballot is to be written, if it still has the revision it was read with.
    Write(Box<Ballot>),
    /// This very vote was accepted before: this is its receipt.
    Known(Box<Receipt>),
    /// The request's key was used for another vote.
    KeyReused,
}

/// Decides on a vote, given the voter's ballot as it is.
///
/// # Errors
/// [`Refusal`]: the poll takes no ballots now, or no second one.
pub fn cast(
    poll: &Poll,
    key: &PollKey,
    ballot: Option<&Ballot>,
    vote: &Cast,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let votes = ballot.map(|ballot| ballot.votes.as_slice()).unwrap_or_default();
    // Before the clock is asked: a copy that comes after the close gets the receipt all the same.
    if let Some(known) = votes.iter().find(|known| known.id == vote.id) {
        return Ok(Decision::Known(Box::new(known.receipt.clone())));
    }
    let same_key = |known: &&Vote| match (&known.request, &vote.request) {
        (Some((known, _)), Some((key, _))) => known == key,
        _ => false,
    };
    if let Some(known) = votes.iter().find(same_key) {
        let same = known.request == vote.request;
        return Ok(if same { Decision::Known(Box::new(known.receipt.clone())) } else { Decision::KeyReused });
    }
    match poll.status(now) {
        PollStatus::Open => {}
        PollStatus::Draft | PollStatus::Announced => return Err(Refusal::NotOpenYet),
        PollStatus::Closed | PollStatus::Certified => return Err(Refusal::Closed),
    }
    if !votes.is_empty() && !poll.question.revotes {
        return Err(Refusal::VotedAlready);
    }
    if votes.len() > CHANGES {
        return Err(Refusal::TooManyChanges);
    }
    let leaf = Leaf {
        commitment: commitment(poll.id, &vote.salt, &vote.own.seal(), &vote.choice),
        replaces: votes.last().map(|before| before.receipt.leaf.commitment),
    };
    let receipt = Receipt::sign(key, poll, leaf, vote.own.clone(), now);
    let mut next = Ballot {
        revision: ballot.map_or(0, |ballot| ballot.revision) + 1,
        choice: vote.choice.clone(),
        salt: vote.salt,
        votes: votes.to_vec(),
        waiting: ballot.map(|ballot| ballot.waiting.clone()).unwrap_or_default(),
    };
    next.votes.push(Vote { id: vote.id, request: vote.request.clone(), receipt });
    next.waiting.push(leaf);
    Ok(Decision::Write(Box::new(next)))
}

impl Ballot {
    /// The receipt of the vote that counts.
    pub fn receipt(&self) -> Option<&Receipt> {
        self.votes.last().map(|vote| &vote.receipt)
    }

    /// What the count needs of it; none while it waits to be logged.
    pub fn opening(self) -> Option<Opening> {
        let receipt = self.receipt().filter(|_| self.waiting.is_empty())?;
        let (leaf, seal) = (receipt.leaf, receipt.own.seal());
        Some(Opening { leaf, salt: self.salt, seal, choice: self.choice })
    }

    /// The ballot once the log has these leaves; none if it waits for none of them.
    #[must_use]
    pub fn logged(&self, has: impl Fn(&Leaf) -> bool) -> Option<Self> {
        let waiting: Vec<Leaf> = self.waiting.iter().filter(|leaf| !has(leaf)).copied().collect();
        (waiting.len() < self.waiting.len()).then(|| Self {
            revision: self.revision + 1,
            waiting,
            ..self.clone()
        })
    }
}
