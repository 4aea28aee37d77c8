//! What is counted, and what comes out.

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::utility::Utility;

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// How many options there are. They are known by their place in the list of the poll.
    pub options: usize,
    /// What each option costs; 0 where nothing is spent.
    pub costs: Vec<u64>,
    /// What may be spent; 0 where nothing is spent.
    pub budget: u64,
    /// How much of what costs and budget are counted in is one unit of money: 1, or 100 where they are in cents.
    pub unit: u64,
    /// How many options win where nothing is spent: at least 1.
    pub seats: usize,
    /// The value of a project to its supporters; for [`CountingRule::EqualShares`](super::CountingRule::EqualShares).
    pub utility: Utility,
    /// How many places a ballot that ranks may fill. The first is worth so many points, the last of them 1.
    pub ranks: usize,
    /// Fewer points than this and a project is not built, whatever is left.
    pub threshold: u64,
    /// Equal ballots together.
    pub ballots: Vec<Ballots>,
}

/// Equal ballots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballots {
    /// What they say.
    pub marks: Marks,
    /// How many there are.
    pub count: u64,
}

/// What a ballot says of the options, as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Marks {
    /// Points for options, each option at most once; an approval is one point.
    Points(Vec<(usize, u64)>),
    /// Options, the best first, each at most once. What is not named stands below all that are, in no order.
    Ranking(Vec<usize>),
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// What each option got, in the order of the poll. What it means depends on the rule: see [`CountingRule`](super::CountingRule).
    pub totals: Vec<u64>,
    /// Who won, in the order in which they did.
    pub winners: Vec<usize>,
    /// Why, step by step.
    pub protocol: Vec<Finding>,
}

/// Why a rule cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CountError {
    /// The rule needs ballots that rank.
    #[error("this rule counts ballots that rank the options")]
    NeedsRankings,
    /// The rule needs ballots that give points.
    #[error("this rule counts ballots that give points or approve")]
    NeedsPoints,
    /// The rule needs ballots that name one option first.
    #[error("this rule counts ballots that choose one option or rank them")]
    NeedsOneChoice,
    /// The rule spends a budget, and there is none.
    #[error("this rule needs a budget and what each project costs")]
    NeedsBudget,
}

impl Contest {
    /// A contest in which nothing is spent.
    pub fn new(options: usize, seats: usize, ballots: Vec<Ballots>) -> Self {
        Self {
            options,
            costs: vec![0; options],
            budget: 0,
            unit: 1,
            seats,
            utility: Utility::Points,
            ranks: options,
            threshold: 0,
            ballots,
        }
    }

    /// How many people voted.
    pub fn voters(&self) -> u64 {
        self.ballots.iter().map(|ballots| ballots.count).sum()
    }

    /// The rankings with how many chose each.
    pub(super) fn rankings(&self) -> Result<Vec<(&[usize], u64)>, CountError> {
        let mut rankings = Vec::with_capacity(self.ballots.len());
        for ballots in &self.ballots {
            match &ballots.marks {
                Marks::Ranking(order) => rankings.push((order.as_slice(), ballots.count)),
                Marks::Points(_) => return Err(CountError::NeedsRankings),
            }
        }
        Ok(rankings)
    }
}
