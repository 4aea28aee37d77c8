//! What is hidden in the messages for others to find: spikes, in which a topic is written of far oftener than usual in
//! one place for some days, and clusters, in which many people write of one concrete problem in nearly the same words.

use std::ops::Range;

use fastrand::Rng;

use super::calendar::{Calendar, DAYS};
use super::random::{generator, real};
use super::world::World;

/// Spikes of a history.
const SPIKES: u64 = 48;
/// Messages that a spike adds to every million, at least: fewer could be chance.
const ADDED: f64 = 40.0 / 1_000_000.0;
/// And at most: where there are few topics and places, spikes must not be all there is.
const ADDED_AT_MOST: f64 = 0.01;
/// One cluster is hidden among so many messages that follow each other.
const BLOCK: u64 = 4_096;
/// What generators are for.
const SPIKE: u64 = 1;
const CLUSTER: u64 = 2;

/// One topic in one place, for some days much oftener than usual.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spike {
    pub(super) category: usize,
    pub(super) territory: usize,
    pub(super) days: Range<usize>,
    /// How much oftener than usual.
    pub(super) factor: f64,
    /// The share of all messages that would fall here without it.
    pub(super) usual: f64,
}

impl Spike {
    /// The share of all messages that are there for its sake.
    fn added(&self) -> f64 {
        (self.factor - 1.0) * self.usual
    }
}

/// Many people who write of one problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cluster {
    pub(super) number: u64,
    pub(super) category: usize,
    pub(super) territory: usize,
    pub(super) days: Range<usize>,
    /// Where what they have in common is drawn from.
    pub(super) core: u64,
}

/// Everything that is hidden.
#[derive(Debug)]
pub(super) struct Plan {
    seed: u64,
    pub(super) spikes: Vec<Spike>,
    /// For every spike, the share of messages that it and those before it add.
    sums: Vec<f64>,
}

impl Plan {
    pub(super) fn new(seed: u64, world: &World, calendar: &Calendar) -> Self {
        let mut spikes: Vec<Spike> = Vec::new();
        for number in 0..SPIKES {
            let spike = spike(&mut generator(seed, SPIKE, number), world, calendar);
            // Two that overlap could not be told from each other.
            let same = |it: &Spike| (it.category, it.territory) == (spike.category, spike.territory);
            if !spikes.iter().any(same) {
                spikes.push(spike);
            }
        }
        let mut sum = 0.0;
        let mut sums = Vec::new();
        for spike in &spikes {
            sum += spike.added();
            sums.push(sum);
        }
        Self { seed, spikes, sums }
    }

    /// The spike that the message of this draw belongs to.
    pub(super) fn spike(&self, rng: &mut Rng) -> Option<usize> {
        let drawn = rng.f64();
        if self.sums.last().is_none_or(|all| drawn >= *all) {
            return None;
        }
        Some(self.sums.partition_point(|sum| *sum <= drawn))
    }

    /// The cluster that the message with this number belongs to: in every block of numbers some belong to one.
    pub(super) fn cluster(&self, number: u64, world: &World, calendar: &Calendar) -> Option<Cluster> {
        let block = number / BLOCK;
        let mut rng = generator(self.seed, CLUSTER, block);
        // 20 to 300, small ones oftener.
        let largest = rng.u64(20..=300);
        let size = rng.u64(20..=largest);
        // Every number of the block has a place in a shuffled order: an odd factor turns 2^12 numbers into each other.
        let (factor, shift) = (rng.u64(..) | 1, rng.u64(..));
        if (number.wrapping_mul(factor).wrapping_add(shift)) % BLOCK >= size {
            return None;
        }
        let category = world.category_weights.draw(&mut rng);
        let territory = world.territory_weights.draw(&mut rng);
        let first = calendar.day(world.categories[category].season, &mut rng);
        let last = (first + rng.usize(5..60)).min(DAYS);
        Some(Cluster { number: block, category, territory, days: first..last, core: rng.u64(..) })
    }
}

/// Among the frequent topics and the large places: elsewhere nothing would be seen.
fn spike(rng: &mut Rng, world: &World, calendar: &Calendar) -> Spike {
    let category = rng.usize(..world.categories.len().min(30));
    let territory = rng.usize(..world.territories.len().min(60));
    let season = world.categories[category].season;
    let first = calendar.day(season, rng);
    let days = first..(first + rng.usize(7..29)).min(DAYS);
    let usual = world.category_weights.share(category)
        * world.territory_weights.share(territory)
        * calendar.share(season, days.clone());
    let drawn = 4.0 + real(rng.usize(..12));
    let factor = drawn.clamp(1.0 + ADDED / usual, 1.0 + ADDED_AT_MOST / usual);
    Spike { category, territory, days, factor, usual }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn a_block_hides_one_cluster_of_twenty_to_three_hundred() {
        let world = World::country(&Vocabulary::read()).unwrap();
        let calendar = Calendar::new();
        let plan = Plan::new(5, &world, &calendar);
        for block in 0..8 {
            let numbers = block * BLOCK..(block + 1) * BLOCK;
            let members: Vec<Cluster> =
                numbers.filter_map(|number| plan.cluster(number, &world, &calendar)).collect();
            assert!((20..=300).contains(&members.len()), "{}", members.len());
            assert!(members.iter().all(|member| *member == members[0]));
        }
    }

    #[test]
    fn spikes_are_large_enough_to_be_seen_and_small_in_the_whole() {
        let world = World::country(&Vocabulary::read()).unwrap();
        let plan = Plan::new(5, &world, &Calendar::new());
        assert!(plan.spikes.len() > 40);
        assert!(plan.spikes.iter().all(|spike| spike.added() > 0.99 * ADDED && spike.factor >= 4.0));
        assert!(plan.sums.last().is_some_and(|sum| *sum < 0.03), "{:?}", plan.sums.last());
    }
}
