//! Schulze.

use super::*;

/// The example of the author with 45 voters, published with all figures: E > A > C > B > D.
fn forty_five(seats: usize) -> Contest {
    let ballots = [
        (5, "ACBED"),
        (5, "ADECB"),
        (8, "BEDAC"),
        (3, "CABED"),
        (7, "CAEBD"),
        (2, "CBADE"),
        (7, "DCEBA"),
        (8, "EBADC"),
    ];
    ranked(5, seats, &ballots)
}

fn beats(way: &[usize], strength: u64, back: u64) -> Finding {
    Finding::Beats { winner: way[0], loser: *way.last().unwrap(), way: way.to_vec(), strength, back }
}

#[test]
fn the_order_of_45_voters() {
    let count = count(&forty_five(5), CountingRule::Schulze);
    // A beats C, B and D; B beats D; C beats B and D; E beats all.
    assert_eq!((&count.totals, &count.winners), (&vec![3, 1, 2, 0, 4], &vec![4, 0, 2, 1, 3]));
    assert!(ties_in(&count).is_empty());
}

#[test]
fn the_duels_and_ways_of_45_voters() {
    let count = count(&forty_five(1), CountingRule::Schulze);
    assert_eq!(count.winners, [4]);
    let duel = |winner, loser, for_winner, for_loser| Finding::Duel { winner, loser, for_winner, for_loser };
    let lost = |option, has: u64| Finding::NotElected { option, has: has.into() };
    assert_eq!(
        count.protocol,
        [
            duel(1, 0, 25, 20),
            duel(0, 2, 26, 19),
            duel(0, 3, 30, 15),
            duel(4, 0, 23, 22),
            duel(2, 1, 29, 16),
            duel(1, 3, 33, 12),
            duel(4, 1, 27, 18),
            duel(3, 2, 28, 17),
            duel(2, 4, 24, 21),
            duel(4, 3, 31, 14),
            beats(&[4, 3, 2, 1, 0], 25, 24),
            beats(&[4, 3, 2], 28, 24),
            beats(&[4, 3, 2, 1], 28, 24),
            beats(&[4, 3], 31, 24),
            elected(4, 4),
            lost(0, 3),
            lost(2, 2),
            lost(1, 1),
            lost(3, 0),
        ]
    );
}

/// Example 1 of the paper, section 3.1: 21 voters, D wins, then A, C, B.
#[test]
fn the_first_example_of_the_paper() {
    let contest = ranked(4, 2, &[(8, "ACDB"), (2, "BADC"), (4, "CDBA"), (4, "DBAC"), (3, "DCBA")]);
    let count = count(&contest, CountingRule::Schulze);
    assert_eq!((&count.totals, &count.winners), (&vec![2, 0, 1, 3], &vec![3, 0]));
    for way in [
        beats(&[3, 1, 0], 13, 12),
        beats(&[3, 1, 0, 2], 13, 12),
        beats(&[3, 1], 19, 12),
        beats(&[0, 2], 14, 13),
        beats(&[0, 2, 1], 14, 13),
    ] {
        assert!(count.protocol.contains(&way), "{way:?}");
    }
}

#[test]
fn nashville_wins_every_duel() {
    let count = count(&tennessee(1), CountingRule::Schulze);
    assert_eq!((count.totals, count.winners), (vec![0, 3, 2, 1], vec![1]));
}

/// What is not ranked stands below all that is, and does not fight among itself.
#[test]
fn what_is_not_ranked_stands_below() {
    let count = count(&ranked(4, 1, &[(3, "B"), (2, "CB")]), CountingRule::Schulze);
    let duels: Vec<&Finding> =
        count.protocol.iter().filter(|it| matches!(it, Finding::Duel { .. })).collect();
    let duel = |winner, loser, for_winner, for_loser| Finding::Duel { winner, loser, for_winner, for_loser };
    assert_eq!(
        duels,
        [&duel(1, 0, 5, 0), &duel(2, 0, 2, 0), &duel(1, 2, 3, 2), &duel(1, 3, 5, 0), &duel(2, 3, 2, 0)]
    );
    assert_eq!((count.totals, count.winners), (vec![0, 3, 2, 0], vec![1]));
}

/// A circle of equal duels beats nobody: all are equal.
#[test]
fn a_circle_is_drawn() {
    let contest = ranked(3, 2, &[(1, "ABC"), (1, "BCA"), (1, "CAB")]);
    let count = contest.count(CountingRule::Schulze, &placed(&[2, 0, 1])).unwrap();
    assert_eq!((&count.totals, &count.winners), (&vec![0; 3], &vec![1, 2]));
    let tie = |among: &[usize]| Finding::Tie {
        among: among.to_vec(),
        chosen: among[0],
        weakest: false,
        earlier_round: None,
    };
    assert_eq!(ties_in(&count), [&tie(&[1, 2, 0]), &tie(&[2, 0])]);
}

/// A and D are unbeaten; B is beaten by A alone. The second seat is for D, though B stands before it in the list.
#[test]
fn whom_somebody_beats_comes_after_whom_nobody_beats() {
    let contest = ranked(4, 2, &[(2, "ABCD"), (2, "DABC")]);
    let count = contest.count(CountingRule::Schulze, &placed(&[0, 1, 2, 3])).unwrap();
    assert_eq!((&count.totals, &count.winners), (&vec![2, 1, 0, 0], &vec![0, 3]));
    assert!(ties_in(&count).is_empty());
}

#[test]
fn many_options_show_only_how_the_winners_beat_the_others() {
    let ranking: Vec<usize> = (0..40).rev().collect();
    let contest = Contest::new(40, 1, vec![Ballots { marks: Marks::Ranking(ranking), count: 3 }]);
    let count = count(&contest, CountingRule::Schulze);
    assert_eq!((count.totals[39], &count.winners), (39, &vec![39]));
    assert_eq!(count.protocol.len(), 39 + 40);
    assert!(!count.protocol.iter().any(|finding| matches!(finding, Finding::Duel { .. })));
}
