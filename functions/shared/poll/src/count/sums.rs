//! Rules that add up votes or points: the most wins.
//!
//! With several seats, they go to as many options as there are seats, the most first: the "best-k rules" of P. Faliszewski,
//! P. Skowron, A. Slinko and N. Talmon, *Multiwinner Voting: A New Challenge for Social Choice Theory*, in *Trends in
//! Computational Social Choice*, 2017. Nobody wins who has nothing: an empty seat is more honest than a winner nobody wants.

use std::cmp::Reverse;

use super::amount::Amount;
use super::finding::{Finding, OptionAmount};
use super::{Contest, Count, CountError, Marks, Ties};

/// **Plurality**: one vote each, the most votes win. A ranking votes for whom it names first, and an empty one for nobody.
///
/// Source: for one seat the rule of most countries, see S. Brams and P. Fishburn, *Voting Procedures*, in *Handbook of Social
/// Choice and Welfare*, 2002; for several the single non-transferable vote.
pub(super) fn plurality(contest: &Contest, ties: &Ties) -> Result<Count, CountError> {
    let mut totals = vec![0_u64; contest.options];
    for ballots in &contest.ballots {
        if let Some(option) = choice(&ballots.marks)? {
            totals[option] = totals[option].saturating_add(ballots.count);
        }
    }
    Ok(most(contest, totals, ties))
}

/// **Approval**: a vote for every option that the voter approves. Any points are an approval, however many they are.
///
/// Source: S. Brams and P. Fishburn, *Approval Voting*, American Political Science Review 72, 1978.
pub(super) fn approval(contest: &Contest, ties: &Ties) -> Result<Count, CountError> {
    let mut totals = vec![0_u64; contest.options];
    for ballots in &contest.ballots {
        let Marks::Points(points) = &ballots.marks else { return Err(CountError::NeedsPoints) };
        for (option, _) in points.iter().filter(|(_, points)| *points > 0) {
            totals[*option] = totals[*option].saturating_add(ballots.count);
        }
    }
    Ok(most(contest, totals, ties))
}

/// **Score** and **cumulative** voting: the points are added up. They differ only in which ballots are valid, which is not the
/// business of the count; what is not named has 0 points.
///
/// Sources: for scores W. D. Smith, *Range Voting*, 2000; for points to give away J. G. Marshall, *Minorities and
/// Majorities: their Relative Rights*, 1853, by which Illinois elected its House from 1870 to 1980.
pub(super) fn points(contest: &Contest, ties: &Ties) -> Result<Count, CountError> {
    if contest.ballots.iter().any(|ballots| matches!(ballots.marks, Marks::Ranking(_))) {
        return Err(CountError::NeedsPoints);
    }
    Ok(most(contest, contest.sums(), ties))
}

/// Whom a ballot votes for, if it has but one vote.
fn choice(marks: &Marks) -> Result<Option<usize>, CountError> {
    match marks {
        Marks::Ranking(ranking) => Ok(ranking.first().copied()),
        Marks::Points(points) => {
            let mut chosen = points.iter().filter(|(_, points)| *points > 0).map(|(option, _)| *option);
            match (chosen.next(), chosen.next()) {
                (Some(one), None) => Ok(Some(one)),
                _ => Err(CountError::NeedsOneChoice),
            }
        }
    }
}

/// The options by a key, the most first; those whose keys are equal together, in the order of the ties.
pub(super) fn ranked<K: Ord>(contest: &Contest, ties: &Ties, key: impl Fn(usize) -> K) -> Vec<Vec<usize>> {
    let mut keyed: Vec<(Reverse<K>, usize)> =
        (0..contest.options).map(|option| (Reverse(key(option)), option)).collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| ties.place(a.1).cmp(&ties.place(b.1))));
    keyed
        .chunk_by(|a, b| a.0 == b.0)
        .map(|equals| equals.iter().map(|(_, option)| *option).collect())
        .collect()
}

/// What each has, in this order.
pub(super) fn standing(totals: &[u64], order: &[Vec<usize>]) -> Finding {
    let places = order
        .iter()
        .flatten()
        .map(|option| OptionAmount { option: *option, has: totals[*option].into() })
        .collect();
    Finding::Standing { round: 0, places, exhausted: Amount::zero() }
}

/// The options with the most win, as many as there are seats.
pub(super) fn most(contest: &Contest, totals: Vec<u64>, ties: &Ties) -> Count {
    let ranked = ranked(contest, ties, |option| totals[option]);
    let mut protocol = vec![standing(&totals, &ranked)];
    let order = ranked.concat();
    let elected = order.iter().take(contest.seats).take_while(|option| totals[**option] > 0).count();
    let (winners, others) = order.split_at(elected);
    if let Some(last) = winners.last().map(|option| totals[*option]) {
        let level = |option: &&usize| totals[**option] == last;
        let equals: Vec<usize> = order.iter().filter(level).copied().collect();
        protocol.extend(draw(&equals, winners.iter().filter(level).count()));
    }
    protocol.extend(outcome(winners, others, &totals));
    Count { winners: winners.to_vec(), totals, protocol }
}

/// There are fewer seats than equals: whom each of these seats falls on. The equals come in the order of the ties. If there is a
/// seat for each of them, or for none, the order decides nothing, and nothing is said.
pub(super) fn draw(equals: &[usize], seats: usize) -> impl Iterator<Item = Finding> {
    let seats = if seats < equals.len() { seats } else { 0 };
    let tie = |seat: usize| Finding::Tie {
        among: equals[seat..].to_vec(),
        chosen: equals[seat],
        weakest: false,
        earlier_round: None,
    };
    (0..seats).map(tie)
}

/// Who is elected and who is not, by their totals.
pub(super) fn outcome(winners: &[usize], others: &[usize], totals: &[u64]) -> Vec<Finding> {
    let elected = winners.iter().map(|&option| Finding::Elected { option, has: totals[option].into() });
    let not = others.iter().map(|&option| Finding::NotElected { option, has: totals[option].into() });
    elected.chain(not).collect()
}

/// The most first, and equals in the order of the ties.
pub(super) fn most_first(places: impl Iterator<Item = (usize, Amount)>, ties: &Ties) -> Vec<OptionAmount> {
    let mut places: Vec<OptionAmount> = places.map(|(option, has)| OptionAmount { option, has }).collect();
    places.sort_by(|a, b| b.has.cmp(&a.has).then(ties.place(a.option).cmp(&ties.place(b.option))));
    places
}
