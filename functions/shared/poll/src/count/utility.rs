//! The value of a project.

use super::super::kind::BallotKind;

/// The value of a project to its supporters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Utility {
    /// What it costs: a ballot that only approves says nothing else. Pabutools calls it `Cost_Sat`.
    Cost,
    /// The points that the voter gave it; of a ranking, those of Borda. Pabutools: `Additive_Cardinal_Sat`, `Additive_Borda_Sat`.
    Points,
}

impl Utility {
    /// What ballots of a kind say of it.
    pub const fn of(kind: BallotKind) -> Self {
        match kind {
            BallotKind::ChooseOne | BallotKind::Approve => Self::Cost,
            BallotKind::Score | BallotKind::Distribute | BallotKind::Rank => Self::Points,
        }
    }
}
