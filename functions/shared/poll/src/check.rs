//! What must fit together in a question, section by section: a form is checked before the whole question is known.
//!
//! Every function gives each [`InvalidPoll`] with the field that it is about.

use jiff::Timestamp;

use super::ballot::{BallotFormat, BallotKind};
use super::eligibility::Eligibility;
use super::error::InvalidPoll;
use super::question::{MOST_MONEY, OPTIONS, PollOption, Question};

/// The most points that a format gives away.
const MOST_POINTS: u32 = 1_000;

/// Polls close before this year.
const LAST_YEAR: i64 = 7_258_118_400; // 2200-01-01, in seconds since 1970

/// A field of a question and what is wrong with it.
pub type Flaw = (&'static str, InvalidPoll);

impl Question {
    /// Checks what belongs together; the parts are valid by their types.
    ///
    /// # Errors
    /// Every [`InvalidPoll`] with the field that it is about.
    pub fn check(&self) -> Result<(), Vec<Flaw>> {
        let mut wrong = period(self.opens, self.closes);
        wrong.extend(money(self.budget, self.threshold));
        wrong.extend(options(&self.options));
        wrong.extend(format(self.format, self.options.len()));
        wrong.extend(counting(self));
        wrong.extend(eligibility(&self.eligibility));
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

/// When ballots are taken.
pub fn period(opens: Timestamp, closes: Timestamp) -> Vec<Flaw> {
    let mut wrong = Vec::new();
    if closes <= opens {
        wrong.push(("closes", InvalidPoll::ClosesTooEarly));
    }
    if closes.as_second() >= LAST_YEAR {
        wrong.push(("closes", InvalidPoll::ClosesTooLate));
    }
    wrong
}

/// Who may vote.
pub fn eligibility(eligibility: &Eligibility) -> Vec<Flaw> {
    let too_old = eligibility.minimum_age.is_some_and(|age| age > 120);
    if too_old { vec![("eligibility.minimum_age", InvalidPoll::Age)] } else { Vec::new() }
}

/// What can be chosen.
pub fn options(options: &[PollOption]) -> Vec<Flaw> {
    let mut wrong = Vec::new();
    if options.iter().any(|option| option.cost > MOST_MONEY) {
        wrong.push(("options", InvalidPoll::TooMuchMoney));
    }
    if !OPTIONS.contains(&options.len()) {
        wrong.push(("options", InvalidPoll::NumberOfOptions(options.len())));
    }
    for (place, option) in options.iter().enumerate() {
        if options[..place].iter().any(|other| other.id == option.id) {
            wrong.push(("options", InvalidPoll::SameOption(option.id.to_string())));
        }
    }
    wrong
}

/// How people vote on so many options.
pub fn format(format: BallotFormat, options: usize) -> Vec<Flaw> {
    let mut wrong = Vec::new();
    let most = match format.kind() {
        BallotKind::Score | BallotKind::Distribute => MOST_POINTS,
        BallotKind::ChooseOne | BallotKind::Approve | BallotKind::Rank => {
            u32::try_from(options).unwrap_or(u32::MAX).max(1)
        }
    };
    if format.limit().is_some_and(|limit| limit == 0 || limit > most) {
        wrong.push(("format", InvalidPoll::Limit(most)));
    }
    if format.version() != 1 {
        wrong.push(("format", InvalidPoll::UnknownVersion(format.version())));
    }
    wrong
}

/// Budget and threshold.
fn money(budget: u64, threshold: u64) -> Vec<Flaw> {
    let amounts = [("budget", budget), ("threshold", threshold)].into_iter();
    let too_much = amounts.filter(|(_, money)| *money > MOST_MONEY);
    too_much.map(|(field, _)| (field, InvalidPoll::TooMuchMoney)).collect()
}

/// How the votes are counted: the rule beside the ballots, the costs, the budget and the seats.
fn counting(question: &Question) -> Vec<Flaw> {
    let mut wrong = Vec::new();
    let rule = question.rule;
    if rule.spends() {
        let free = question.options.iter().filter(|option| option.cost == 0);
        wrong.extend(free.map(|option| ("options", InvalidPoll::NoCost(option.id.to_string()))));
    }
    if !rule.counts(question.format.kind()) {
        wrong.push(("rule", InvalidPoll::RuleDoesNotFit(rule, question.format.kind())));
    }
    if rule.spends() && question.budget == 0 {
        wrong.push(("budget", InvalidPoll::NoBudget));
    }
    let seats = question.seats as usize;
    if !rule.spends() && (seats == 0 || seats >= question.options.len().max(2)) {
        wrong.push(("seats", InvalidPoll::NumberOfSeats(question.seats)));
    }
    if rule.elects_one() && question.seats != 1 {
        wrong.push(("seats", InvalidPoll::OneSeat(rule)));
    }
    wrong
}
