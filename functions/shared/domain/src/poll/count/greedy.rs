//! Participatory budgeting, greedily.

use super::amount::Amount;
use super::finding::{Finding, Place};
use super::{Contest, Count, CountError, Ties};

/// **Greedy by votes**: projects by their points, the most first; each is bought if what is left pays for it, else it is passed
/// over and the next one is tried.
///
/// Source: the rule of most cities, "utilitarian greedy" in N. Boehmer, P. Faliszewski and others, *Participatory Budgeting:
/// Data, Tools and Analysis*, IJCAI 2023 (Pabulib's `greedy`).
pub(super) fn by_points(contest: &Contest, ties: &Ties) -> Result<Count, CountError> {
    contest.needs_budget()?;
    let totals = contest.sums();
    let order = order(contest, ties, |option| Amount::from(totals[option]));
    Ok(buy(contest, totals, &order))
}

/// **Greedy by cost-effectiveness**: projects by points for each unit of money, the most first; each is bought if what is left
/// pays for it. What costs nothing comes first.
///
/// Source: the "greedy cover by density" for knapsacks, G. Dantzig, *Discrete-Variable Extremum Problems*, 1957; for budgets
/// N. Talmon and P. Faliszewski, *A Framework for Approval-Based Budgeting Methods*, AAAI 2019.
pub(super) fn by_points_per_cost(contest: &Contest, ties: &Ties) -> Result<Count, CountError> {
    contest.needs_budget()?;
    let totals = contest.sums();
    // Those that cost nothing stand before all others: (true, …).
    let density = |option: usize| match contest.costs[option] {
        0 => (true, Amount::from(totals[option])),
        cost => (false, Amount::ratio(totals[option], cost)),
    };
    let order = order(contest, ties, density);
    Ok(buy(contest, totals, &order))
}

fn order<K: Ord>(contest: &Contest, ties: &Ties, key: impl Fn(usize) -> K) -> Vec<usize> {
    let mut order: Vec<usize> = (0..contest.options).collect();
    order.sort_by_cached_key(|option| (std::cmp::Reverse(key(*option)), ties.place(*option)));
    order
}

fn buy(contest: &Contest, totals: Vec<u64>, order: &[usize]) -> Count {
    let places = order.iter().map(|option| Place { option: *option, has: totals[*option].into() }).collect();
    let mut protocol = vec![Finding::Standing { round: 0, places, exhausted: Amount::zero() }];
    let mut winners = Vec::new();
    fill(contest, &totals, order, contest.budget, &mut winners, &mut protocol);
    Count { totals, winners, protocol }
}

/// Buys in this order what is not bought yet and what is left pays for.
pub(super) fn fill(
    contest: &Contest,
    totals: &[u64],
    order: &[usize],
    mut left: u64,
    winners: &mut Vec<usize>,
    protocol: &mut Vec<Finding>,
) {
    let needed = contest.threshold.max(1);
    for &option in order {
        let (points, cost) = (totals[option], contest.costs[option]);
        if winners.contains(&option) {
            continue;
        }
        protocol.push(if points < needed {
            Finding::BelowThreshold { option, points, needed }
        } else if cost > left {
            Finding::TooDear { option, points, cost, left }
        } else {
            left -= cost;
            winners.push(option);
            Finding::Funded { option, points, cost, left }
        });
    }
}
