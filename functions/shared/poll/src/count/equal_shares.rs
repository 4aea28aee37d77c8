//! Participatory budgeting by the method of equal shares.
//!
//! Source: D. Peters, G. Pierczyński, P. Skowron, *Proportional Participatory Budgeting with Additive
//! Utilities*, Advances in Neural Information Processing Systems 34, 2021.
//! Everybody has an equal share of the budget. A project is bought by those who want it: each pays in proportion to what the
//! project is worth to them, or all that they have left if that is less. Of the projects that can be paid so, the one whose
//! supporters pay least for each unit of utility comes first.
//!
//! What `equal-shares/1` means besides:
//! - **utility**: see [`super::Utility`];
//! - **completion** in two steps, since shares seldom buy for the whole budget. First the shares are raised: by one unit of
//!   money for each voter (a thousandth of the first share, if that is more), at most [`RAISES`] times, as long as what they would
//!   buy costs no more than the real budget and something that is wanted could still be afforded. Then what is left is spent
//!   greedily by points. Others call this `add1` with exhaustiveness check, and `utilitarian`;
//! - what costs more than the whole budget is not bought by raised shares either.

use std::cmp::Ordering;
use std::collections::HashMap;

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::amount::Amount;
use super::finding::Finding;
use super::{Contest, Count, CountError, Ties, Utility, greedy, sums};

/// The shares are raised by so many parts of the first share, if that is more than one unit of money.
const STEPS: u64 = 1_000;

/// The shares are raised so often at most: then they are three times the first. One voter who alone wants something could else
/// make everybody wait for a number of runs that grows with the number of voters.
pub(super) const RAISES: u64 = 2 * STEPS;

pub(super) fn count(contest: &Contest, ties: &Ties) -> Result<Count, CountError> {
    contest.needs_budget()?;
    let totals = contest.sums();
    let order = sums::ranked(contest, ties, |option| totals[option]);
    let mut protocol = vec![sums::standing(&totals, &order)];
    let voters = contest.voters();
    if voters == 0 {
        return Ok(Count { totals, winners: Vec::new(), protocol });
    }
    protocol.push(Finding::Shares { voters, share: Amount::ratio(contest.budget, voters) });

    let electorate = Electorate::of(contest, &totals);
    let bought = electorate.raised(ties, &mut protocol);
    let mut winners: Vec<usize> = bought.purchases.iter().map(|purchase| purchase.option).collect();
    protocol.extend(bought.findings(&electorate));
    let left = contest.budget - contest.cost_of(&winners);
    protocol.push(Finding::Completion { left });
    greedy::fill(contest, &totals, &order, left, &mut winners, &mut protocol);
    Ok(Count { totals, winners, protocol })
}

impl Contest {
    pub(super) fn cost_of(&self, options: &[usize]) -> u64 {
        options.iter().fold(0_u64, |sum, option| sum.saturating_add(self.costs[*option]))
    }
}

/// Who wants what, prepared for many runs.
struct Electorate<'c> {
    contest: &'c Contest,
    voters: u64,
    /// How many voters each group of equal ballots has.
    sizes: Vec<u64>,
    /// Of each project: the groups that want it, and what it is worth to one of them.
    supporters: Vec<Vec<(u32, u64)>>,
    /// Projects that can be bought at all.
    wanted: Vec<usize>,
}

/// What one run bought.
#[derive(Default)]
struct Bought {
    purchases: Vec<Purchase>,
    /// What the groups have left, over the denominator.
    purses: Purses,
}

struct Purchase {
    option: usize,
    /// What could be bought at the same price, itself included.
    equals: Vec<usize>,
    supporters: u64,
    emptied: u64,
    price: Amount,
}

/// The money of all groups. Groups with the same amount share an entry; all amounts have one denominator, so that they are added
/// and compared as whole numbers.
#[derive(Default)]
struct Purses {
    denominator: BigInt,
    amounts: Vec<BigInt>,
    /// Which amount a group has.
    of: Vec<u32>,
}

/// How a project would be paid.
struct Offer {
    option: usize,
    /// What is paid for each unit of weight: `numerator / (payers * denominator of the purses)`.
    numerator: BigInt,
    /// The weight of all who do not give everything; 0 if all give everything.
    payers: BigInt,
    emptied: u64,
    /// For each unit of utility: what offers are compared by.
    price: Amount,
}

impl<'c> Electorate<'c> {
    fn of(contest: &'c Contest, totals: &[u64]) -> Self {
        let mut supporters = vec![Vec::new(); contest.options];
        let mut sizes = Vec::with_capacity(contest.ballots.len());
        for (group, ballots) in (0_u32..).zip(&contest.ballots) {
            sizes.push(ballots.count);
            for (option, points) in contest.points_of(&ballots.marks) {
                let weight = if contest.utility == Utility::Cost { 1 } else { points };
                if weight > 0 {
                    supporters[option].push((group, weight));
                }
            }
        }
        let fits = |option: &usize| {
            totals[*option] >= contest.threshold.max(1) && contest.costs[*option] <= contest.budget
        };
        let wanted = (0..contest.options).filter(fits).collect();
        Self { contest, voters: contest.voters(), sizes, supporters, wanted }
    }

    /// Raises the shares as far as the real budget allows.
    fn raised(&self, ties: &Ties, protocol: &mut Vec<Finding>) -> Bought {
        let budget = self.contest.budget;
        let step = (budget / self.voters / STEPS).max(self.contest.unit.max(1));
        let share = |raised: u64| {
            Amount::ratio(BigInt::from(budget) + BigInt::from(raised) * self.voters, self.voters)
        };
        let mut raised = 0;
        let mut bought = self.run(raised, ties);
        // How far the shares are raised depends on what they would buy, and that on how ties are broken: these are told as well.
        let mut tried: Vec<Finding> = Vec::new();
        let mut suffice = None;
        while !self.is_exhaustive(&bought) && raised < step.saturating_mul(RAISES) {
            let next = self.run(raised + step, ties);
            let would_spend = self.cost(&next);
            if would_spend > budget {
                tried.extend(next.ties());
                suffice = Some(Finding::SharesSuffice { share: share(raised + step), would_spend });
                break;
            }
            raised += step;
            tried.extend(bought.ties());
            bought = next;
        }
        let mut told: Vec<Finding> = bought.ties().collect();
        for tie in tried {
            if !told.contains(&tie) {
                told.push(tie.clone());
                protocol.push(tie);
            }
        }
        protocol.extend(self.told(raised, &share(raised), &bought));
        protocol.extend(suffice);
        bought
    }

    fn told(&self, raised: u64, share: &Amount, bought: &Bought) -> Option<Finding> {
        let spent = self.cost(bought);
        (raised > 0).then(|| Finding::SharesRaised { by: raised.into(), share: share.clone(), spent })
    }

    fn cost(&self, bought: &Bought) -> u64 {
        let options: Vec<usize> = bought.purchases.iter().map(|purchase| purchase.option).collect();
        self.contest.cost_of(&options)
    }

    /// Whether nothing is left that is wanted and could be afforded.
    fn is_exhaustive(&self, bought: &Bought) -> bool {
        let left = self.contest.budget.saturating_sub(self.cost(bought));
        let has = |option: &usize| bought.purchases.iter().any(|purchase| purchase.option == *option);
        self.wanted.iter().all(|option| has(option) || self.contest.costs[*option] > left)
    }

    /// Buys with shares that are raised by so much for each voter.
    fn run(&self, raised: u64, ties: &Ties) -> Bought {
        let share = BigInt::from(self.contest.budget) + BigInt::from(raised) * self.voters;
        let mut purses =
            Purses { denominator: self.voters.into(), amounts: vec![share], of: vec![0; self.sizes.len()] };
        let mut purchases = Vec::new();
        // Prices only rise, so what a project would have cost before tells when it need not be looked at.
        let mut known: Vec<(usize, Amount)> =
            self.wanted.iter().map(|option| (*option, Amount::zero())).collect();
        loop {
            let mut best: Option<Offer> = None;
            let mut equals = Vec::new();
            known.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| ties.place(a.0).cmp(&ties.place(b.0))));
            let mut too_small = Vec::new();
            for (option, price) in &mut known {
                if best.as_ref().is_some_and(|best| *price > best.price) {
                    break;
                }
                let Some(offer) = self.offer(*option, &purses) else {
                    too_small.push(*option);
                    continue;
                };
                *price = offer.price.clone();
                match best.as_ref().map_or(Ordering::Less, |best| offer.price.cmp(&best.price)) {
                    Ordering::Less => equals = vec![offer.option],
                    Ordering::Equal => equals.push(offer.option),
                    Ordering::Greater => continue,
                }
                if ties.best(equals.iter().copied()) == Some(offer.option) {
                    best = Some(offer);
                }
            }
            known.retain(|(option, _)| !too_small.contains(option));
            let Some(offer) = best else { return Bought { purchases, purses } };
            equals.sort_by_key(|option| ties.place(*option));
            known.retain(|(option, _)| *option != offer.option);
            let supporters = &self.supporters[offer.option];
            purchases.push(Purchase {
                option: offer.option,
                equals,
                supporters: supporters.iter().map(|(group, _)| self.sizes[*group as usize]).sum(),
                emptied: offer.emptied,
                price: offer.price.clone(),
            });
            purses.pay(&offer, supporters);
        }
    }

    /// What the supporters of a project would pay; none if they have not enough.
    fn offer(&self, option: usize, purses: &Purses) -> Option<Offer> {
        // Supporters with the same amount and the same weight pay the same.
        let mut classes: HashMap<(u32, u64), u64> = HashMap::new();
        for (group, weight) in &self.supporters[option] {
            let amount = purses.of[*group as usize];
            if !purses.amounts[amount as usize].is_zero() {
                *classes.entry((amount, *weight)).or_default() += self.sizes[*group as usize];
            }
        }
        let mut classes: Vec<(&BigInt, u64, u64)> = classes
            .into_iter()
            .map(|((amount, weight), count)| (&purses.amounts[amount as usize], weight, count))
            .collect();
        // The voter with the least money for each unit of weight is the first to give everything.
        classes.sort_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1)));

        let mut missing = BigInt::from(self.contest.costs[option]) * &purses.denominator;
        let mut payers: BigInt =
            classes.iter().map(|(_, weight, count)| BigInt::from(*weight) * *count).sum();
        let mut emptied = 0;
        for (amount, weight, count) in classes {
            // Everybody from here on can pay in proportion.
            if &missing * weight <= amount * &payers {
                break;
            }
            missing -= amount * count;
            payers -= BigInt::from(weight) * count;
            emptied += count;
        }
        if payers.is_zero() && missing.is_positive() {
            return None;
        }
        let price =
            if payers.is_zero() { Amount::zero() } else { self.price(option, &missing, &payers, purses) };
        Some(Offer { option, numerator: missing, payers, emptied, price })
    }

    fn price(&self, option: usize, missing: &BigInt, payers: &BigInt, purses: &Purses) -> Amount {
        let utility = match self.contest.utility {
            Utility::Cost => self.contest.costs[option].max(1),
            Utility::Points => 1,
        };
        Amount::ratio(missing.clone(), payers * &purses.denominator * utility)
    }
}

impl Purses {
    fn pay(&mut self, offer: &Offer, supporters: &[(u32, u64)]) {
        // Everything over a denominator in which the price is whole.
        if !offer.payers.is_zero() {
            self.denominator *= &offer.payers;
            for amount in &mut self.amounts {
                *amount *= &offer.payers;
            }
        }
        let mut after: HashMap<(u32, u64), u32> = HashMap::new();
        for (group, weight) in supporters {
            let former = self.of[*group as usize];
            let next = u32::try_from(self.amounts.len()).unwrap_or(u32::MAX);
            let entry = *after.entry((former, *weight)).or_insert(next);
            if entry == next {
                let left = &self.amounts[former as usize] - &offer.numerator * *weight;
                self.amounts.push(if left.is_negative() { BigInt::zero() } else { left });
            }
            self.of[*group as usize] = entry;
        }
        self.forget_unused();
    }

    /// Amounts that nobody has any more, and equal ones twice, only cost time.
    fn forget_unused(&mut self) {
        let mut kept: HashMap<BigInt, u32> = HashMap::new();
        let mut renamed: Vec<Option<u32>> = vec![None; self.amounts.len()];
        let mut amounts = Vec::new();
        for of in &mut self.of {
            let new = *renamed[*of as usize].get_or_insert_with(|| {
                let amount = std::mem::take(&mut self.amounts[*of as usize]);
                *kept.entry(amount.clone()).or_insert_with(|| {
                    amounts.push(amount);
                    u32::try_from(amounts.len() - 1).unwrap_or(u32::MAX)
                })
            });
            *of = new;
        }
        self.amounts = amounts;
    }
}

impl Purchase {
    fn tie(&self) -> Option<Finding> {
        let (among, chosen) = (self.equals.clone(), self.option);
        (among.len() > 1).then_some(Finding::Tie { among, chosen, weakest: false, earlier_round: None })
    }
}

impl Bought {
    fn ties(&self) -> impl Iterator<Item = Finding> {
        self.purchases.iter().filter_map(Purchase::tie)
    }

    fn findings(&self, electorate: &Electorate<'_>) -> Vec<Finding> {
        let contest = electorate.contest;
        let bought = self.purchases.iter().flat_map(|purchase| {
            let bought = Finding::BoughtByShares {
                option: purchase.option,
                cost: contest.costs[purchase.option],
                supporters: purchase.supporters,
                emptied: purchase.emptied,
                price: purchase.price.clone(),
            };
            purchase.tie().into_iter().chain([bought])
        });
        let has = |option: &usize| self.purchases.iter().any(|purchase| purchase.option == *option);
        let others = electorate.wanted.iter().filter(|option| !has(option));
        let too_small = others.map(|option| {
            let sum: BigInt = electorate.supporters[*option]
                .iter()
                .map(|(group, _)| {
                    let group = *group as usize;
                    &self.purses.amounts[self.purses.of[group] as usize] * electorate.sizes[group]
                })
                .sum();
            let have = Amount::ratio(sum, self.purses.denominator.clone());
            Finding::SharesTooSmall { option: *option, cost: contest.costs[*option], have }
        });
        bought.chain(too_small).collect()
    }
}
