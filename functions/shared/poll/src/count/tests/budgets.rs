//! Rules that spend a budget.

use super::{placed, ties_in};
use crate::count::equal_shares::RAISES;
use crate::count::{Ballots, Contest, Count, CountingRule, Finding, Marks, Ties, Utility};

/// Groups of voters with the projects that they approve.
fn approved(costs: &[u64], budget: u64, groups: &[(u64, &[usize])]) -> Contest {
    let marks = |options: &[usize]| Marks::Points(options.iter().map(|option| (*option, 1)).collect());
    let ballots = groups.iter().map(|(count, options)| Ballots { marks: marks(options), count: *count });
    let contest = Contest::new(costs.len(), 1, ballots.collect());
    Contest { costs: costs.to_vec(), budget, utility: Utility::Cost, ..contest }
}

fn count(contest: &Contest, rule: CountingRule) -> Count {
    contest.count(rule, &Ties::listed(contest.options)).expect("counted")
}

/// The majority of 60 takes all of a greedy budget; with equal shares 40 of 100 spend 40 of 100 (the example with which the
/// method is introduced: D. Peters and P. Skowron, *Proportionality and the Limits of Welfarism*, 2020).
#[test]
fn equal_shares_leave_a_minority_its_share() {
    let contest = approved(&[20, 20, 20, 20, 20, 20, 20], 100, &[(60, &[0, 1, 2, 3, 4]), (40, &[5, 6])]);
    assert_eq!(count(&contest, CountingRule::Greedy).winners, [0, 1, 2, 3, 4]);
    let shares = count(&contest, CountingRule::EqualShares);
    assert_eq!(shares.winners, [0, 1, 2, 5, 6]);
    assert_eq!(shares.totals, [60, 60, 60, 60, 60, 40, 40]);
}

/// Three voters have 10 each. A project that costs 12 takes 6 from each of its two voters. The next one costs 14: a voter with 4
/// left gives 4.
#[test]
fn a_voter_with_less_gives_all_and_others_pay_the_rest() {
    let contest = approved(&[12, 14, 15], 30, &[(1, &[0]), (1, &[0, 1]), (1, &[1, 2])]);
    let result = count(&contest, CountingRule::EqualShares);
    let emptied: Vec<u64> = result
        .protocol
        .iter()
        .filter_map(|step| match step {
            Finding::BoughtByShares { emptied, .. } => Some(*emptied),
            _ => None,
        })
        .collect();
    // 12 = 6 + 6; then 14 = 4 (all that is left, less than the other's part) + 10.
    assert_eq!((result.winners, emptied), (vec![0, 1], vec![0, 1]));
}

#[test]
fn greedy_passes_over_what_is_too_dear_and_counts_by_points_or_by_money() {
    let contest = approved(&[60, 50, 10, 5], 65, &[(5, &[0]), (4, &[1]), (3, &[2]), (1, &[3])]);
    assert_eq!(count(&contest, CountingRule::Greedy).winners, [0, 3]);
    assert_eq!(count(&contest, CountingRule::GreedyCost).winners, [2, 3, 1]);
    let threshold = Contest { threshold: 2, ..contest };
    assert_eq!(count(&threshold, CountingRule::Greedy).winners, [0]);
}

/// Of two that cost 10 and have 4 votes each the budget buys one; a third would be too dear in any order, a fourth is bought in any.
#[test]
fn what_only_the_order_of_equals_decides_is_told() {
    let tie = |among: &[usize], chosen| Finding::Tie {
        among: among.to_vec(),
        chosen,
        weakest: false,
        earlier_round: None,
    };
    let contest = approved(&[10, 10, 30, 0], 15, &[(4, &[0, 1, 2, 3])]);
    let greedy = count(&contest, CountingRule::Greedy);
    assert_eq!((ties_in(&greedy), greedy.winners.as_slice()), (vec![&tie(&[0, 1, 3], 0)], &[0, 3][..]));
    let other = contest.count(CountingRule::Greedy, &placed(&[1, 0, 2, 3])).expect("counted");
    assert_eq!((ties_in(&other), other.winners.as_slice()), (vec![&tie(&[1, 0, 3], 1)], &[1, 3][..]));
    let enough = Contest { budget: 20, ..contest.clone() };
    assert_eq!(ties_in(&count(&enough, CountingRule::Greedy)), Vec::<&Finding>::new());
    // Both are paid by the same people at the same price.
    let shares = count(&approved(&[10, 10], 15, &[(4, &[0, 1])]), CountingRule::EqualShares);
    assert_eq!((ties_in(&shares), shares.winners.as_slice()), (vec![&tie(&[0, 1], 0)], &[0][..]));
}

/// One voter of a hundred thousand who alone wants something dear must not make the count long: the number of raises is bounded.
#[test]
fn one_voter_does_not_make_the_count_long() {
    let voters = 100_000;
    let contest = approved(&[500 * voters, 400 * voters], 1_000 * voters, &[(voters - 1, &[0]), (1, &[1])]);
    let result = count(&contest, CountingRule::EqualShares);
    assert_eq!(result.winners, [0, 1], "the rest is spent by points");
    let raised = result.protocol.iter().find_map(|step| match step {
        Finding::SharesRaised { by, .. } => Some(by.floor()),
        _ => None,
    });
    assert_eq!(raised, Some(RAISES));
}

/// A project in cents that nobody wants changes nothing.
#[test]
fn cents_do_not_change_the_winner() {
    let whole = approved(&[8, 17], 20, &[(2, &[1]), (1, &[0])]);
    let cents = Contest { unit: 100, ..approved(&[800, 1_700, 50], 2_000, &[(2, &[1]), (1, &[0])]) };
    assert_eq!(count(&whole, CountingRule::EqualShares).winners, [1]);
    assert_eq!(count(&cents, CountingRule::EqualShares).winners, [1]);
}

#[test]
fn sums_of_money_do_not_overflow() {
    let dear = 100_000_000_000_000_000;
    let options: Vec<usize> = (0..185).collect();
    let contest = approved(&[dear; 185], dear, &[(1, &options)]);
    assert_eq!(count(&contest, CountingRule::EqualShares).winners, [0]);
}
