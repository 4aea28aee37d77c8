//! Instant-runoff.

use super::*;

fn passed(from: usize, to: &[(usize, u64)], lost: u64) -> Finding {
    let to = whole(to).into_iter().map(|(option, has)| OptionAmount { option, has }).collect();
    Finding::Transferred { from, value: Amount::from(1), to, lost: lost.into() }
}

fn excluded(option: usize, has: u64) -> Finding {
    Finding::Excluded { option, has: has.into() }
}

/// The published rounds: Chattanooga's 15 go to Knoxville, then Nashville's 26, and Knoxville has 58 of 100.
#[test]
fn knoxville_wins_in_the_third_round() {
    let count = count(&tennessee(1), CountingRule::InstantRunoff);
    assert_eq!((&count.totals, &count.winners), (&vec![42, 26, 15, 17], &vec![3]));
    assert_eq!(
        count.protocol,
        [
            Finding::Quota { quota: 51, ballots: 100, seats: 1 },
            standing(1, &whole(&[(0, 42), (1, 26), (3, 17), (2, 15)]), Amount::zero()),
            excluded(2, 15),
            passed(2, &[(3, 15)], 0),
            standing(2, &whole(&[(0, 42), (3, 32), (1, 26)]), Amount::zero()),
            excluded(1, 26),
            passed(1, &[(3, 26)], 0),
            standing(3, &whole(&[(3, 58), (0, 42)]), Amount::zero()),
            elected(3, 58),
            not_elected(0, 42.into()),
        ]
    );
}

#[test]
fn one_wins_however_many_seats_there_are() {
    assert_eq!(count(&tennessee(3), CountingRule::InstantRunoff).winners, [3]);
}

/// Of 9 ballots 2 name only C: once C is out, 4 of 7 are the majority.
#[test]
fn the_majority_is_that_of_the_ballots_that_still_count() {
    let count = count(&ranked(3, 1, &[(4, "A"), (3, "BA"), (2, "C"), (9, "")]), CountingRule::InstantRunoff);
    assert_eq!(
        count.protocol,
        [
            Finding::Quota { quota: 5, ballots: 9, seats: 1 },
            standing(1, &whole(&[(0, 4), (1, 3), (2, 2)]), Amount::zero()),
            excluded(2, 2),
            passed(2, &[], 2),
            Finding::Quota { quota: 4, ballots: 7, seats: 1 },
            standing(2, &whole(&[(0, 4), (1, 3)]), Amount::from(2)),
            elected(0, 4),
            not_elected(1, 3.into()),
        ]
    );
}

/// Half is no majority: 5 of 10 go on to the second round.
#[test]
fn exactly_half_is_not_enough() {
    let count = count(&ranked(3, 1, &[(5, "A"), (3, "B"), (2, "CB")]), CountingRule::InstantRunoff);
    assert!(count.protocol.contains(&excluded(2, 2)));
    // 5 and 5 in the second round; A had more in the first.
    let tie = Finding::Tie { among: vec![0, 1], chosen: 1, weakest: true, earlier_round: Some(1) };
    assert_eq!((ties_in(&count), &count.winners), (vec![&tie], &vec![0]));
    assert_eq!(count.protocol.last(), Some(&Finding::ElectedLast { option: 0, has: 5.into() }));
}

fn tie(among: &[usize], chosen: usize, earlier_round: Option<u32>) -> Finding {
    Finding::Tie { among: among.to_vec(), chosen, weakest: true, earlier_round }
}

/// 1. A 7, B 4, C 3, D 3, E 1, F 1: E and F are equal, and F stands last. To D.
/// 2. A 7, B 4, C 3, D 4, E 1: E is out. To C.
/// 3. A 7, B 4, C 4, D 4: in round 2 C had fewer than the others.
/// 4. A 7, B 4, D 4: equal in rounds 3 and 2; in round 1 D had fewer.
#[test]
fn the_most_recent_difference_decides() {
    let contest = ranked(6, 1, &[(7, "A"), (4, "B"), (3, "C"), (3, "D"), (1, "EC"), (1, "FD")]);
    let count = count(&contest, CountingRule::InstantRunoff);
    assert_eq!(
        ties_in(&count),
        [&tie(&[4, 5], 5, None), &tie(&[1, 2, 3], 2, Some(2)), &tie(&[1, 3], 3, Some(1))]
    );
    assert_eq!(count.winners, [0]);
}

/// 1. A 9, B 3, C 4, D 2, E 3: D is out. To B.
/// 2. A 9, B 5, C 4, E 3: E is out. One to C.
/// 3. A 9, B 5, C 5: C had fewer in round 2, and that in round 1 B had fewer is of no account.
#[test]
fn a_later_difference_outweighs_an_earlier_one() {
    let contest = ranked(5, 1, &[(9, "A"), (3, "B"), (4, "C"), (2, "DB"), (1, "EC"), (2, "E")]);
    assert_eq!(ties_in(&count(&contest, CountingRule::InstantRunoff)), [&tie(&[1, 2], 2, Some(2))]);
}

/// In round 2 B, C and D have 4; in round 1 B had 4, C and D had 3. No round tells C and D apart: D stands last.
#[test]
fn the_lot_decides_among_those_whom_no_round_tells_apart() {
    let contest = ranked(5, 1, &[(9, "A"), (4, "B"), (3, "C"), (3, "D"), (1, "EC"), (1, "ED")]);
    assert_eq!(ties_in(&count(&contest, CountingRule::InstantRunoff)), [&tie(&[2, 3], 3, None)]);
    let ties = placed(&[0, 4, 3, 2, 1]);
    let count = contest.count(CountingRule::InstantRunoff, &ties).unwrap();
    assert_eq!(ties_in(&count), [&tie(&[2, 3], 2, None)]);
}
