//! What the user sees while messages are made.

use std::io::Write;
use std::ops::Range;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

pub(super) fn progress(numbers: &Range<u64>) -> anyhow::Result<ProgressBar> {
    let bar = ProgressBar::new(numbers.end - numbers.start);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} messages, {per_sec}, {eta} left")?);
    Ok(bar)
}

/// Says at the end what was done.
pub(super) fn report(what: &str, count: u64, begun: Instant) -> anyhow::Result<()> {
    let seconds = begun.elapsed().as_secs_f64();
    let speed = f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / seconds.max(0.001);
    let mut out = std::io::stdout();
    Ok(writeln!(out, "{count} messages {what} in {seconds:.1} s, {speed:.0} messages/s")?)
}
