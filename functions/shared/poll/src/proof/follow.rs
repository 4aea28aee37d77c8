//! A log as somebody from outside follows it while the poll runs.

use serde::{Deserialize, Serialize};

use super::bytes::Bytes32;
use super::frontier::Frontier;
use super::head::TreeHead;
use super::key::{Fingerprint, fingerprint};
use super::leaf::Leaf;

/// A signed head with what it adds to the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPart {
    /// Of the log up to here.
    pub head: TreeHead,
    /// The leaves after those of the head before: commitments that say nothing of any choice.
    pub leaves: Vec<Leaf>,
}

/// The copy of a log that a follower keeps. An answer of `/polls/{id}/log` is one; the file of `vmeste poll follow` is another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedLog {
    /// The public key that signs.
    pub key: Bytes32,
    /// The oldest first.
    pub items: Vec<LogPart>,
}

/// Why something is not what comes next in a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokenLog {
    /// Of another poll, perhaps.
    #[error("the key is another one: its fingerprint is {0}")]
    AnotherKey(Fingerprint),
    /// Not by the holder of the key.
    #[error("head {0} is not signed with the poll's key")]
    NotSigned(u64),
    /// Of another poll or question, or older than the one before.
    #[error("head {0} does not follow the one before")]
    DoesNotFollow(u64),
    /// It was there and is there no longer.
    #[error("head {0} was in the log and is not there any more")]
    Lost(u64),
    /// Something that was in the log is there no longer, or is another.
    #[error("head {0} is not the root of the log so far with the new leaves: the log was changed afterwards")]
    Changed(u64),
}

/// A log that is checked as it comes.
pub struct FollowedLog {
    key: Bytes32,
    items: Vec<LogPart>,
    frontier: Frontier,
}

impl FollowedLog {
    /// An empty log, signed with this key.
    ///
    /// # Errors
    /// [`BrokenLog::AnotherKey`] if it has another fingerprint.
    pub fn new(key: Bytes32, print: &Fingerprint) -> Result<Self, BrokenLog> {
        let found = fingerprint(&key);
        if found != *print {
            return Err(BrokenLog::AnotherKey(found));
        }
        Ok(Self { key, items: Vec::new(), frontier: Frontier::default() })
    }

    /// A log that was kept; it is checked anew.
    ///
    /// # Errors
    /// [`BrokenLog`] if the key is another one, or what was kept is no log.
    pub fn open(saved: SavedLog, print: &Fingerprint) -> Result<Self, BrokenLog> {
        let mut log = Self::new(saved.key, print)?;
        saved.items.into_iter().try_for_each(|part| log.take(part))?;
        Ok(log)
    }

    /// What to ask for: heads after this one. The last one that is known is asked for again, to see that it is still there.
    pub fn after(&self) -> u64 {
        self.heads().saturating_sub(1)
    }

    /// Takes the answer to that.
    ///
    /// # Errors
    /// [`BrokenLog`]. What comes before the part that is wrong is taken.
    pub fn take_all(&mut self, parts: Vec<LogPart>) -> Result<(), BrokenLog> {
        let mut parts = parts.into_iter();
        if let Some(last) = self.items.last() {
            let number = last.head.number;
            match parts.next() {
                Some(same) if same == *last => {}
                Some(other) if other.head.is_signed_by(&self.key) => return Err(BrokenLog::Changed(number)),
                _ => return Err(BrokenLog::Lost(number)),
            }
        }
        parts.try_for_each(|part| self.take(part))
    }

    /// Takes what comes next.
    ///
    /// # Errors
    /// [`BrokenLog`]; it is not taken then.
    fn take(&mut self, part: LogPart) -> Result<(), BrokenLog> {
        let LogPart { head, leaves } = &part;
        let number = head.number;
        if !head.is_signed_by(&self.key) {
            return Err(BrokenLog::NotSigned(number));
        }
        let follows =
            |last: &TreeHead| head.poll == last.poll && head.question == last.question && head.at >= last.at;
        if number != self.heads() + 1 || !self.items.last().is_none_or(|last| follows(&last.head)) {
            return Err(BrokenLog::DoesNotFollow(number));
        }
        let mut frontier = self.frontier.clone();
        frontier.extend(leaves);
        if (frontier.size(), frontier.root()) != (head.size, head.root) {
            return Err(BrokenLog::Changed(number));
        }
        self.frontier = frontier;
        self.items.push(part);
        Ok(())
    }

    /// Heads so far: the number of the last one.
    pub fn heads(&self) -> u64 {
        self.items.len() as u64
    }

    /// Leaves so far.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// What is kept of it.
    pub fn saved(&self) -> SavedLog {
        SavedLog { key: self.key, items: self.items.clone() }
    }
}
