//! Every rule against worked examples, and what must hold of all of them.

mod budgets;
mod properties;
mod runoff;
mod schulze;
mod sums;
mod transferable;

use super::*;

/// Rankings such as `(5, "ACBED")`: options are the letters from A on.
fn ranked(options: usize, seats: usize, ballots: &[(u64, &str)]) -> Contest {
    let ranking =
        |letters: &str| Marks::Ranking(letters.bytes().map(|letter| usize::from(letter - b'A')).collect());
    let ballots = ballots.iter().map(|(count, letters)| Ballots { marks: ranking(letters), count: *count });
    Contest::new(options, seats, ballots.collect())
}

/// Ballots that give points.
fn pointed(options: usize, seats: usize, ballots: &[(u64, &[(usize, u64)])]) -> Contest {
    let ballots = ballots
        .iter()
        .map(|(count, points)| Ballots { marks: Marks::Points(points.to_vec()), count: *count });
    Contest::new(options, seats, ballots.collect())
}

/// Equals in the order of the poll.
fn count(contest: &Contest, rule: CountingRule) -> Count {
    contest.count(rule, &Ties::listed(contest.options)).unwrap()
}

/// The order of ties in which each option has this place; the places are distinct.
fn placed(places: &[usize]) -> Ties {
    let costs: Vec<u64> = places.iter().map(|place| u64::try_from(*place).unwrap()).collect();
    Ties::by(TieBreak::Cheaper, &vec![""; places.len()], &costs, b"")
}

/// The voters of four cities choose the capital of Tennessee, each the nearest one: a published example for many rules.
/// A Memphis, B Nashville, C Chattanooga, D Knoxville.
fn tennessee(seats: usize) -> Contest {
    ranked(4, seats, &[(42, "ABCD"), (26, "BCDA"), (15, "CDBA"), (17, "DCBA")])
}

fn standing(round: u32, places: &[(usize, Amount)], exhausted: Amount) -> Finding {
    let places = places.iter().map(|(option, has)| OptionAmount { option: *option, has: has.clone() });
    Finding::Standing { round, places: places.collect(), exhausted }
}

fn whole(places: &[(usize, u64)]) -> Vec<(usize, Amount)> {
    places.iter().map(|(option, has)| (*option, Amount::from(*has))).collect()
}

fn elected(option: usize, has: u64) -> Finding {
    Finding::Elected { option, has: has.into() }
}

fn not_elected(option: usize, has: Amount) -> Finding {
    Finding::NotElected { option, has }
}

fn ties_in(count: &Count) -> Vec<&Finding> {
    count.protocol.iter().filter(|finding| matches!(finding, Finding::Tie { .. })).collect()
}

const RANKING_RULES: [CountingRule; 5] = [
    CountingRule::Plurality,
    CountingRule::Borda,
    CountingRule::InstantRunoff,
    CountingRule::SingleTransferable,
    CountingRule::Schulze,
];

#[test]
fn without_a_vote_nobody_wins() {
    let empty = [ranked(3, 2, &[]), ranked(3, 2, &[(4, "")]), ranked(3, 2, &[(0, "AB")]), ranked(0, 1, &[])];
    for contest in &empty {
        for rule in RANKING_RULES {
            let count = count(contest, rule);
            assert_eq!((count.totals, count.winners), (vec![0; contest.options], vec![]), "{rule}");
        }
    }
    for rule in [CountingRule::Plurality, CountingRule::Approval, CountingRule::Score] {
        assert!(count(&pointed(3, 2, &[]), rule).winners.is_empty(), "{rule}");
    }
}

#[test]
fn more_seats_than_options_elect_whoever_has_something() {
    let contest = ranked(3, 7, &[(3, "BA"), (2, "A"), (1, "")]);
    for (rule, winners) in [
        (CountingRule::Plurality, vec![1, 0]),
        (CountingRule::Borda, vec![0, 1]), // 3×2 + 2×3 = 12 and 3×3 = 9
        (CountingRule::InstantRunoff, vec![1]),
        (CountingRule::SingleTransferable, vec![1, 0, 2]), // rule 53 asks for no votes
        (CountingRule::Schulze, vec![1, 0, 2]),
    ] {
        assert_eq!(count(&contest, rule).winners, winners, "{rule}");
    }
    let huge = Contest { seats: usize::MAX, ..contest };
    for rule in RANKING_RULES {
        assert!(count(&huge, rule).winners.len() <= 3, "{rule}");
    }
}

#[test]
fn the_only_option_wins_if_anybody_wants_it() {
    for rule in RANKING_RULES {
        let winners = count(&ranked(1, 1, &[(2, "A"), (1, "")]), rule).winners;
        assert_eq!(winners, [0], "{rule}");
    }
    assert_eq!(count(&pointed(1, 1, &[(2, &[(0, 1)])]), CountingRule::Approval).winners, [0]);
}

#[test]
fn ballots_of_another_kind_are_refused() {
    let (ranks, points) = (ranked(2, 1, &[(1, "A")]), pointed(2, 1, &[(1, &[(0, 1)])]));
    let ties = Ties::listed(2);
    for rule in [CountingRule::Approval, CountingRule::Score, CountingRule::Cumulative] {
        assert_eq!(ranks.count(rule, &ties), Err(CountError::NeedsPoints), "{rule}");
    }
    for rule in RANKING_RULES.into_iter().filter(|rule| *rule != CountingRule::Plurality) {
        assert_eq!(points.count(rule, &ties), Err(CountError::NeedsRankings), "{rule}");
    }
    let two = pointed(2, 1, &[(1, &[(0, 1), (1, 1)])]);
    assert_eq!(two.count(CountingRule::Plurality, &ties), Err(CountError::NeedsOneChoice));
    let none = pointed(2, 1, &[(1, &[])]);
    assert_eq!(none.count(CountingRule::Plurality, &ties), Err(CountError::NeedsOneChoice));
}

#[test]
fn a_made_order_of_ties_is_the_one_asked_for() {
    let ties = placed(&[2, 0, 1]);
    assert_eq!([0, 1, 2].map(|option| ties.place(option)), [2, 0, 1]);
}
