//! Counting rules: ballots in, winners and a protocol out. Exact: whole numbers and fractions, never floating point.
//!
//! Every rule is a function of a [`Contest`] alone, so anybody with the ballots can repeat the count. Rules treat all ballots
//! alike and all options alike, except in ties: [`Ties`] breaks them in an order that is fixed before the count.

mod amount;
mod borda;
mod contest;
mod equal_shares;
mod finding;
mod greedy;
mod project;
mod rule;
mod runoff;
mod schulze;
mod sums;
#[cfg(test)]
mod tests;
mod ties;
mod transferable;
mod utility;

pub use amount::Amount;
pub use contest::{Ballots, Contest, Count, CountError, Marks};
pub use finding::{Finding, OptionAmount};
pub use rule::{CountingRule, UnknownRule};
pub use ties::{TieBreak, Ties};
pub use utility::Utility;

impl Contest {
    /// Counts by a rule.
    ///
    /// # Errors
    /// [`CountError`] if the rule does not fit the ballots.
    pub fn count(&self, rule: CountingRule, ties: &Ties) -> Result<Count, CountError> {
        match rule {
            CountingRule::Plurality => sums::plurality(self, ties),
            CountingRule::Approval => sums::approval(self, ties),
            CountingRule::Score | CountingRule::Cumulative => sums::points(self, ties),
            CountingRule::Borda => borda::count(self, ties),
            CountingRule::InstantRunoff => runoff::count(self, ties),
            CountingRule::SingleTransferable => transferable::count(self, ties),
            CountingRule::Schulze => schulze::count(self, ties),
            CountingRule::Greedy => greedy::by_points(self, ties),
            CountingRule::GreedyCost => greedy::by_points_per_cost(self, ties),
            CountingRule::EqualShares => equal_shares::count(self, ties),
        }
    }
}
