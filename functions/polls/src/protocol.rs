//! The steps of a count in words: of the page, and of the command line.

use pages::{Language, Layout};
use poll::count::{Amount, Finding, Place};

/// One step.
pub struct Step {
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

/// A step that is said with names and numbers.
struct Said<'s> {
    l: &'s Layout,
    names: &'s [String],
}

impl Said<'_> {
    fn name(&self, option: usize) -> String {
        self.names.get(option).cloned().unwrap_or_default()
    }

    fn names(&self, options: &[usize]) -> String {
        options.iter().map(|option| self.name(*option)).collect::<Vec<_>>().join(", ")
    }

    fn places(&self, places: &[Place]) -> Vec<(String, String)> {
        places.iter().map(|place| (self.name(place.option), number(self.l, &place.has))).collect()
    }

    fn say(&self, id: &str, arguments: &[(&str, String)]) -> String {
        self.l.with_all(id, arguments)
    }

    fn standing(&self, id: &str, option: usize, has: &Amount) -> String {
        self.say(id, &[("name", self.name(option)), ("number", number(self.l, has))])
    }

    /// The step in words; tables besides.
    fn step(&self, finding: &Finding) -> Step {
        let places = match finding {
            Finding::Standing { places, .. } | Finding::Transferred { to: places, .. } => self.places(places),
            _ => Vec::new(),
        };
        Step { text: self.ranked(finding).unwrap_or_else(|| self.spent(finding)), places }
    }

    /// Of elections; none if it is of a budget.
    fn ranked(&self, finding: &Finding) -> Option<String> {
        Some(match finding {
            Finding::Standing { round, exhausted, .. } => {
                let title = match round {
                    0 => self.l.t("protocol-standing"),
                    round => self.say("protocol-round", &[("round", round.to_string())]),
                };
                let lost = self.say("protocol-exhausted", &[("number", number(self.l, exhausted))]);
                if exhausted.is_zero() { title } else { format!("{title}. {lost}") }
            }
            Finding::Quota { quota, ballots, seats } => self.say(
                "protocol-quota",
                &[
                    ("quota", quota.to_string()),
                    ("ballots", ballots.to_string()),
                    ("seats", seats.to_string()),
                ],
            ),
            Finding::Tie { among, chosen, weakest, earlier_round } => {
                let end = if *weakest { "weakest" } else { "first" }.to_owned();
                let known = [("names", self.names(among)), ("name", self.name(*chosen)), ("end", end)];
                match earlier_round {
                    None => self.say("protocol-tie", &known),
                    Some(round) => {
                        let round = ("round", round.to_string());
                        self.say("protocol-tie-earlier", &[known.as_slice(), &[round]].concat())
                    }
                }
            }
            Finding::Elected { option, has } => self.standing("protocol-elected", *option, has),
            Finding::ElectedLast { option, has } => self.standing("protocol-elected-last", *option, has),
            Finding::NotElected { option, has } => self.standing("protocol-not-elected", *option, has),
            Finding::Excluded { option, has } => self.standing("protocol-excluded", *option, has),
            Finding::Transferred { from, value, lost, .. } => self.say(
                "protocol-transferred",
                &[
                    ("name", self.name(*from)),
                    ("value", number(self.l, value)),
                    ("lost", number(self.l, lost)),
                ],
            ),
            Finding::Duel { winner, loser, for_winner, for_loser } => self.say(
                "protocol-duel",
                &[
                    ("first", for_winner.to_string()),
                    ("second", for_loser.to_string()),
                    ("winner", self.name(*winner)),
                    ("loser", self.name(*loser)),
                ],
            ),
            Finding::Beats { winner, loser, way, strength, back } => {
                let between = way.get(1..way.len().saturating_sub(1)).unwrap_or_default();
                let id = if between.is_empty() { "protocol-beats" } else { "protocol-beats-by-way" };
                self.say(
                    id,
                    &[
                        ("winner", self.name(*winner)),
                        ("loser", self.name(*loser)),
                        ("names", self.names(between)),
                        ("strength", strength.to_string()),
                        ("back", back.to_string()),
                    ],
                )
            }
            _ => return None,
        })
    }

    /// Of budgets.
    fn spent(&self, finding: &Finding) -> String {
        let project = |id: &str, option: usize, points: u64, others: [(&'static str, u64); 2]| {
            let others = others.map(|(name, value)| (name, self.l.integer(value)));
            let known = [("name", self.name(option)), ("points", self.l.integer(points))];
            self.say(id, &[known, others].concat())
        };
        match finding {
            Finding::Funded { option, points, cost, left } => {
                project("protocol-funded", *option, *points, [("cost", *cost), ("left", *left)])
            }
            Finding::TooDear { option, points, cost, left } => {
                project("protocol-too-dear", *option, *points, [("cost", *cost), ("left", *left)])
            }
            Finding::BelowThreshold { option, points, needed } => {
                project("protocol-below", *option, *points, [("needed", *needed), ("left", 0)])
            }
            Finding::Shares { voters, share } => self.say(
                "protocol-shares",
                &[("voters", self.l.integer(*voters)), ("share", number(self.l, share))],
            ),
            Finding::SharesRaised { by, share, spent } => self.say(
                "protocol-shares-raised",
                &[
                    ("by", number(self.l, by)),
                    ("share", number(self.l, share)),
                    ("spent", self.l.integer(*spent)),
                ],
            ),
            Finding::SharesSuffice { share, would_spend } => self.say(
                "protocol-shares-suffice",
                &[("share", number(self.l, share)), ("spent", self.l.integer(*would_spend))],
            ),
            Finding::BoughtByShares { option, cost, supporters, emptied, price } => self.say(
                "protocol-bought",
                &[
                    ("name", self.name(*option)),
                    ("cost", self.l.integer(*cost)),
                    ("supporters", self.l.integer(*supporters)),
                    ("emptied", self.l.integer(*emptied)),
                    ("price", number(self.l, price)),
                ],
            ),
            Finding::SharesTooSmall { option, cost, have } => self.say(
                "protocol-too-small",
                &[
                    ("name", self.name(*option)),
                    ("cost", self.l.integer(*cost)),
                    ("have", number(self.l, have)),
                ],
            ),
            Finding::Completion { left } => {
                self.say("protocol-completion", &[("left", self.l.integer(*left))])
            }
            _ => String::new(),
        }
    }
}

/// All steps; `names` are those of the options, in the order of the poll.
pub fn steps(l: &Layout, names: &[String], protocol: &[Finding]) -> Vec<Step> {
    let said = Said { l, names };
    protocol.iter().map(|finding| said.step(finding)).collect()
}
