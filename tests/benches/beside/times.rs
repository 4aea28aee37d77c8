//! How long something takes.

use std::time::Instant;

/// The middle of so many runs in milliseconds, and the answer.
pub(crate) fn middle<T>(runs: usize, ask: impl Fn() -> anyhow::Result<T>) -> anyhow::Result<(f64, T)> {
    let mut times = Vec::with_capacity(runs);
    loop {
        let begun = Instant::now();
        let answer = ask()?;
        times.push(milliseconds(begun));
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

/// Since then.
pub(crate) fn milliseconds(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}
