//! The steps of a protocol. Pages and the command line put them into words.

use serde::{Deserialize, Serialize};

use super::amount::Amount;

/// An option with the points or votes that it has, or receives, at a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionAmount {
    /// The index in the poll's list.
    pub option: usize,
    /// The points or votes.
    pub has: Amount,
}

/// One step of a count. Options are their places in the poll's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Finding {
    /// So much has each, the most first: points, votes or, within a round, votes as they stand now.
    Standing {
        /// The round, from 1; 0 where there are no rounds.
        round: u32,
        /// The most first.
        places: Vec<OptionAmount>,
        /// Votes that count for nobody any more.
        exhausted: Amount,
    },
    /// Who has so many is elected: the majority, or the quota.
    Quota {
        /// So many.
        quota: u64,
        /// Of so many valid ballots.
        ballots: u64,
        /// For so many seats.
        seats: usize,
    },
    /// Equals: the stated rule, or an earlier round, decides.
    Tie {
        /// The equals.
        among: Vec<usize>,
        /// Whom it falls on.
        chosen: usize,
        /// Whether it falls on the weakest. Else on the strongest, or on what is bought first.
        weakest: bool,
        /// Whether an earlier round decided. Then the stated rule was not needed.
        earlier_round: Option<u32>,
    },
    /// Elected.
    Elected {
        /// Who.
        option: usize,
        /// With what.
        has: Amount,
    },
    /// Elected without the quota, since as many are left as there are seats.
    ElectedLast {
        /// Who.
        option: usize,
        /// With what.
        has: Amount,
    },
    /// Not elected: the option elected last has more, or came before in the tie.
    NotElected {
        /// Who.
        option: usize,
        /// With what.
        has: Amount,
    },
    /// Excluded as the weakest.
    Excluded {
        /// Who.
        option: usize,
        /// With what.
        has: Amount,
    },
    /// Votes go on to the next preferences.
    Transferred {
        /// From whom: elected with more than needed, or excluded.
        from: usize,
        /// What each of these ballots is worth from now on; the surplus makes it less than 1.
        value: Amount,
        /// To whom.
        to: Vec<OptionAmount>,
        /// What no ballot passes on, and what is lost by cutting off.
        lost: Amount,
    },
    /// So many prefer one to the other.
    Duel {
        /// Whom more prefer.
        winner: usize,
        /// Whom fewer prefer.
        loser: usize,
        /// So many prefer the first.
        for_winner: u64,
        /// So many prefer the second.
        for_loser: u64,
    },
    /// The strongest way from the one to the other is stronger than the way back.
    Beats {
        /// Who beats.
        winner: usize,
        /// Who is beaten.
        loser: usize,
        /// The strongest way there: its options, from the winner to the loser.
        way: Vec<usize>,
        /// The weakest of the duels on it.
        strength: u64,
        /// The same of the way back; 0 if there is none.
        back: u64,
    },
    /// Bought.
    Funded {
        /// Which project.
        option: usize,
        /// Its points.
        points: u64,
        /// What it costs.
        cost: u64,
        /// What is left of the budget.
        left: u64,
    },
    /// Costs more than is left.
    TooDear {
        /// Which project.
        option: usize,
        /// Its points.
        points: u64,
        /// What it costs.
        cost: u64,
        /// What is left of the budget.
        left: u64,
    },
    /// Has fewer points than a project needs, or none.
    BelowThreshold {
        /// Which project.
        option: usize,
        /// Its points.
        points: u64,
        /// Needed.
        needed: u64,
    },
    /// The budget in equal shares.
    Shares {
        /// So many voters.
        voters: u64,
        /// Each has so much.
        share: Amount,
    },
    /// Raised so that the shares buy more, while the real budget pays for it.
    SharesRaised {
        /// By so much for each.
        by: Amount,
        /// Each has so much now.
        share: Amount,
        /// What these shares would buy costs so much.
        spent: u64,
    },
    /// Raised once more they would buy for more than the budget.
    SharesSuffice {
        /// Each would have so much.
        share: Amount,
        /// What these shares would buy costs so much.
        would_spend: u64,
    },
    /// Paid by those who want it.
    BoughtByShares {
        /// Which project.
        option: usize,
        /// What it costs.
        cost: u64,
        /// So many want it.
        supporters: u64,
        /// So many of them give all that they have left.
        emptied: u64,
        /// What the others pay for each unit of utility.
        price: Amount,
    },
    /// Those who want it have not enough left.
    SharesTooSmall {
        /// Which project.
        option: usize,
        /// What it costs.
        cost: u64,
        /// What those who want it have left together.
        have: Amount,
    },
    /// What is left is spent by points.
    Completion {
        /// So much is left.
        left: u64,
    },
}
