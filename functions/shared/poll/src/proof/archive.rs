//! Everything about a certified poll in one file. Anybody who has the file can count again.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::ballot::{Choice, OptionId};
use super::super::count::{Ballots, Count, CountError, Finding, Marks, TieBreak};
use super::super::{Poll, Question};
use super::bytes::{Bytes32, Signature64};
use super::frontier::Frontier;
use super::head::TreeHead;
use super::key::{PollKey, is_signed};
use super::leaf::Leaf;
use domain::ids::{OrganizationId, PollId};

/// What the first field of an archive says.
pub(super) const FORMAT: &str = "vmeste poll archive 1";
const NAME: &str = "archive";

/// The published archive. It is written in one way only: every other way of writing the same is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// Everything but the signature.
    pub content: Content,
    /// The poll's, over the SHA-256 of the content's JSON.
    pub signature: Signature64,
}

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// `vmeste poll archive 1`.
    pub format: String,
    /// Which poll.
    pub poll: PollId,
    /// Whose poll.
    pub organization: OrganizationId,
    /// What was asked, and how it is counted.
    pub question: Question,
    /// The public key that signs.
    pub key: Bytes32,
    /// Every signed tree head, the oldest first.
    pub heads: Vec<TreeHead>,
    /// Every leaf of the log, in its order.
    pub log: Vec<Leaf>,
    /// Every ballot that counts, in the order of the log.
    pub ballots: Vec<OpenedBallot>,
    /// What came out.
    pub result: PollOutcome,
    /// When it was counted.
    pub certified: Timestamp,
}

/// A ballot with what opens its commitment. Nobody's name stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenedBallot {
    /// Place of its leaf in the log, from 0.
    pub leaf: u64,
    /// The salt of the commitment.
    pub salt: Bytes32,
    /// Of the voter's own word: see [`OwnWord::seal`](super::OwnWord::seal).
    pub seal: Bytes32,
    /// What was chosen.
    pub choice: Choice,
}

/// What opens the commitment of a vote that counts: all that is needed of a ballot to count it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The vote's leaf of the log.
    pub leaf: Leaf,
    /// The salt of the commitment.
    pub salt: Bytes32,
    /// Of the voter's own word: see [`OwnWord::seal`](super::OwnWord::seal).
    pub seal: Bytes32,
    /// What was chosen.
    pub choice: Choice,
}

/// The result of a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollOutcome {
    /// Ballots that count: so many people voted.
    pub ballots: u64,
    /// What each option got, in the order of the poll.
    pub totals: Vec<(OptionId, u64)>,
    /// Who won, in the order in which they did.
    pub winners: Vec<OptionId>,
    /// What the lot was drawn with, if ties are broken by lot: the log's root at the close.
    pub lot: Option<Bytes32>,
    /// Why, step by step.
    pub protocol: Vec<Finding>,
}

/// Why an archive cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// A ballot is not in the log.
    #[error("a ballot is not in the log")]
    NotLogged,
    /// The rule does not fit.
    #[error(transparent)]
    Count(#[from] CountError),
}

impl PollOutcome {
    /// Counts ballots; `root` is the log's at the close.
    ///
    /// # Errors
    /// [`CountError`] if the rule does not fit the ballots.
    pub fn of(question: &Question, ballots: &[OpenedBallot], root: &Bytes32) -> Result<Self, CountError> {
        let ids = question.option_ids();
        let places: HashMap<&OptionId, usize> =
            ids.iter().enumerate().map(|(place, id)| (id, place)).collect();
        let mut groups: BTreeMap<Marks, u64> = BTreeMap::new();
        for ballot in ballots {
            *groups.entry(ballot.choice.marks_by(|id| places.get(id).copied())).or_default() += 1;
        }
        let groups = groups.into_iter().map(|(marks, count)| Ballots { marks, count }).collect();
        let Count { totals, winners, protocol } =
            question.contest(groups).count(question.rule, &question.tie_order(&root.0))?;
        Ok(Self {
            ballots: ballots.len() as u64,
            winners: winners.into_iter().map(|place| ids[place].clone()).collect(),
            totals: ids.into_iter().zip(totals).collect(),
            lot: (question.ties == TieBreak::Lot).then_some(*root),
            protocol,
        })
    }
}

impl Archive {
    /// Makes the archive of a closed poll from its log and all its ballots. They are counted, unless it is known what came out: then
    /// the archive is the signed one only if nothing has changed.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn make(
        poll: &Poll,
        key: &PollKey,
        heads: Vec<TreeHead>,
        log: Vec<Leaf>,
        ballots: Vec<Opening>,
        known: Option<PollOutcome>,
        certified: Timestamp,
    ) -> Result<Self, ArchiveError> {
        let places: HashMap<&Leaf, u64> = (0..).zip(&log).map(|(place, leaf)| (leaf, place)).collect();
        let mut opened = Vec::with_capacity(ballots.len());
        for Opening { leaf, salt, seal, choice } in ballots {
            let leaf = *places.get(&leaf).ok_or(ArchiveError::NotLogged)?;
            opened.push(OpenedBallot { leaf, salt, seal, choice });
        }
        opened.sort_by_key(|ballot| ballot.leaf);
        let root = heads.last().map_or_else(|| Frontier::default().root(), |head| head.root);
        let content = Content {
            format: FORMAT.to_owned(),
            poll: poll.id,
            organization: poll.organization.clone(),
            question: poll.question.clone(),
            key: key.public(),
            result: match known {
                Some(outcome) => outcome,
                None => PollOutcome::of(&poll.question, &opened, &root)?,
            },
            heads,
            log,
            ballots: opened,
            certified,
        };
        Ok(content.signed(key))
    }

    /// The file.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(super) fn is_signed(&self) -> bool {
        is_signed(&self.content.key, NAME, &self.content.digest(), &self.signature)
    }
}

impl Content {
    pub(super) fn signed(self, key: &PollKey) -> Archive {
        let signature = key.sign(NAME, &self.digest());
        Archive { content: self, signature }
    }

    fn digest(&self) -> Bytes32 {
        Bytes32(Sha256::digest(serde_json::to_vec(self).unwrap_or_default()).into())
    }
}
