//! The steps of a count, in words for a terminal.

use std::fmt;

use domain::poll::count::{Amount, Finding, Place};

/// One step.
pub(crate) struct Words<'w> {
    /// What the options are called.
    pub(crate) names: &'w [String],
    /// The step.
    pub(crate) finding: &'w Finding,
}

/// Digits after the point; what is cut off is shown by an ellipsis.
const DIGITS: usize = 5;

fn amount(amount: &Amount) -> String {
    let (text, exact) = amount.decimal(DIGITS);
    if exact { text } else { format!("{text}…") }
}

impl Words<'_> {
    fn name(&self, option: usize) -> &str {
        self.names.get(option).map_or("?", String::as_str)
    }

    fn names(&self, options: &[usize]) -> String {
        options.iter().map(|option| self.name(*option)).collect::<Vec<_>>().join(", ")
    }

    fn places(&self, f: &mut fmt::Formatter<'_>, places: &[Place]) -> fmt::Result {
        for place in places {
            write!(f, "\n  {:>14}  {}", amount(&place.has), self.name(place.option))?;
        }
        Ok(())
    }
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |option: &usize| self.name(*option);
        match self.finding {
            Finding::Standing { round, places, exhausted } => {
                match round {
                    0 => write!(f, "totals:")?,
                    _ => write!(f, "round {round}:")?,
                }
                self.places(f, places)?;
                if exhausted.is_zero() {
                    Ok(())
                } else {
                    write!(f, "\n  {:>14}  for nobody", amount(exhausted))
                }
            }
            Finding::Quota { quota, ballots, seats } => {
                write!(f, "quota {quota}: {ballots} ballots for {seats} seats")
            }
            Finding::Tie { among, chosen, earlier_round } => {
                let how = match earlier_round {
                    Some(round) => format!("round {round} decides"),
                    None => "the stated rule decides".into(),
                };
                write!(f, "tie of {}: {how}: {}", self.names(among), name(chosen))
            }
            Finding::Elected { option, has } => write!(f, "elected with {}: {}", amount(has), name(option)),
            Finding::ElectedLast { option, has } => {
                write!(
                    f,
                    "elected with {}, as no more are left than are needed: {}",
                    amount(has),
                    name(option)
                )
            }
            Finding::NotElected { option, has } => {
                write!(f, "not elected with {}: {}", amount(has), name(option))
            }
            Finding::Excluded { option, has } => write!(f, "excluded with {}: {}", amount(has), name(option)),
            Finding::Transferred { from, value, to, lost } => {
                write!(
                    f,
                    "from {}, each ballot worth {}; {} lost:",
                    name(from),
                    amount(value),
                    amount(lost)
                )?;
                self.places(f, to)
            }
            Finding::Duel { winner, loser, for_winner, for_loser } => {
                write!(f, "{for_winner} : {for_loser}  {} – {}", name(winner), name(loser))
            }
            Finding::Beats { winner, loser, way, strength, back } => {
                let via = if way.len() > 2 {
                    format!(" by way of {}", self.names(&way[1..way.len() - 1]))
                } else {
                    String::new()
                };
                write!(f, "{} beats {}{via}: {strength} against {back}", name(winner), name(loser))
            }
            Finding::Funded { option, points, cost, left } => {
                write!(f, "bought: {} ({points} points, costs {cost}, {left} left)", name(option))
            }
            Finding::TooDear { option, points, cost, left } => {
                write!(f, "too dear: {} ({points} points, costs {cost}, {left} left)", name(option))
            }
            Finding::BelowThreshold { option, points, needed } => {
                write!(f, "too few points: {} ({points} of {needed})", name(option))
            }
            Finding::Shares { voters, share } => write!(f, "{voters} voters have {} each", amount(share)),
            Finding::SharesRaised { by, share, spent } => {
                write!(f, "raised by {} to {} each, these buy for {spent}", amount(by), amount(share))
            }
            Finding::SharesSuffice { share, would_spend } => {
                write!(f, "with {} each they would buy for {would_spend}, more than there is", amount(share))
            }
            Finding::BoughtByShares { option, cost, supporters, emptied, price } => write!(
                f,
                "bought by {supporters} who want it: {} (costs {cost}, {} for each unit of utility, {emptied} give all they have)",
                name(option),
                amount(price)
            ),
            Finding::SharesTooSmall { option, cost, have } => {
                write!(
                    f,
                    "not bought: {} (costs {cost}, those who want it have {})",
                    name(option),
                    amount(have)
                )
            }
            Finding::Completion { left } => write!(f, "{left} left, spent by points:"),
        }
    }
}
