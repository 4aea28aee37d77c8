//! Who beats whom, also by way of others.

use super::finding::Finding;
use super::{Contest, Count, CountError, Ties, sums};

/// **Schulze**: one option beats another if the strongest way from the one to the other is stronger than the way back. A way goes
/// along won duels and is as strong as the weakest of them; a duel is as strong as the number of those who prefer its winner
/// ("winning votes"). Elected is whom nobody beats.
///
/// Source: M. Schulze, *A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
/// method*, Social Choice and Welfare 36, 2011: sections 2.2 and 2.3.
///
/// Choices where the source leaves room:
/// * What a ballot does not rank stands below all that it ranks; it says nothing on who of those is better.
/// * Several seats go down the Schulze order: first to those whom nobody beats, then to those beaten by none but these, and so on.
///   Within each of these steps the order of the [`Ties`] decides.
/// * Without a ballot that ranks anything nobody is elected.
pub(super) fn count(contest: &Contest, ties: &Ties) -> Result<Count, CountError> {
    let rankings = contest.rankings()?;
    let duels = duels(&rankings, contest.options);
    let ways = Ways::strongest(&duels);
    let totals: Vec<u64> = (0..contest.options).map(|option| ways.beaten_by(option)).collect();
    let votes = rankings.iter().any(|(ranking, count)| !ranking.is_empty() && *count > 0);
    let (mut order, mut elected, mut drawn) = (Vec::new(), 0, Vec::new());
    for mut step in ways.steps() {
        step.sort_by_key(|option| ties.place(*option));
        let seats = if votes { contest.seats.saturating_sub(elected).min(step.len()) } else { 0 };
        drawn.extend(sums::draw(&step, seats));
        elected += seats;
        order.extend(step);
    }
    let (winners, others) = order.split_at(elected);
    let mut protocol = if contest.options <= DUELS_SHOWN { shown(&duels) } else { Vec::new() };
    for winner in winners {
        let losers = order.iter().filter(|loser| ways.beats(*winner, **loser));
        protocol.extend(losers.map(|loser| ways.shown(*winner, *loser)));
    }
    protocol.extend(drawn);
    protocol.extend(sums::outcome(winners, others, &totals));
    Ok(Count { winners: winners.to_vec(), totals, protocol })
}

/// The most options with which the protocol shows duels. More would fill it, and anybody with the ballots can count them.
const DUELS_SHOWN: usize = 30;

/// How many prefer the one to the other.
fn duels(rankings: &[(&[usize], u64)], options: usize) -> Vec<Vec<u64>> {
    let mut duels = vec![vec![0_u64; options]; options];
    for (ranking, count) in rankings {
        let mut below = vec![true; options];
        for &option in *ranking {
            below[option] = false;
            for (votes, _) in duels[option].iter_mut().zip(&below).filter(|(_, below)| **below) {
                *votes = votes.saturating_add(*count);
            }
        }
    }
    duels
}

/// The duels that somebody wins.
fn shown(duels: &[Vec<u64>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (one, votes) in duels.iter().enumerate() {
        for (other, &for_one) in votes.iter().enumerate().skip(one + 1) {
            let for_other = duels[other][one];
            let (winner, loser) = if for_one > for_other { (one, other) } else { (other, one) };
            let (for_winner, for_loser) = (for_one.max(for_other), for_one.min(for_other));
            if for_winner > for_loser {
                findings.push(Finding::Duel { winner, loser, for_winner, for_loser });
            }
        }
    }
    findings
}

/// The strongest ways.
struct Ways {
    /// How strong the strongest way from the one to the other is; 0 if there is none.
    strength: Vec<Vec<u64>>,
    /// The last station before the other on that way.
    before: Vec<Vec<usize>>,
}

impl Ways {
    /// Schulze's algorithm, that of Floyd and Warshall: each option in turn may be a station between any two. A way replaces
    /// another only if it is stronger, so a duel stands for itself if no way is better, and no way runs in circles.
    fn strongest(duels: &[Vec<u64>]) -> Self {
        let link = |from: usize, to: usize| {
            let (there, back) = (duels[from][to], duels[to][from]);
            if there > back { there } else { 0 }
        };
        let options = duels.len();
        let mut strength: Vec<Vec<u64>> =
            (0..options).map(|from| (0..options).map(|to| link(from, to)).collect()).collect();
        let mut before: Vec<Vec<usize>> = (0..options).map(|from| vec![from; options]).collect();
        for station in 0..options {
            let (onward, onward_before) = (strength[station].clone(), before[station].clone());
            for (from, (strengths, befores)) in strength.iter_mut().zip(&mut before).enumerate() {
                let so_far = strengths[station];
                for (to, strength) in strengths.iter_mut().enumerate() {
                    let by_station = so_far.min(onward[to]);
                    if from != to && by_station > *strength {
                        *strength = by_station;
                        befores[to] = onward_before[to];
                    }
                }
            }
        }
        Self { strength, before }
    }

    fn beats(&self, one: usize, other: usize) -> bool {
        self.strength[one][other] > self.strength[other][one]
    }

    /// How many an option beats.
    fn beaten_by(&self, option: usize) -> u64 {
        (0..self.strength.len()).map(|other| u64::from(self.beats(option, other))).sum()
    }

    /// First the options that no other beats, then the options that no other of the rest beats, and so on. The rest always has an
    /// unbeaten option, because beating is transitive: if A beats B and B beats C, A beats C (section 4.1 of the source).
    fn steps(&self) -> Vec<Vec<usize>> {
        let mut steps = Vec::new();
        let mut left: Vec<usize> = (0..self.strength.len()).collect();
        while !left.is_empty() {
            let beaten = |option: &usize| left.iter().any(|other| self.beats(*other, *option));
            let (rest, step) = left.iter().copied().partition(beaten);
            steps.push(step);
            left = rest;
        }
        steps
    }

    fn shown(&self, winner: usize, loser: usize) -> Finding {
        let mut way = vec![loser];
        let mut station = loser;
        while station != winner {
            station = self.before[winner][station];
            way.push(station);
        }
        way.reverse();
        let (strength, back) = (self.strength[winner][loser], self.strength[loser][winner]);
        Finding::Beats { winner, loser, way, strength, back }
    }
}
