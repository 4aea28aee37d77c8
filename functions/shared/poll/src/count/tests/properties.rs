//! What must hold of every rule, on small random contests.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// A contest, an order of ties, and a new place for each option.
type Case = (Contest, Vec<usize>, Vec<usize>);

fn shuffled(options: usize) -> impl Strategy<Value = Vec<usize>> {
    Just((0..options).collect::<Vec<usize>>()).prop_shuffle()
}

fn ranking(options: usize) -> impl Strategy<Value = Marks> {
    (shuffled(options), 0..=options).prop_map(|(mut order, length)| {
        order.truncate(length);
        Marks::Ranking(order)
    })
}

fn choice(options: usize) -> impl Strategy<Value = Marks> {
    (0..options).prop_map(|option| Marks::Points(vec![(option, 1)]))
}

fn scores(options: usize, most: u64) -> impl Strategy<Value = Marks> {
    let given = prop::collection::vec(0..=most, options);
    given.prop_map(|given| {
        Marks::Points(given.into_iter().enumerate().filter(|(_, points)| *points > 0).collect())
    })
}

fn case_of<M: Strategy<Value = Marks> + 'static>(marks: fn(usize) -> M) -> BoxedStrategy<Case> {
    let case =
        move |options: usize| {
            let ballots = prop::collection::vec((marks(options), 0_u64..6), 0..9);
            let ballots = ballots
                .prop_map(|all| all.into_iter().map(|(marks, count)| Ballots { marks, count }).collect());
            let costs = prop::collection::vec(0_u64..30, options);
            let utility = prop_oneof![Just(Utility::Cost), Just(Utility::Points)];
            let contest = (ballots, costs, utility, 1_u64..60, 1_usize..5, 0_u64..4);
            let contest = contest.prop_map(move |(ballots, costs, utility, budget, seats, threshold)| {
                Contest { costs, budget, utility, threshold, ..Contest::new(options, seats, ballots) }
            });
            (contest, shuffled(options), shuffled(options))
        };
    (1_usize..7).prop_flat_map(case).boxed()
}

fn ranked_case() -> BoxedStrategy<Case> {
    case_of(ranking)
}

/// Ballots of every kind, those of a contest of one.
fn any_case() -> BoxedStrategy<Case> {
    let approvals = case_of(|options| scores(options, 1));
    prop_oneof![3 => ranked_case(), 1 => case_of(choice), 1 => approvals, 1 => case_of(|n| scores(n, 5))]
        .boxed()
}

/// The same with other places for the options.
fn renamed(contest: &Contest, to: &[usize]) -> Contest {
    let mut renamed = contest.clone();
    for (option, cost) in contest.costs.iter().enumerate() {
        renamed.costs[to[option]] = *cost;
    }
    for ballots in &mut renamed.ballots {
        match &mut ballots.marks {
            Marks::Ranking(order) => order.iter_mut().for_each(|option| *option = to[*option]),
            Marks::Points(points) => points.iter_mut().for_each(|(option, _)| *option = to[*option]),
        }
    }
    renamed
}

fn moved<T: Clone>(values: &[T], to: &[usize]) -> Vec<T> {
    let mut moved = values.to_vec();
    for (value, to) in values.iter().zip(to) {
        moved[*to] = value.clone();
    }
    moved
}

/// How many have this option first, and how many rank anything.
fn first(contest: &Contest, option: usize) -> (u64, u64) {
    let count = |fits: &dyn Fn(&[usize]) -> bool| {
        let rankings = contest.rankings().unwrap().into_iter();
        rankings.filter(|(ranking, _)| fits(ranking)).map(|(_, count)| count).sum()
    };
    (count(&|ranking| ranking.first() == Some(&option)), count(&|ranking| !ranking.is_empty()))
}

/// How many prefer the one to the other, by looking at each ballot.
fn prefer(contest: &Contest, one: usize, other: usize) -> u64 {
    let place = |ranking: &[usize], option| ranking.iter().position(|it| *it == option).unwrap_or(usize::MAX);
    let rankings = contest.rankings().unwrap().into_iter();
    rankings.filter(|(it, _)| place(it, one) < place(it, other)).map(|(_, count)| count).sum()
}

/// Of whom it says whether they win.
const fn fate(finding: &Finding) -> Option<usize> {
    match finding {
        Finding::Elected { option, .. }
        | Finding::ElectedLast { option, .. }
        | Finding::NotElected { option, .. }
        | Finding::Excluded { option, .. }
        | Finding::Funded { option, .. }
        | Finding::BoughtByShares { option, .. }
        | Finding::TooDear { option, .. }
        | Finding::BelowThreshold { option, .. } => Some(*option),
        _ => None,
    }
}

fn winner(contest: &Contest, rule: CountingRule, ties: &Ties) -> Option<usize> {
    let count = Contest { seats: 1, ..contest.clone() }.count(rule, ties).unwrap();
    count.winners.first().copied()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_rule_counts_ballots_and_not_how_they_are_sorted(
        (contest, places, _) in any_case(),
        order in prop::collection::vec(any::<Index>(), 8),
    ) {
        let ties = placed(&places);
        let mut merged: BTreeMap<Marks, u64> = BTreeMap::new();
        let mut single = Vec::new();
        for Ballots { marks, count } in &contest.ballots {
            *merged.entry(marks.clone()).or_default() += count;
            single.extend((0..*count).map(|_| Ballots { marks: marks.clone(), count: 1 }));
        }
        let pairs = if single.is_empty() { 0 } else { order.len() / 2 };
        for pair in order.chunks(2).take(pairs) {
            let (one, other) = (pair[0].index(single.len()), pair[1].index(single.len()));
            single.swap(one, other);
        }
        let merged = merged.into_iter().map(|(marks, count)| Ballots { marks, count }).collect();
        let reversed = contest.ballots.iter().rev().cloned().collect();
        for rule in CountingRule::ALL {
            let Ok(count) = contest.count(rule, &ties) else { continue };
            prop_assert_eq!(Ok(count.clone()), contest.count(rule, &ties), "{}: counted again", rule);
            for ballots in [&merged, &single, &reversed] {
                let sorted = Contest { ballots: Vec::clone(ballots), ..contest.clone() };
                prop_assert_eq!(Ok(count.clone()), sorted.count(rule, &ties), "{}", rule);
            }
        }
    }

    #[test]
    fn a_rule_treats_options_alike((contest, places, to) in any_case()) {
        let (ties, other_ties) = (placed(&places), placed(&moved(&places, &to)));
        let other = renamed(&contest, &to);
        for rule in CountingRule::ALL {
            let Ok(count) = contest.count(rule, &ties) else { continue };
            let renamed = other.count(rule, &other_ties).unwrap();
            let winners: Vec<usize> = count.winners.iter().map(|winner| to[*winner]).collect();
            prop_assert_eq!(&winners, &renamed.winners, "{}", rule);
            prop_assert_eq!(moved(&count.totals, &to), renamed.totals, "{}", rule);
            prop_assert_eq!(count.protocol.len(), renamed.protocol.len(), "{}", rule);
        }
    }

    #[test]
    fn winners_are_distinct_and_no_more_than_there_is_for_them((contest, places, _) in any_case()) {
        for rule in CountingRule::ALL {
            let Ok(Count { totals, winners, .. }) = contest.count(rule, &placed(&places)) else { continue };
            prop_assert_eq!(totals.len(), contest.options);
            let mut distinct = winners.clone();
            distinct.sort_unstable();
            distinct.dedup();
            prop_assert_eq!(distinct.len(), winners.len(), "{}: {:?}", rule, winners);
            if rule.spends() {
                let spent: u64 = winners.iter().map(|winner| contest.costs[*winner]).sum();
                prop_assert!(spent <= contest.budget, "{}: {} of {}", rule, spent, contest.budget);
            } else {
                let seats = if rule.elects_one() { 1 } else { contest.seats };
                prop_assert!(winners.len() <= seats, "{}: {:?}", rule, winners);
            }
        }
    }

    /// What the order of equals decides is told: where nothing of it is told, any order elects the same.
    #[test]
    fn no_tie_is_broken_in_silence((contest, places, others) in any_case()) {
        let by_order = |finding: &Finding| matches!(finding, Finding::Tie { earlier_round: None, .. });
        let sorted = |mut winners: Vec<usize>| {
            winners.sort_unstable();
            winners
        };
        for rule in CountingRule::ALL {
            let Ok(count) = contest.count(rule, &placed(&places)) else { continue };
            if !count.protocol.iter().any(by_order) {
                let other = contest.count(rule, &placed(&others)).unwrap();
                prop_assert_eq!(sorted(count.winners), sorted(other.winners), "{}", rule);
            }
        }
    }

    /// If anybody wins, the protocol says of every option what became of it.
    #[test]
    fn every_option_learns_what_became_of_it((contest, places, _) in any_case()) {
        for rule in CountingRule::ALL {
            let Ok(count) = contest.count(rule, &placed(&places)) else { continue };
            let mut told: Vec<usize> = count.protocol.iter().filter_map(fate).collect();
            told.sort_unstable();
            told.dedup();
            let all = if count.winners.is_empty() { told.len() } else { contest.options };
            prop_assert_eq!(told.len(), all, "{}: {:?}", rule, count.protocol);
        }
    }

    /// Among others, instant-runoff with one seat.
    #[test]
    fn who_has_the_majority_of_first_places_wins((contest, places, _) in ranked_case()) {
        let ties = placed(&places);
        for option in 0..contest.options {
            let (first, all) = first(&contest, option);
            if first * 2 > all {
                for rule in [
                    CountingRule::Plurality,
                    CountingRule::InstantRunoff,
                    CountingRule::SingleTransferable,
                    CountingRule::Schulze,
                ] {
                    prop_assert_eq!(winner(&contest, rule, &ties), Some(option), "{}", rule);
                }
            }
        }
    }

    /// Also if there are ties: both rules break them in the same way, and an option with the majority of the votes that still
    /// count is never the weakest.
    #[test]
    fn one_transferable_seat_goes_to_whom_the_runoff_elects((contest, places, _) in ranked_case()) {
        let ties = placed(&places);
        prop_assert_eq!(
            winner(&contest, CountingRule::SingleTransferable, &ties),
            winner(&contest, CountingRule::InstantRunoff, &ties)
        );
    }

    #[test]
    fn who_wins_every_duel_wins_schulze((contest, places, _) in ranked_case()) {
        let others = |one: usize| (0..contest.options).filter(move |other| *other != one);
        let wins = |one: &usize| others(*one).all(|it| prefer(&contest, *one, it) > prefer(&contest, it, *one));
        if let Some(best) = (0..contest.options).find(wins).filter(|best| first(&contest, *best).1 > 0) {
            prop_assert_eq!(winner(&contest, CountingRule::Schulze, &placed(&places)), Some(best));
        }
    }

    /// Every way that is shown is a way along won duels, as strong as it says, and nobody who is beaten by an unelected one wins.
    #[test]
    fn the_ways_of_schulze_are_ways((contest, places, _) in ranked_case()) {
        let count = contest.count(CountingRule::Schulze, &placed(&places)).unwrap();
        for finding in &count.protocol {
            let Finding::Beats { winner, loser, way, strength, back } = finding else { continue };
            prop_assert_eq!((way.first(), way.last()), (Some(winner), Some(loser)));
            let links = way.windows(2).map(|link| (prefer(&contest, link[0], link[1]), prefer(&contest, link[1], link[0])));
            prop_assert!(links.clone().all(|(there, back)| there > back), "{:?}", finding);
            prop_assert_eq!(links.map(|(there, _)| there).min(), Some(*strength));
            prop_assert!(strength > back && count.winners.contains(winner));
            let seat = |option: &usize| count.winners.iter().position(|it| it == option).unwrap_or(usize::MAX);
            prop_assert!(seat(winner) < seat(loser), "{:?}", finding);
        }
    }

    /// Nothing gets lost unnoticed: whatever a round shows adds up to the ballots that rank anything.
    #[test]
    fn every_round_adds_up((contest, places, _) in ranked_case()) {
        let valid = Amount::from(first(&contest, 0).1);
        for rule in [CountingRule::InstantRunoff, CountingRule::SingleTransferable] {
            let count = contest.count(rule, &placed(&places)).unwrap();
            for finding in &count.protocol {
                let Finding::Standing { places, exhausted, .. } = finding else { continue };
                let sum = places.iter().fold(exhausted.clone(), |sum, place| &sum + &place.has);
                prop_assert_eq!(&sum, &valid, "{}", rule);
            }
        }
    }

    /// Seats are left empty only if nobody is left for them.
    #[test]
    fn the_transferable_vote_fills_the_seats((contest, places, _) in ranked_case()) {
        let winners = contest.count(CountingRule::SingleTransferable, &placed(&places)).unwrap().winners;
        let full = contest.seats.min(contest.options);
        prop_assert_eq!(winners.len(), if first(&contest, 0).1 > 0 { full } else { 0 });
    }
}
