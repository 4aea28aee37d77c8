//! What can honestly be said about a few numbers: means with an interval, medians with quartiles.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// A mean with the interval in which the true one lies with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Mean {
    pub mean: f64,
    /// The ends of the interval; none for one value, or equal ones: they say nothing of how values vary.
    pub interval: Option<(f64, f64)>,
}

impl Mean {
    /// From the number of values, their mean and their sample standard deviation, with Student's t distribution
    /// ("Student", 1908, Biometrika 6: 1-25). `None` without values.
    pub fn student(count: u64, mean: f64, deviation: f64) -> Option<Self> {
        if count == 0 {
            return None;
        }
        let n = to_f64(count);
        let varied = StudentsT::new(0.0, 1.0, n - 1.0).ok().filter(|_| deviation > 0.0);
        let t = varied.map(|t| t.inverse_cdf(0.975));
        let spread = t.map(|t| t * deviation / n.sqrt());
        Some(Self { mean, interval: spread.map(|spread| (mean - spread, mean + spread)) })
    }

    /// From how many marks 1, 2, 3, 4, 5 there are. The interval is cut at 1 and 5, since no mark lies beyond.
    pub fn of_marks(counts: [u64; 5]) -> Option<Self> {
        let valued = || (1..).zip(counts).map(|(mark, count)| (f64::from(mark), to_f64(count)));
        let total: u64 = counts.iter().sum();
        let n = to_f64(total);
        let mean = valued().map(|(mark, count)| mark * count).sum::<f64>() / n;
        let squares: f64 = valued().map(|(mark, count)| (mark - mean).powi(2) * count).sum();
        let deviation = if total > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 };
        let found = Self::student(total, mean, deviation)?;
        let cut = found.interval.map(|(low, high)| (low.max(1.0), high.min(5.0)));
        Some(Self { interval: cut, ..found })
    }
}

/// The middle of some numbers, and the middles of its halves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quartiles {
    /// A quarter lies below.
    pub lower: f64,
    /// Half lies below.
    pub median: f64,
    /// Three quarters lie below.
    pub upper: f64,
}

impl Quartiles {
    /// With linear interpolation between neighbours: definition 7 of R. J. Hyndman and Y. Fan, 1996, The American
    /// Statistician 50: 361-365; what R and spreadsheets give. `None` without values. Sorts the values.
    pub fn of(values: &mut [u32]) -> Option<Self> {
        values.sort_unstable();
        Some(Self { lower: quantile(values, 1)?, median: quantile(values, 2)?, upper: quantile(values, 3)? })
    }
}

/// The value below which so many quarters of the sorted values lie.
fn quantile(sorted: &[u32], quarters: usize) -> Option<f64> {
    let place = sorted.len().checked_sub(1)? * quarters;
    let (at, rest) = (place / 4, place % 4);
    let low = f64::from(*sorted.get(at)?);
    let high = f64::from(*sorted.get(at + 1).unwrap_or(sorted.last()?));
    Some(low + (high - low) * to_f64(rest as u64) / 4.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
const fn to_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(found: f64, published: f64, tolerance: f64) {
        assert!((found - published).abs() < tolerance, "{found} is not {published}");
    }

    #[test]
    fn the_interval_of_a_mean_matches_published_figures() {
        // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.2, data set ZARR13.
        let nist = Mean::student(195, 9.261_460, 0.022_789).unwrap();
        near(nist.interval.unwrap().0, 9.258_242, 2e-6);
        near(nist.interval.unwrap().1, 9.264_679, 2e-6);
        // Critical values of t at 95 %, two-sided, from any table: 12.706 for 1 degree of freedom, 2.776 for 4.
        for (count, t) in [(2_u64, 12.706), (5, 2.776), (11, 2.228), (31, 2.042)] {
            let deviation = to_f64(count).sqrt();
            near(Mean::student(count, 0.0, deviation).unwrap().interval.unwrap().1, t, 5e-4);
        }
    }

    #[test]
    fn marks_are_averaged_within_one_and_five() {
        // R: t.test(c(1, 4, 4, 5, 5)): mean 3.8, 1.7597 to 5.8403.
        let mean = Mean::of_marks([1, 0, 0, 2, 2]).unwrap();
        near(mean.mean, 3.8, 1e-12);
        near(mean.interval.unwrap().0, 1.7597, 5e-4);
        assert!(mean.interval.unwrap().1 <= 5.0);
        assert_eq!(Mean::of_marks([0, 0, 1, 0, 0]), Some(Mean { mean: 3.0, interval: None }));
        assert_eq!(Mean::of_marks([0; 5]), None);
        assert_eq!(Mean::of_marks([0, 0, 0, 0, 3]), Some(Mean { mean: 5.0, interval: None }));
    }

    #[test]
    fn quartiles_match_published_figures() {
        // R: quantile(c(6, 7, 15, 36, 39, 40, 41, 42, 43, 47, 49)) gives 25.5, 40, 42.5.
        let mut values = [49, 7, 15, 36, 6, 40, 41, 42, 43, 47, 39];
        let found = Quartiles { lower: 25.5, median: 40.0, upper: 42.5 };
        assert_eq!(Quartiles::of(&mut values), Some(found));
        // R: quantile(1:4) gives 1.75, 2.5, 3.25.
        let four = Quartiles { lower: 1.75, median: 2.5, upper: 3.25 };
        assert_eq!(Quartiles::of(&mut [4, 3, 2, 1]), Some(four));
        assert_eq!(Quartiles::of(&mut [7]), Some(Quartiles { lower: 7.0, median: 7.0, upper: 7.0 }));
        assert_eq!(Quartiles::of(&mut []), None);
    }
}
