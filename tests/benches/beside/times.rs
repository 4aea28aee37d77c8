//! How long something takes, on a machine where others work too.

use std::fs::read_to_string;
use std::time::Instant;

/// The middle of so many runs in milliseconds, and the answer. The time in which somebody else had the core does not count:
/// it would fall on long questions more than on short ones.
pub(crate) fn middle<T>(runs: usize, ask: impl Fn() -> anyhow::Result<T>) -> anyhow::Result<(f64, T)> {
    let mut times = Vec::with_capacity(runs);
    loop {
        let waited = waited();
        let begun = Instant::now();
        let answer = ask()?;
        let took = begun.elapsed().as_secs_f64() * 1e3;
        times.push((took - (self::waited() - waited)).max(0.0));
        if times.len() >= runs {
            return Ok((share(&mut times, 0.5), answer));
        }
    }
}

/// The value that this share of them does not exceed.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "small"
)]
pub(crate) fn share(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    let place = (times.len() as f64 * share) as usize;
    times.get(place.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// Milliseconds that this thread has waited for the core although it had work; 0 where Linux does not tell.
fn waited() -> f64 {
    let told = read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split_whitespace().nth(1).and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or_default() / 1e6
}

/// Seconds of the processor that all threads of this process have had, to the hundredth; 0 where Linux does not tell.
pub(crate) fn worked() -> f64 {
    let told = read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name of the program: the twelfth is the time in the program, the thirteenth that in the kernel.
    let after = told.rsplit(')').next().unwrap_or_default();
    after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>()
        / 100.0
}
