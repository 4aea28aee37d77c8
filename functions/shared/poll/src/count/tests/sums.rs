//! Rules that add up.

use super::*;

#[test]
fn plurality_takes_the_largest_group() {
    let count = count(&tennessee(1), CountingRule::Plurality);
    assert_eq!((count.totals, count.winners), (vec![42, 26, 15, 17], vec![0]));
    let lost = |option, has: u64| Finding::NotElected { option, has: has.into() };
    assert_eq!(
        count.protocol,
        [
            standing(0, &whole(&[(0, 42), (1, 26), (3, 17), (2, 15)]), Amount::zero()),
            elected(0, 42),
            lost(1, 26),
            lost(3, 17),
            lost(2, 15),
        ]
    );
}

#[test]
fn plurality_counts_choices_of_one() {
    let contest = pointed(3, 2, &[(3, &[(2, 1)]), (2, &[(0, 5), (1, 0)]), (1, &[(1, 1)])]);
    let count = count(&contest, CountingRule::Plurality);
    assert_eq!((count.totals, count.winners), (vec![2, 1, 3], vec![2, 0]));
}

/// The published figures are Nashville 194 points, Chattanooga 173, Memphis 126, Knoxville 107 with 0 for the last place; with 1 for it
/// each of the 100 voters gives every city one more.
#[test]
fn borda_takes_the_capital_in_the_middle() {
    let count = count(&tennessee(1), CountingRule::Borda);
    assert_eq!((count.totals, count.winners), (vec![226, 294, 273, 207], vec![1]));
}

#[test]
fn borda_gives_nothing_to_what_is_not_ranked() {
    // 2×4 = 8 points for A; for D 1×4, and 1×3 for A.
    let count = count(&ranked(4, 2, &[(2, "A"), (1, "DA")]), CountingRule::Borda);
    assert_eq!((count.totals, count.winners), (vec![11, 0, 0, 4], vec![0, 3]));
}

#[test]
fn approvals_count_once_and_scores_by_their_points() {
    let ballots: [(u64, &[(usize, u64)]); 3] =
        [(2, &[(0, 5), (1, 3)]), (3, &[(1, 1), (2, 2)]), (1, &[(2, 9), (0, 0)])];
    let contest = pointed(3, 1, &ballots);
    let approved = count(&contest, CountingRule::Approval);
    assert_eq!((approved.totals, approved.winners), (vec![2, 5, 4], vec![1]));
    for rule in [CountingRule::Score, CountingRule::Cumulative] {
        let scored = count(&contest, rule);
        assert_eq!((scored.totals, scored.winners), (vec![10, 9, 15], vec![2]), "{rule}");
    }
}

#[test]
fn the_tie_for_the_last_seats_is_drawn_and_shown() {
    let contest = |seats| ranked(5, seats, &[(3, "A"), (2, "B"), (2, "C"), (2, "D")]);
    let ties = placed(&[0, 3, 1, 2, 4]);
    let tie = |among: &[usize]| Finding::Tie {
        among: among.to_vec(),
        chosen: among[0],
        weakest: false,
        earlier_round: None,
    };
    let three = contest(3).count(CountingRule::Plurality, &ties).unwrap();
    assert_eq!(three.winners, [0, 2, 3]);
    assert_eq!(ties_in(&three), [&tie(&[2, 3, 1]), &tie(&[3, 1])]);
    // All of the equals win, or none of them: nothing to decide. And nobody wins with nothing.
    for (seats, winners) in [(1, vec![0]), (4, vec![0, 2, 3, 1]), (5, vec![0, 2, 3, 1])] {
        let count = contest(seats).count(CountingRule::Plurality, &ties).unwrap();
        assert_eq!((&count.winners, ties_in(&count)), (&winners, vec![]));
    }
}
