//! The names of the rules.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::super::kind::BallotKind;

/// How ballots are counted. Written with its version, `schulze/1`: a rule that ever counts otherwise gets another number, and
/// what was counted by the former can still be counted so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum CountingRule {
    /// Most ballots wins. Totals: ballots on which the option is chosen, or ranked first.
    Plurality,
    /// Most approvals wins. Totals: ballots that approve the option or give it points.
    Approval,
    /// Most points wins. Totals: sums of points.
    Score,
    /// Most points wins; each voter gives away a fixed number of points. Totals: sums of points.
    Cumulative,
    /// Points for places. Totals: sums of those points.
    Borda,
    /// The weakest is excluded until one has the majority. Totals: first preferences.
    InstantRunoff,
    /// Seats by quota, with transfers. Totals: first preferences.
    SingleTransferable,
    /// Who beats whom, also by way of others. Totals: options that the option beats so.
    Schulze,
    /// The most points first, as long as the budget lasts. Totals: sums of points.
    Greedy,
    /// The most points for each unit of money first, as long as the budget lasts. Totals: sums of points.
    GreedyCost,
    /// Everybody has an equal share of the budget. Totals: sums of points.
    EqualShares,
}

/// There is no such rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no counting rule «{0}»: take one of {names}", names = CountingRule::ALL.map(CountingRule::name).join(", "))]
pub struct UnknownRule(String);

impl CountingRule {
    /// Every rule.
    pub const ALL: [Self; 11] = [
        Self::Plurality,
        Self::Approval,
        Self::Score,
        Self::Cumulative,
        Self::Borda,
        Self::InstantRunoff,
        Self::SingleTransferable,
        Self::Schulze,
        Self::Greedy,
        Self::GreedyCost,
        Self::EqualShares,
    ];

    /// The name without the version.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plurality => "plurality",
            Self::Approval => "approval",
            Self::Score => "score",
            Self::Cumulative => "cumulative",
            Self::Borda => "borda",
            Self::InstantRunoff => "irv",
            Self::SingleTransferable => "stv",
            Self::Schulze => "schulze",
            Self::Greedy => "greedy",
            Self::GreedyCost => "greedy-cost",
            Self::EqualShares => "equal-shares",
        }
    }

    /// The version of the rule: what it counts does not change under one number.
    pub const fn version(self) -> u16 {
        1
    }

    /// Whether it spends a budget.
    pub const fn spends(self) -> bool {
        matches!(self, Self::Greedy | Self::GreedyCost | Self::EqualShares)
    }

    /// Whether it elects one and no more.
    pub const fn elects_one(self) -> bool {
        matches!(self, Self::InstantRunoff)
    }

    /// Whether it counts ballots of this kind.
    pub const fn counts(self, kind: BallotKind) -> bool {
        use BallotKind as K;
        match self {
            Self::Plurality => matches!(kind, K::ChooseOne | K::Rank),
            Self::Approval => matches!(kind, K::ChooseOne | K::Approve),
            Self::Score => matches!(kind, K::Score),
            Self::Cumulative => matches!(kind, K::Distribute),
            Self::Borda | Self::InstantRunoff | Self::SingleTransferable | Self::Schulze => {
                matches!(kind, K::Rank)
            }
            Self::Greedy | Self::GreedyCost | Self::EqualShares => true,
        }
    }
}

impl fmt::Display for CountingRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.name(), self.version())
    }
}

impl FromStr for CountingRule {
    type Err = UnknownRule;

    /// With or without a version.
    fn from_str(text: &str) -> Result<Self, UnknownRule> {
        let known = |rule: &Self| text == rule.name() || text == rule.to_string();
        Self::ALL.into_iter().find(known).ok_or_else(|| UnknownRule(text.to_owned()))
    }
}

impl TryFrom<String> for CountingRule {
    type Error = UnknownRule;

    fn try_from(text: String) -> Result<Self, UnknownRule> {
        text.parse()
    }
}

impl From<CountingRule> for String {
    fn from(rule: CountingRule) -> Self {
        rule.to_string()
    }
}
