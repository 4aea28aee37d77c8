//! Single Transferable Vote by the Scottish rules.

use super::*;

/// So many hundred-thousandths.
fn parts(value: u64) -> Amount {
    Amount::ratio(value, 100_000_u64)
}

fn fine(places: &[(usize, u64)]) -> Vec<(usize, Amount)> {
    places.iter().map(|(option, has)| (*option, parts(*has))).collect()
}

fn passed(from: usize, value: u64, to: &[(usize, u64)], lost: u64) -> Finding {
    let to = fine(to).into_iter().map(|(option, has)| OptionAmount { option, has }).collect();
    Finding::Transferred { from, value: parts(value), to, lost: parts(lost) }
}

/// A tie between equal surpluses; the chosen one is passed on first.
fn surplus(among: &[usize], chosen: usize, earlier_round: Option<u32>) -> Finding {
    Finding::Tie { among: among.to_vec(), chosen, weakest: false, earlier_round }
}

fn tie(among: &[usize], chosen: usize, earlier_round: Option<u32>) -> Finding {
    Finding::Tie { among: among.to_vec(), chosen, weakest: true, earlier_round }
}

/// A party chooses three sweets, the example of many textbooks: A orange, B pear, C chocolate, D strawberry, E bonbon. 20 guests:
/// the quota is 20/4 + 1 = 6. Chocolate has 12 and passes each ballot on at 6/12. Pear's 2 elect orange; bonbon is out with 3,
/// and strawberry is the last one left, with 5.
#[test]
fn three_sweets() {
    let contest = ranked(5, 3, &[(4, "A"), (2, "BA"), (8, "CD"), (4, "CE"), (1, "D"), (1, "E")]);
    let count = count(&contest, CountingRule::SingleTransferable);
    assert_eq!((&count.totals, &count.winners), (&vec![4, 2, 12, 1, 1], &vec![2, 0, 3]));
    assert_eq!(
        count.protocol,
        [
            Finding::Quota { quota: 6, ballots: 20, seats: 3 },
            standing(1, &whole(&[(2, 12), (0, 4), (1, 2), (3, 1), (4, 1)]), Amount::zero()),
            elected(2, 12),
            passed(2, 50_000, &[(3, 400_000), (4, 200_000)], 0),
            standing(2, &whole(&[(2, 6), (3, 5), (0, 4), (4, 3), (1, 2)]), Amount::zero()),
            Finding::Excluded { option: 1, has: 2.into() },
            passed(1, 100_000, &[(0, 200_000)], 0),
            standing(3, &whole(&[(0, 6), (2, 6), (3, 5), (4, 3)]), Amount::zero()),
            elected(0, 6),
            Finding::Excluded { option: 4, has: 3.into() },
            Finding::ElectedLast { option: 3, has: 5.into() },
        ]
    );
}

/// 27 ballots for 3 seats: the quota is ⌊27/4⌋ + 1 = 7.
///
/// 1. A 11, E 5, B 4, C 4, D 3. A is elected with a surplus of 4: each of 11 ballots goes on at 4/11 = 0.363636… → 0.36363.
///    7 to B: 2.54541; 3 to C: 1.09089; 1 names nobody else: 0.36363, and 4 - 11 × 0.36363 = 0.00007 is cut off.
/// 2. A 7, B 6.54541, C 5.09089, E 5, D 3, lost 0.36370. Nobody else has 7: D is excluded, 2 to B and 1 to C at 1.
/// 3. B has 8.54541 and is elected; surplus 1.54541. Ballots of value 1 go on at 1.54541 / 8.54541 = 0.180846… → 0.18084:
///    4 to C: 0.72336, 2 to E: 0.36168. The 7 that came from A go on at 1.54541 × 0.36363 / 8.54541 = 0.065761… → 0.06576
///    (cutting off before that multiplication too would make it 0.06575), to C: 0.46032.
///    Cut off: 1.54541 - 0.72336 - 0.36168 - 0.46032 = 0.00005.
/// 4. C has 6.09089 + 0.72336 + 0.46032 = 7.27457 and is elected.
#[test]
fn a_surplus_is_passed_on_at_values_cut_off_after_five_places() {
    let ballots = [(7, "ABC"), (3, "AC"), (1, "A"), (4, "BC"), (4, "C"), (2, "DBE"), (1, "DC"), (5, "E")];
    let count = count(&ranked(5, 3, &ballots), CountingRule::SingleTransferable);
    assert_eq!((&count.totals, &count.winners), (&vec![11, 4, 4, 3, 5], &vec![0, 1, 2]));
    let stage_2 = [(0, 700_000), (1, 654_541), (2, 509_089), (4, 500_000), (3, 300_000)];
    let stage_3 = [(1, 854_541), (0, 700_000), (2, 609_089), (4, 500_000)];
    let stage_4 = [(2, 727_457), (0, 700_000), (1, 700_000), (4, 536_168)];
    assert_eq!(
        count.protocol,
        [
            Finding::Quota { quota: 7, ballots: 27, seats: 3 },
            standing(1, &whole(&[(0, 11), (4, 5), (1, 4), (2, 4), (3, 3)]), Amount::zero()),
            elected(0, 11),
            passed(0, 36_363, &[(1, 254_541), (2, 109_089)], 36_370),
            standing(2, &fine(&stage_2), parts(36_370)),
            Finding::Excluded { option: 3, has: 3.into() },
            passed(3, 100_000, &[(1, 200_000), (2, 100_000)], 0),
            standing(3, &fine(&stage_3), parts(36_370)),
            Finding::Elected { option: 1, has: parts(854_541) },
            passed(1, 18_084, &[(2, 72_336), (4, 36_168)], 0),
            passed(1, 6_576, &[(2, 46_032)], 5),
            standing(4, &fine(&stage_4), parts(36_375)),
            Finding::Elected { option: 2, has: parts(727_457) },
            not_elected(4, parts(536_168)),
        ]
    );
}

/// The ballots of an excluded one keep the values at which they came, each value by itself within one stage.
#[test]
fn an_excluded_one_passes_on_what_it_received() {
    // Quota ⌊11/3⌋ + 1 = 4. A 8: surplus 4, each at 4/8. B 0 + 6 × 0.5 = 3, C 1 + 2 × 0.5 = 2, D 2: C was behind at stage 1.
    let contest = ranked(4, 2, &[(6, "AB"), (2, "ACD"), (1, "CB"), (2, "D")]);
    let count = count(&contest, CountingRule::SingleTransferable);
    assert_eq!(ties_in(&count), [&tie(&[2, 3], 2, Some(1))]);
    let at = count.protocol.iter().position(|it| matches!(it, Finding::Excluded { option: 2, .. })).unwrap();
    // To B 3 + 1 = 4, which is the quota; to D 2 + 2 × 0.5 = 3.
    assert_eq!(
        count.protocol[at..],
        [
            Finding::Excluded { option: 2, has: 2.into() },
            passed(2, 100_000, &[(1, 100_000)], 0),
            passed(2, 50_000, &[(3, 100_000)], 0),
            standing(3, &whole(&[(0, 4), (1, 4), (3, 3)]), Amount::zero()),
            elected(1, 4),
            not_elected(3, 3.into()),
        ]
    );
}

/// Rule 50: the largest surplus goes first. Rule 48: an elected candidate receives nothing.
#[test]
fn the_largest_surplus_goes_first_and_the_elected_receive_nothing() {
    // Quota ⌊23/4⌋ + 1 = 6. A 7, B 9: B's surplus of 3 goes past A to C, then A's of 1 past B to D.
    let contest = ranked(5, 3, &[(7, "ABD"), (9, "BAC"), (3, "C"), (2, "D"), (2, "E")]);
    let count = count(&contest, CountingRule::SingleTransferable);
    let passed_on = |it: &&Finding| matches!(it, Finding::Transferred { .. });
    // 3/9 = 0.33333…: 9 × 0.33333 = 2.99997. 1/7 = 0.142857…: 7 × 0.14285 = 0.99995.
    assert_eq!(
        count.protocol.iter().filter(passed_on).take(2).collect::<Vec<_>>(),
        [&passed(1, 33_333, &[(2, 299_997)], 3), &passed(0, 14_285, &[(3, 99_995)], 5)]
    );
    assert_eq!(count.winners[..2], [1, 0]);
}

/// Rule 50(2) and (3).
#[test]
fn equal_surpluses_go_by_an_earlier_stage_or_by_lot() {
    // Quota ⌊20/4⌋ + 1 = 6: A and B have 7 from the first stage on.
    let contest = ranked(4, 3, &[(7, "AC"), (7, "BD"), (3, "C"), (3, "D")]);
    let lot = contest.count(CountingRule::SingleTransferable, &placed(&[1, 0, 2, 3])).unwrap();
    assert_eq!(ties_in(&lot).first(), Some(&&surplus(&[0, 1], 1, None)));
    // Quota ⌊40/4⌋ + 1 = 11: once D is out, A and B have 12. At the first stage A had more, though B stands before A.
    let contest = ranked(5, 3, &[(10, "A"), (9, "B"), (8, "C"), (2, "DA"), (3, "DB"), (8, "E")]);
    let count = contest.count(CountingRule::SingleTransferable, &placed(&[4, 3, 2, 1, 0])).unwrap();
    assert_eq!(ties_in(&count), [&surplus(&[0, 1], 0, Some(1)), &tie(&[2, 4], 2, None)]);
    assert_eq!(count.winners, [0, 1, 4]);
}

/// Rule 52.
#[test]
fn equally_weak_ones_go_by_an_earlier_stage_or_by_lot() {
    // Quota ⌊16/2⌋ + 1 = 9. D is out with 1, to C: now B and C have 4, and C had 3 at the first stage.
    let contest = ranked(4, 1, &[(8, "A"), (4, "B"), (3, "C"), (1, "DC"), (1, "")]);
    let count = contest.count(CountingRule::SingleTransferable, &placed(&[0, 3, 1, 2])).unwrap();
    assert_eq!(ties_in(&count), [&tie(&[1, 2], 2, Some(1))]);
    let contest = ranked(3, 1, &[(3, "A"), (2, "B"), (2, "C")]);
    let count = contest.count(CountingRule::SingleTransferable, &placed(&[0, 2, 1])).unwrap();
    assert_eq!(ties_in(&count), [&tie(&[1, 2], 1, None)]);
}

/// Rule 53: as many left as seats, and nothing is passed on any more, neither a surplus nor the ballots of the last one excluded.
#[test]
fn the_last_vacancies_need_no_quota() {
    let count = count(&ranked(3, 3, &[(5, "CA"), (1, "A")]), CountingRule::SingleTransferable);
    assert_eq!(
        count.protocol,
        [
            Finding::Quota { quota: 2, ballots: 6, seats: 3 },
            standing(1, &whole(&[(2, 5), (0, 1), (1, 0)]), Amount::zero()),
            elected(2, 5),
            Finding::ElectedLast { option: 0, has: 1.into() },
            Finding::ElectedLast { option: 1, has: 0.into() },
        ]
    );
}
