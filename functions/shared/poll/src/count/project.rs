//! What the rules that spend a budget share.

use super::{Contest, CountError, Marks};

impl Contest {
    /// The points of each option; of rankings those of [`place_points`].
    pub(super) fn sums(&self) -> Vec<u64> {
        let mut sums = vec![0_u64; self.options];
        for ballots in &self.ballots {
            for (option, points) in self.points_of(&ballots.marks) {
                sums[option] = sums[option].saturating_add(points.saturating_mul(ballots.count));
            }
        }
        sums
    }

    /// A ballot as points.
    pub(super) fn points_of(&self, marks: &Marks) -> Vec<(usize, u64)> {
        match marks {
            Marks::Points(points) => points.clone(),
            Marks::Ranking(ranking) => place_points(ranking, self.ranks).collect(),
        }
    }

    pub(super) fn needs_budget(&self) -> Result<(), CountError> {
        if self.budget > 0 { Ok(()) } else { Err(CountError::NeedsBudget) }
    }
}

/// Borda's points: where `ranks` places may be filled, the first is worth `ranks` points, the next one less, the last 1. What is
/// not ranked gets 0. Where all options are ranked these are the points of Borda himself.
///
/// Source: J.-C. de Borda, *Mémoire sur les élections au scrutin*, 1784 (his least mark `a` and his step `b` are both 1).
pub(super) fn place_points(ranking: &[usize], ranks: usize) -> impl Iterator<Item = (usize, u64)> {
    let points = move |place: usize| u64::try_from(ranks.saturating_sub(place)).unwrap_or(u64::MAX);
    ranking.iter().enumerate().map(move |(place, option)| (*option, points(place)))
}
