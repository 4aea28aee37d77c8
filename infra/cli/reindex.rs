//! `vmeste reindex`: the index is a projection; this makes it anew from the submissions.

use std::io::Write;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use vmeste::Host;

use crate::DataOptions;

/// Where.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    data: DataOptions,
}

/// A page of submissions takes longer; somebody wants to see that it goes on.
const TICK: Duration = Duration::from_millis(200);

/// Runs it. The host takes the folder for itself, so the platform must not be running on it.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    // What is not indexed yet would publish meanwhile, and this begin again.
    let options = vmeste::Options { at_rest: true, ..options.data.host() };
    let host = Host::start(options).await.map_err(|error| anyhow!(error))?;
    // Nobody knows how many there are before all have been read.
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {human_pos} submissions, {per_sec}, {elapsed}")?);
    bar.enable_steady_tick(TICK);
    let read = |count: usize| bar.set_position(count as u64);
    let count = host.reindex(read).await.map_err(|error| anyhow!(error))?;
    bar.finish_and_clear();
    Ok(writeln!(std::io::stdout(), "{count} submissions are in the new index")?)
}
