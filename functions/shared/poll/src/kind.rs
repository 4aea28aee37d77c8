//! The kinds of ballots.

/// A format without its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BallotKind {
    /// One option.
    ChooseOne,
    /// Several options.
    Approve,
    /// Points for each.
    Score,
    /// Points to be given away.
    Distribute,
    /// Options in order.
    Rank,
}

impl BallotKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::ChooseOne, Self::Approve, Self::Score, Self::Distribute, Self::Rank];

    /// The name used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChooseOne => "choose_one",
            Self::Approve => "approve",
            Self::Score => "score",
            Self::Distribute => "distribute",
            Self::Rank => "rank",
        }
    }
}
