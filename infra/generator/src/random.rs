//! Draws: numbers that fall out by a law. Every message draws from a generator of its own, so that any message can be
//! made without those before it.

use fastrand::Rng;

/// A generator that depends on the seed, on what it is for and on a number, and on nothing else.
pub(super) fn generator(seed: u64, purpose: u64, number: u64) -> Rng {
    let first = mix(seed ^ mix(purpose));
    Rng::with_seed(mix(first ^ mix(number.wrapping_add(0x9E37_79B9_7F4A_7C15))))
}

/// Neighbours become strangers (the finalizer of `SplitMix64`).
pub(super) const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// Yes, in `percent` of a hundred cases.
pub(super) fn chance(rng: &mut Rng, percent: f64) -> bool {
    rng.f64() * 100.0 < percent
}

/// A position below `count`, the first ones much oftener than the last: as words of a language are used.
pub(super) fn early(rng: &mut Rng, count: usize) -> usize {
    if count < 2 {
        return 0;
    }
    let limit = rng.usize(..count);
    rng.usize(..=limit)
}

/// A value of the log-normal law.
pub(super) fn log_normal(rng: &mut Rng, median: f64, deviation: f64) -> f64 {
    // Box and Muller; the logarithm of 0 must not happen.
    let radius = (-2.0 * (1.0 - rng.f64()).ln()).sqrt();
    median * (deviation * radius * (std::f64::consts::TAU * rng.f64()).cos()).exp()
}

/// The whole part.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, which is what we want")]
pub(super) fn whole(value: f64) -> i64 {
    value as i64
}

/// A count as a real number.
pub(super) fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Weights by the law of Zipf: the n-th is 1 / n^exponent.
pub(super) fn zipf(count: usize, exponent: f64) -> Vec<f64> {
    (1..=count).map(|rank| real(rank).powf(-exponent)).collect()
}

/// Positions by given weights, in constant time (Walker's alias method as Vose builds it).
#[derive(Debug)]
pub(super) struct Weighted {
    shares: Vec<f64>,
    /// With what probability a column gives itself, and what it gives otherwise.
    columns: Vec<(f64, usize)>,
}

impl Weighted {
    /// The weights must be positive, and one at least.
    pub(super) fn new(weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let shares: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
        let mut scaled: Vec<f64> = shares.iter().map(|share| share * real(weights.len())).collect();
        let mut columns: Vec<(f64, usize)> = (0..weights.len()).map(|at| (1.0, at)).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..weights.len()).partition(|&at| scaled[at] < 1.0);
        while let (Some(less), Some(&more)) = (small.pop(), large.last()) {
            columns[less] = (scaled[less], more);
            scaled[more] -= 1.0 - scaled[less];
            if scaled[more] < 1.0 {
                large.pop();
                small.push(more);
            }
        }
        Self { shares, columns }
    }

    /// A position.
    pub(super) fn draw(&self, rng: &mut Rng) -> usize {
        let column = rng.usize(..self.columns.len());
        let (own, other) = self.columns[column];
        if rng.f64() < own { column } else { other }
    }

    /// The probability of a position.
    pub(super) fn share(&self, at: usize) -> f64 {
        self.shares[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_fall_out_as_their_weights_say() {
        let weighted = Weighted::new(&[1.0, 5.0, 0.5, 3.5]);
        let mut rng = generator(1, 2, 3);
        let mut counts = [0_u32; 4];
        for _ in 0..100_000 {
            counts[weighted.draw(&mut rng)] += 1;
        }
        for (at, count) in counts.into_iter().enumerate() {
            let share = f64::from(count) / 100_000.0;
            assert!((share - weighted.share(at)).abs() < 0.01, "{at}: {share}");
        }
    }

    #[test]
    fn half_of_a_log_normal_lies_below_its_median() {
        let mut rng = generator(4, 5, 6);
        let below = (0..20_000).filter(|_| log_normal(&mut rng, 300.0, 1.0) < 300.0).count();
        assert!((9_700..10_300).contains(&below), "{below}");
    }
}
