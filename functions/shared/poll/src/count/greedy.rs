//! Participatory budgeting, greedily.

use super::amount::Amount;
use super::finding::Finding;
use super::{Contest, Count, CountError, Ties, sums};

/// **Greedy by votes**: projects by their points, the most first; each is bought if what is left pays for it, else it is passed
/// over and the next one is tried.
///
/// Source: the rule of most cities, "utilitarian greedy" in N. Boehmer, P. Faliszewski and others, *Participatory Budgeting:
/// Data, Tools and Analysis*, IJCAI 2023 (Pabulib's `greedy`).
pub(super) fn by_points(contest: &Contest, ties: &Ties) -> Result<Count, CountError> {
    contest.needs_budget()?;
    let totals = contest.sums();
    let order = sums::ranked(contest, ties, |option| Amount::from(totals[option]));
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
    let order = sums::ranked(contest, ties, density);
    Ok(buy(contest, totals, &order))
}

fn buy(contest: &Contest, totals: Vec<u64>, order: &[Vec<usize>]) -> Count {
    let mut protocol = vec![sums::standing(&totals, order)];
    let mut winners = Vec::new();
    fill(contest, &totals, order, contest.budget, &mut winners, &mut protocol);
    Count { totals, winners, protocol }
}

/// Buys in this order what is not bought yet and what is left pays for.
pub(super) fn fill(
    contest: &Contest,
    totals: &[u64],
    order: &[Vec<usize>],
    mut left: u64,
    winners: &mut Vec<usize>,
    protocol: &mut Vec<Finding>,
) {
    let needed = contest.threshold.max(1);
    for equals in order {
        let equals: Vec<usize> = equals.iter().copied().filter(|option| !winners.contains(option)).collect();
        let missed = missed(contest, &equals, |option| totals[option] >= needed, left);
        for (place, &option) in equals.iter().enumerate() {
            let (points, cost) = (totals[option], contest.costs[option]);
            if points < needed {
                protocol.push(Finding::BelowThreshold { option, points, needed });
            } else if cost > left {
                protocol.push(Finding::TooDear { option, points, cost, left });
            } else {
                let could = |other: &usize| totals[*other] >= needed && contest.costs[*other] <= left;
                let among: Vec<usize> = equals[place..].iter().copied().filter(could).collect();
                if among.iter().any(|other| missed.contains(other)) {
                    protocol.push(Finding::Tie {
                        among,
                        chosen: option,
                        weakest: false,
                        earlier_round: None,
                    });
                }
                left -= cost;
                winners.push(option);
                protocol.push(Finding::Funded { option, points, cost, left });
            }
        }
    }
}

/// Which of these equals go without for no other reason than their order: what is left would pay for each of them, if it came first.
/// If there are none, any order buys the same.
fn missed(contest: &Contest, equals: &[usize], wanted: impl Fn(usize) -> bool, left: u64) -> Vec<usize> {
    let mut rest = left;
    let mut missed = Vec::new();
    for &option in equals.iter().filter(|option| wanted(**option) && contest.costs[**option] <= left) {
        match rest.checked_sub(contest.costs[option]) {
            Some(after) => rest = after,
            None => missed.push(option),
        }
    }
    missed
}
