//! Every finding in words: a changed or missing word is seen here.

use poll::count::{Amount, Finding, OptionAmount};

use super::english;
use crate::protocol::steps;

fn half() -> Amount {
    Amount::ratio(7, 2)
}

fn findings() -> Vec<(Finding, &'static str)> {
    let place = |option, has: u64| OptionAmount { option, has: has.into() };
    let none = Amount::zero;
    vec![
        (Finding::Standing { round: 0, places: vec![place(1, 2)], exhausted: none() }, "Totals"),
        (
            Finding::Standing { round: 2, places: vec![], exhausted: half() },
            "Round 2. For nobody any more: 3.5",
        ),
        (Finding::Quota { quota: 4, ballots: 7, seats: 1 }, "4 are needed to win: 7 ballots for 1 seats"),
        (
            Finding::Tie { among: vec![0, 1], chosen: 1, weakest: true, earlier_round: None },
            "A tie of Park, Bridge. By the stated rule “Bridge” is the weakest",
        ),
        (
            Finding::Tie { among: vec![0, 1], chosen: 0, weakest: false, earlier_round: Some(3) },
            "A tie of Park, Bridge. Round 3 decides: “Park” is the first",
        ),
        (Finding::Elected { option: 0, has: half() }, "Park wins with 3.5"),
        (
            Finding::ElectedLast { option: 1, has: 2.into() },
            "Bridge wins with 2: as many are left as there are seats",
        ),
        (Finding::NotElected { option: 2, has: 1.into() }, "School does not win with 1"),
        (Finding::Excluded { option: 2, has: Amount::ratio(1, 3) }, "School drops out with 0.33333…"),
        (
            Finding::Transferred { from: 2, value: Amount::ratio(1, 4), to: vec![place(0, 1)], lost: none() },
            "Votes for “School” pass on, each worth 0.25; 0 are lost",
        ),
        (
            Finding::Duel { winner: 0, loser: 1, for_winner: 5, for_loser: 2 },
            "5 : 2 — “Park” against “Bridge”",
        ),
        (
            Finding::Beats { winner: 0, loser: 1, way: vec![0, 1], strength: 5, back: 2 },
            "“Park” is stronger than “Bridge”: 5 against 2",
        ),
        (
            Finding::Beats { winner: 0, loser: 1, way: vec![0, 2, 1], strength: 5, back: 2 },
            "“Park” is stronger than “Bridge” by way of “School”: 5 against 2",
        ),
        (
            Finding::Funded { option: 0, points: 9, cost: 100, left: 300 },
            "“Park” is bought: 9 votes, costs 100, 300 left",
        ),
        (
            Finding::TooDear { option: 1, points: 8, cost: 200, left: 30 },
            "Too dear: “Bridge”, 8 votes, costs 200, 30 left",
        ),
        (Finding::BelowThreshold { option: 2, points: 1, needed: 3 }, "Too few votes: “School”, 1 of 3"),
        (Finding::Shares { voters: 8, share: half() }, "8 voters, each has 3.5"),
        (
            Finding::SharesRaised { by: 1.into(), share: half(), spent: 90 },
            "Shares are raised by 1 to 3.5: they would buy for 90",
        ),
        (
            Finding::SharesSuffice { share: half(), would_spend: 120 },
            "With shares of 3.5 they would buy for 120: more than there is",
        ),
        (
            Finding::BoughtByShares { option: 0, cost: 100, supporters: 6, emptied: 2, price: half() },
            "“Park” for 100 is paid by those who want it: 6, of whom 2 give all they have; 3.5 for each unit of utility",
        ),
        (
            Finding::SharesTooSmall { option: 1, cost: 200, have: half() },
            "“Bridge” costs 200, those who want it have 3.5",
        ),
        (Finding::Completion { left: 70 }, "What is left, 70, is spent by votes"),
    ]
}

#[test]
fn every_finding_is_put_into_words() {
    let names = ["Park", "Bridge", "School"].map(str::to_owned);
    for (finding, words) in findings() {
        let [step] = &steps(&english(), &names, std::slice::from_ref(&finding))[..] else {
            panic!("one step")
        };
        assert_eq!(step.text, words, "{finding:?}");
    }
}

#[test]
fn tables_stand_beside_the_steps_that_have_them() {
    let names = ["Park", "Bridge", "School"].map(str::to_owned);
    let (protocol, _): (Vec<Finding>, Vec<_>) = findings().into_iter().unzip();
    let all = steps(&english(), &names, &protocol);
    let tables: Vec<_> =
        all.iter().filter(|step| !step.places.is_empty()).map(|step| &step.places[0]).collect();
    let cell = |name: &str, has: &str| (name.to_owned(), has.to_owned());
    assert_eq!(tables, [&cell("Bridge", "2"), &cell("Park", "1")]);
}
