//! What voters decide on.

use domain::ids::TerritoryId;
use domain::text::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ballot::{BallotFormat, OptionId};
use super::count::{Ballots, Contest, CountingRule, TieBreak, Ties, Utility};
use super::eligibility::Eligibility;
use super::proof::Bytes32;

/// What a poll is called.
pub type PollTitle = Text<200>;
/// What it is about.
pub type PollText = Text<10_000>;
/// What an option is called.
pub type OptionName = Text<300>;
/// What an option is about, and where.
pub type OptionText = Text<3_000>;

/// Options of a poll, at least and at most.
pub const OPTIONS: std::ops::RangeInclusive<usize> = 2..=200;

/// The largest budget, cost or threshold: sums of them can be counted.
pub const MOST_MONEY: u64 = 1_000_000_000_000_000;

/// An option or a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollOption {
    /// Short, unlike the others'.
    pub id: OptionId,
    /// What it is called.
    pub name: OptionName,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<OptionText>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<OptionName>,
    /// What it costs, in whole units of money; 0 where nothing is spent.
    #[serde(default)]
    pub cost: u64,
}

/// What voters decide on: frozen once the poll is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What it is called.
    pub title: PollTitle,
    /// What it is about.
    pub text: PollText,
    /// Where it is about.
    pub territory: TerritoryId,
    /// Who may vote.
    pub eligibility: Eligibility,
    /// From when ballots are taken.
    pub opens: Timestamp,
    /// Until when: at this instant none is taken any more.
    pub closes: Timestamp,
    /// How people vote.
    pub format: BallotFormat,
    /// How it is counted.
    pub rule: CountingRule,
    /// How ties are broken.
    pub ties: TieBreak,
    /// How many options win; of no meaning where a budget is spent.
    pub seats: u32,
    /// What may be spent; 0 where nothing is.
    #[serde(default)]
    pub budget: u64,
    /// Projects with fewer points are not bought.
    #[serde(default)]
    pub threshold: u64,
    /// Whether a vote can be changed until the close.
    pub revotes: bool,
    /// What can be chosen.
    pub options: Vec<PollOption>,
}

impl Question {
    /// SHA-256 of the question's JSON: receipts and tree heads are signed with it, so that nobody can ask another one afterwards.
    pub fn digest(&self) -> Bytes32 {
        Bytes32(Sha256::digest(serde_json::to_vec(self).unwrap_or_default()).into())
    }

    /// The ids of the options, in their order.
    pub fn option_ids(&self) -> Vec<OptionId> {
        self.options.iter().map(|option| option.id.clone()).collect()
    }

    /// What is counted, with these ballots.
    pub fn contest(&self, ballots: Vec<Ballots>) -> Contest {
        Contest {
            options: self.options.len(),
            costs: self.options.iter().map(|option| option.cost).collect(),
            budget: if self.rule.spends() { self.budget } else { 0 },
            unit: 1,
            seats: self.seats as usize,
            utility: Utility::of(self.format.kind()),
            ranks: self.format.limit().map_or(1, |limit| limit as usize),
            threshold: self.threshold,
            ballots,
        }
    }

    /// How ties are broken; the seed of a lot is the root of the log at the close.
    pub fn tie_order(&self, root: &[u8]) -> Ties {
        let ids: Vec<&str> = self.options.iter().map(|option| option.id.as_str()).collect();
        let costs: Vec<u64> = self.options.iter().map(|option| option.cost).collect();
        Ties::by(self.ties, &ids, &costs, root)
    }
}
