//! The weakest is excluded until one has the majority.

use super::amount::Amount;
use super::finding::{Finding, OptionAmount};
use super::{Contest, Count, CountError, Ties, sums};

/// **Instant-runoff**: each ballot counts for the first of its options that is still in the running. An option with more than
/// half of the votes is elected. As long as there is none, the weakest option is excluded. One wins, however many seats there are.
///
/// Source: W. R. Ware's use of Hare's system for one seat, Harvard, 1871; *Robert's Rules of Order*, section 45,
/// "preferential voting".
///
/// Choices where the sources leave room or differ:
/// * The majority is that of the ballots that still name somebody in the running. Empty ballots are "scrap paper" and count
///   nowhere.
/// * One option at a time is excluded, also if several are equally weak. Among equals, the option with the fewest votes in the
///   most recent earlier round in which they differed is excluded. If they never differed, it is the last in the order of the
///   ties: rule 52 of the Scottish Local Government Elections Order 2011. (Robert's Rules exclude all the equally weak at once.
///   Among the last equals they elect the one with the most first places.)
/// * So if the last two are equal, one of them is excluded in the same way, and the other is elected as the last one left.
pub(super) fn count(contest: &Contest, ties: &Ties) -> Result<Count, CountError> {
    let rankings = contest.rankings()?;
    let mut continuing = vec![true; contest.options];
    let mut rounds = vec![standing(&rankings, &continuing)];
    let totals = rounds[0].clone();
    let valid = sum(&totals);
    let (mut winners, mut protocol, mut majority_of) = (Vec::new(), Vec::new(), None);
    while let Some(votes) = rounds.last() {
        let active = sum(votes);
        if active > 0 && majority_of != Some(active) {
            majority_of = Some(active);
            protocol.push(Finding::Quota { quota: active / 2 + 1, ballots: active, seats: 1 });
        }
        let running: Vec<usize> = (0..contest.options).filter(|option| continuing[*option]).collect();
        protocol.push(Finding::Standing {
            round: u32::try_from(rounds.len()).unwrap_or(u32::MAX),
            places: sums::most_first(running.iter().map(|option| (*option, votes[*option].into())), ties),
            exhausted: valid.saturating_sub(active).into(),
        });
        if let Some(&option) = running.iter().find(|option| votes[**option] > active / 2) {
            winners.push(option);
            protocol.push(Finding::Elected { option, has: votes[option].into() });
            let others = running.iter().filter(|other| **other != option);
            let others = sums::most_first(others.map(|other| (*other, votes[*other].into())), ties);
            protocol.extend(
                others.into_iter().map(|OptionAmount { option, has }| Finding::NotElected { option, has }),
            );
            break;
        }
        // Without a single vote nobody wins.
        let weakest = if active > 0 { falls_on(&running, &rounds, End::Fewest, ties) } else { None };
        let Some((from, tie)) = weakest else { break };
        protocol.extend(tie);
        protocol.push(Finding::Excluded { option: from, has: votes[from].into() });
        continuing[from] = false;
        let next = standing(&rankings, &continuing);
        protocol.extend(transfer(from, votes, &next, ties));
        let mut left = running.into_iter().filter(|option| *option != from);
        if let (Some(option), None) = (left.next(), left.next()) {
            winners.push(option);
            protocol.push(Finding::ElectedLast { option, has: next[option].into() });
            break;
        }
        rounds.push(next);
    }
    Ok(Count { totals, winners, protocol })
}

/// What each has: ballots whose first option in the running it is.
pub(super) fn standing(rankings: &[(&[usize], u64)], continuing: &[bool]) -> Vec<u64> {
    let mut votes = vec![0_u64; continuing.len()];
    for (ranking, count) in rankings {
        if let Some(option) = ranking.iter().find(|option| continuing[**option]) {
            votes[*option] = votes[*option].saturating_add(*count);
        }
    }
    votes
}

pub(super) fn sum(votes: &[u64]) -> u64 {
    votes.iter().fold(0, |sum, votes| sum.saturating_add(*votes))
}

/// Where the votes of the excluded go. Nothing if it had none.
fn transfer(from: usize, before: &[u64], after: &[u64], ties: &Ties) -> Option<Finding> {
    let gains = before.iter().zip(after).map(|(before, after)| after.saturating_sub(*before));
    let gains: Vec<(usize, u64)> = gains.enumerate().filter(|(_, gain)| *gain > 0).collect();
    let passed = gains.iter().map(|(_, gain)| gain).sum();
    (before[from] > 0).then(|| Finding::Transferred {
        from,
        value: Amount::from(1),
        to: sums::most_first(gains.iter().map(|(option, gain)| (*option, (*gain).into())), ties),
        lost: before[from].saturating_sub(passed).into(),
    })
}

/// Whether the most or the fewest votes are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    Most,
    Fewest,
}

/// The option that has the most or the fewest votes now, in the last of these rounds. Equals are told apart by the most recent
/// earlier round in which they differed. Options that are equal there as well are told apart by the rounds before it, and options
/// that are equal in all rounds by the order of the ties. If there were equals, the finding says what decided: an earlier round
/// for all the equals, or the order of the ties for those that no round tells apart.
pub(super) fn falls_on<V: Ord + Copy>(
    among: &[usize],
    rounds: &[Vec<V>],
    end: End,
    ties: &Ties,
) -> Option<(usize, Option<Finding>)> {
    let (now, earlier) = rounds.split_last()?;
    let mut equals = among.to_vec();
    keep(&mut equals, now, end);
    let level = equals.clone();
    let weakest = matches!(end, End::Fewest);
    for (round, votes) in earlier.iter().enumerate().rev() {
        if equals.len() == 1 {
            break;
        }
        keep(&mut equals, votes, end);
        if let [chosen] = equals[..] {
            let earlier_round = u32::try_from(round + 1).ok();
            return Some((chosen, Some(Finding::Tie { among: level, chosen, weakest, earlier_round })));
        }
    }
    let chosen = match end {
        End::Most => ties.best(equals.iter().copied())?,
        End::Fewest => ties.worst(equals.iter().copied())?,
    };
    let tie = Finding::Tie { among: equals, chosen, weakest, earlier_round: None };
    Some((chosen, (level.len() > 1).then_some(tie)))
}

/// Keeps those who have the most or the fewest of them.
fn keep<V: Ord + Copy>(options: &mut Vec<usize>, votes: &[V], end: End) {
    let has = options.iter().map(|option| votes[*option]);
    let limit = match end {
        End::Most => has.max(),
        End::Fewest => has.min(),
    };
    options.retain(|option| Some(votes[*option]) == limit);
}
