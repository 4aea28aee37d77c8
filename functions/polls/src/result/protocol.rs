//! The steps of a count in words: of the page, and of the command line.

use pages::{Language, Layout};
use poll::count::{Amount, Finding, OptionAmount};

/// One step.
pub struct ProtocolStep {
    /// What happened.
    pub text: String,
    /// Options with what they have, where the step shows a table.
    pub places: Vec<(String, String)>,
}

/// Digits after the point; what is cut off is shown by an ellipsis.
const DIGITS: usize = 5;

/// In the page's way to write a fraction.
fn number(l: &Layout, amount: &Amount) -> String {
    let (text, exact) = amount.decimal(DIGITS);
    let (whole, part) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, part)| (whole, Some(part)));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), |whole: u64| l.integer(whole));
    let sign = if l.language == Language::Ru { "," } else { "." };
    let part = part.map(|part| format!("{sign}{part}")).unwrap_or_default();
    format!("{whole}{part}{}", if exact { "" } else { "…" })
}

/// Writes the steps of a count with the names of the options.
struct ProtocolWriter<'s> {
    l: &'s Layout,
    names: &'s [String],
}

impl ProtocolWriter<'_> {
    fn name(&self, option: usize) -> String {
        self.names.get(option).cloned().unwrap_or_default()
    }

    fn names(&self, options: &[usize]) -> String {
        options.iter().map(|option| self.name(*option)).collect::<Vec<_>>().join(", ")
    }

    fn places(&self, places: &[OptionAmount]) -> Vec<(String, String)> {
        places.iter().map(|place| (self.name(place.option), self.number(&place.has))).collect()
    }

    fn number(&self, amount: &Amount) -> String {
        number(self.l, amount)
    }

    fn whole(&self, number: u64) -> String {
        self.l.integer(number)
    }

    fn say(&self, id: &str, arguments: &[(&str, String)]) -> String {
        self.l.with_all(id, arguments)
    }

    fn step(&self, finding: &Finding) -> ProtocolStep {
        let places = match finding {
            Finding::Standing { places, .. } | Finding::Transferred { to: places, .. } => self.places(places),
            Finding::Quota { .. }
            | Finding::Tie { .. }
            | Finding::Elected { .. }
            | Finding::ElectedLast { .. }
            | Finding::NotElected { .. }
            | Finding::Excluded { .. }
            | Finding::Duel { .. }
            | Finding::Beats { .. }
            | Finding::Funded { .. }
            | Finding::TooDear { .. }
            | Finding::BelowThreshold { .. }
            | Finding::Shares { .. }
            | Finding::SharesRaised { .. }
            | Finding::SharesSuffice { .. }
            | Finding::BoughtByShares { .. }
            | Finding::SharesTooSmall { .. }
            | Finding::Completion { .. } => Vec::new(),
        };
        ProtocolStep { text: self.text(finding), places }
    }

    /// The step in words. There is no arm for the rest: a finding without words would be a gap in the protocol.
    fn text(&self, finding: &Finding) -> String {
        match finding {
            Finding::Standing { round, exhausted, .. } => self.standing(*round, exhausted),
            Finding::Quota { quota, ballots, seats } => self.quota(*quota, *ballots, *seats),
            Finding::Tie { among, chosen, weakest, earlier_round } => {
                self.tie(among, *chosen, *weakest, *earlier_round)
            }
            Finding::Elected { option, has } => self.option("protocol-elected", *option, has),
            Finding::ElectedLast { option, has } => self.option("protocol-elected-last", *option, has),
            Finding::NotElected { option, has } => self.option("protocol-not-elected", *option, has),
            Finding::Excluded { option, has } => self.option("protocol-excluded", *option, has),
            Finding::Transferred { from, value, lost, .. } => self.transferred(*from, value, lost),
            Finding::Duel { winner, loser, for_winner, for_loser } => {
                self.duel((*winner, *for_winner), (*loser, *for_loser))
            }
            Finding::Beats { winner, loser, way, strength, back } => {
                let numbers = [("strength", strength.to_string()), ("back", back.to_string())];
                self.beats(*winner, *loser, way, numbers)
            }
            Finding::Funded { option, points, cost, left } => {
                self.project("protocol-funded", *option, *points, [("cost", *cost), ("left", *left)])
            }
            Finding::TooDear { option, points, cost, left } => {
                self.project("protocol-too-dear", *option, *points, [("cost", *cost), ("left", *left)])
            }
            Finding::BelowThreshold { option, points, needed } => {
                self.project("protocol-below", *option, *points, [("needed", *needed), ("left", 0)])
            }
            Finding::Shares { voters, share } => {
                self.say("protocol-shares", &[("voters", self.whole(*voters)), ("share", self.number(share))])
            }
            Finding::SharesRaised { by, share, spent } => self.raised(by, share, *spent),
            Finding::SharesSuffice { share, would_spend } => self.say(
                "protocol-shares-suffice",
                &[("share", self.number(share)), ("spent", self.whole(*would_spend))],
            ),
            Finding::BoughtByShares { option, cost, supporters, emptied, price } => {
                let counts = [("cost", *cost), ("supporters", *supporters), ("emptied", *emptied)];
                self.bought(*option, counts, price)
            }
            Finding::SharesTooSmall { option, cost, have } => self.too_small(*option, *cost, have),
            Finding::Completion { left } => self.say("protocol-completion", &[("left", self.whole(*left))]),
        }
    }

    fn standing(&self, round: u32, exhausted: &Amount) -> String {
        let title = match round {
            0 => self.l.t("protocol-standing"),
            round => self.say("protocol-round", &[("round", round.to_string())]),
        };
        if exhausted.is_zero() {
            return title;
        }
        let lost = self.say("protocol-exhausted", &[("number", self.number(exhausted))]);
        format!("{title}. {lost}")
    }

    fn quota(&self, quota: u64, ballots: u64, seats: usize) -> String {
        let numbers =
            [("quota", quota.to_string()), ("ballots", ballots.to_string()), ("seats", seats.to_string())];
        self.say("protocol-quota", &numbers)
    }

    fn tie(&self, among: &[usize], chosen: usize, weakest: bool, earlier_round: Option<u32>) -> String {
        let end = if weakest { "weakest" } else { "first" }.to_owned();
        let known = [("names", self.names(among)), ("name", self.name(chosen)), ("end", end)];
        match earlier_round {
            None => self.say("protocol-tie", &known),
            Some(round) => {
                let round = ("round", round.to_string());
                self.say("protocol-tie-earlier", &[known.as_slice(), &[round]].concat())
            }
        }
    }

    /// An option with what it has.
    fn option(&self, id: &str, option: usize, has: &Amount) -> String {
        self.say(id, &[("name", self.name(option)), ("number", self.number(has))])
    }

    fn transferred(&self, from: usize, value: &Amount, lost: &Amount) -> String {
        let numbers = [("value", self.number(value)), ("lost", self.number(lost))];
        self.say("protocol-transferred", &[[("name", self.name(from))].as_slice(), &numbers].concat())
    }

    fn duel(&self, (winner, first): (usize, u64), (loser, second): (usize, u64)) -> String {
        let numbers = [("first", first.to_string()), ("second", second.to_string())];
        let names = [("winner", self.name(winner)), ("loser", self.name(loser))];
        self.say("protocol-duel", &[numbers, names].concat())
    }

    fn beats(&self, winner: usize, loser: usize, way: &[usize], numbers: [(&str, String); 2]) -> String {
        let between = way.get(1..way.len().saturating_sub(1)).unwrap_or_default();
        let id = if between.is_empty() { "protocol-beats" } else { "protocol-beats-by-way" };
        let names =
            [("winner", self.name(winner)), ("loser", self.name(loser)), ("names", self.names(between))];
        self.say(id, &[names.as_slice(), &numbers].concat())
    }

    /// A project of a budget that is spent by points.
    fn project(&self, id: &str, option: usize, points: u64, others: [(&str, u64); 2]) -> String {
        let others = others.map(|(name, value)| (name, self.whole(value)));
        let known = [("name", self.name(option)), ("points", self.whole(points))];
        self.say(id, &[known, others].concat())
    }

    fn raised(&self, by: &Amount, share: &Amount, spent: u64) -> String {
        let numbers = [("by", self.number(by)), ("share", self.number(share)), ("spent", self.whole(spent))];
        self.say("protocol-shares-raised", &numbers)
    }

    fn bought(&self, option: usize, counts: [(&str, u64); 3], price: &Amount) -> String {
        let counts = counts.map(|(name, value)| (name, self.whole(value)));
        let others = [("name", self.name(option)), ("price", self.number(price))];
        self.say("protocol-bought", &[counts.as_slice(), &others].concat())
    }

    fn too_small(&self, option: usize, cost: u64, have: &Amount) -> String {
        let parts = [("name", self.name(option)), ("cost", self.whole(cost)), ("have", self.number(have))];
        self.say("protocol-too-small", &parts)
    }
}

/// All steps; `names` are those of the options, in the order of the poll.
pub fn steps(l: &Layout, names: &[String], protocol: &[Finding]) -> Vec<ProtocolStep> {
    let writer = ProtocolWriter { l, names };
    protocol.iter().map(|finding| writer.step(finding)).collect()
}
