//! Why a poll or a vote is refused.

use super::ballot::{BallotKind, InvalidChoice};
use super::count::CountingRule;
use domain::reason::Reason;

/// What is wrong with a poll that is being prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPoll {
    /// It would be over before it begins.
    #[error("a poll closes after it opens")]
    ClosesTooEarly,
    /// Nobody knows what clocks do then.
    #[error("a poll closes before the year 2200")]
    ClosesTooLate,
    /// More than anybody has.
    #[error("an amount is at most 10^15")]
    TooMuchMoney,
    /// Too few or too many options.
    #[error("a poll has 2 to 200 options, this one has {0}")]
    NumberOfOptions(usize),
    /// Two options with one id.
    #[error("the option «{0}» stands twice")]
    SameOption(String),
    /// A project without a price.
    #[error("the project «{0}» has no cost, and the counting rule spends a budget")]
    NoCost(String),
    /// A format with a number that makes no sense.
    #[error("say how many options or points: 1 to {0}")]
    Limit(u32),
    /// Ballots of another time.
    #[error("version {0} of this kind of ballot is not known: there is 1")]
    UnknownVersion(u16),
    /// The rule does not count such ballots.
    #[error("the rule {0} does not count ballots of the kind «{kind}»", kind = .1.as_str())]
    RuleDoesNotFit(CountingRule, BallotKind),
    /// A rule that spends, and nothing to spend.
    #[error("the counting rule spends a budget: say how much")]
    NoBudget,
    /// Nobody wins, or everybody.
    #[error("{0} winners: it must be at least one, and fewer than there are options")]
    NumberOfSeats(u32),
    /// A rule for one winner.
    #[error("the rule {0} elects one")]
    OneSeat(CountingRule),
    /// Nobody is so old.
    #[error("a minimum age is at most 120 years")]
    Age,
}

impl Reason for InvalidPoll {
    fn code(&self) -> &'static str {
        match self {
            Self::ClosesTooEarly => "poll-closes-too-early",
            Self::NumberOfOptions(_) => "poll-number-of-options",
            Self::SameOption(_) => "poll-same-option",
            Self::NoCost(_) => "poll-no-cost",
            Self::Limit(_) => "poll-limit",
            Self::ClosesTooLate => "poll-closes-too-late",
            Self::TooMuchMoney => "poll-too-much-money",
            Self::UnknownVersion(_) => "poll-unknown-version",
            Self::RuleDoesNotFit(..) => "poll-rule-does-not-fit",
            Self::NoBudget => "poll-no-budget",
            Self::NumberOfSeats(_) => "poll-number-of-seats",
            Self::OneSeat(_) => "poll-one-seat",
            Self::Age => "poll-age",
        }
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NumberOfOptions(number) => vec![("number", number.to_string())],
            Self::SameOption(option) | Self::NoCost(option) => vec![("option", option.clone())],
            Self::NumberOfSeats(seats) => vec![("number", seats.to_string())],
            Self::Limit(most) => vec![("most", most.to_string())],
            Self::ClosesTooEarly
            | Self::ClosesTooLate
            | Self::TooMuchMoney
            | Self::UnknownVersion(_)
            | Self::RuleDoesNotFit(..)
            | Self::NoBudget
            | Self::OneSeat(_)
            | Self::Age => Vec::new(),
        }
    }
}

/// Why something cannot be done with a poll now, or by this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is published.
    #[error("what voters decide on cannot be changed once the poll is published")]
    Frozen,
    /// Its end lies behind us.
    #[error("the poll would be over already: change when it closes")]
    OverAlready,
    /// It does not take ballots yet.
    #[error("the poll has not opened yet")]
    NotOpenYet,
    /// It takes none any more.
    #[error("the poll is closed")]
    Closed,
    /// There is a ballot already, and it is final.
    #[error("you have voted, and in this poll a vote cannot be changed")]
    VotedAlready,
    /// More changes than anybody needs.
    #[error("a vote can be changed 50 times")]
    TooManyChanges,
    /// The provider has not made sure who it is.
    #[error("this poll is for people whose identity was verified; verify yours with the identity provider")]
    NotIdentified,
    /// Nobody knows the age.
    #[error("this poll has a minimum age, and the identity provider does not say when you were born")]
    UnknownAge,
    /// Too young.
    #[error("this poll is for people of at least {0} years")]
    TooYoung(u8),
    /// Nobody knows where.
    #[error("this poll is for residents, and the identity provider does not say where you are registered")]
    UnknownTerritory,
    /// Elsewhere.
    #[error("this poll is for people registered in its territory")]
    ElsewhereRegistered,
    /// Enough is said.
    #[error("a poll has at most 100 pieces of news")]
    TooMuchNews,
    /// There is no such option, or it did not win.
    #[error("this option was not chosen by the poll")]
    NotChosen,
}

impl Reason for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Frozen => "poll-frozen",
            Self::OverAlready => "poll-over-already",
            Self::NotOpenYet => "poll-not-open-yet",
            Self::Closed => "poll-closed",
            Self::VotedAlready => "poll-voted-already",
            Self::TooManyChanges => "poll-too-many-changes",
            Self::NotIdentified => "poll-not-identified",
            Self::UnknownAge => "poll-unknown-age",
            Self::TooYoung(_) => "poll-too-young",
            Self::UnknownTerritory => "poll-unknown-territory",
            Self::ElsewhereRegistered => "poll-elsewhere",
            Self::NotChosen => "poll-not-chosen",
            Self::TooMuchNews => "poll-too-much-news",
        }
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooYoung(age) => vec![("age", age.to_string())],
            _ => Vec::new(),
        }
    }
}

impl Reason for InvalidChoice {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongKind(_) => "ballot-wrong-kind",
            Self::Empty => "ballot-empty",
            Self::Foreign(_) => "ballot-foreign",
            Self::TooMany { .. } => "ballot-too-many",
            Self::Twice(_) => "ballot-twice",
            Self::ScoreTooHigh { .. } => "ballot-score-too-high",
            Self::TooManyPoints { .. } => "ballot-too-many-points",
        }
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::WrongKind(kind) => vec![("kind", kind.as_str().to_owned())],
            Self::Empty => Vec::new(),
            Self::Foreign(option) | Self::Twice(option) => vec![("option", option.clone())],
            Self::TooMany { chosen, most } => {
                vec![("number", chosen.to_string()), ("most", most.to_string())]
            }
            Self::ScoreTooHigh { option, points, most } => {
                vec![("option", option.clone()), ("number", points.to_string()), ("most", most.to_string())]
            }
            Self::TooManyPoints { given, most } => {
                vec![("number", given.to_string()), ("most", most.to_string())]
            }
        }
    }
}
