//! `vmeste reindex`: the index is a projection; this makes it anew from the submissions.

use std::io::Write;

use anyhow::anyhow;
use clap::Args;
use entrypoint::Clock;
use vmeste::{Host, Options as HostOptions};

use crate::DataOptions;

/// Where.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    data: DataOptions,
}

/// Runs it. The platform must not be running on the folder: there is one writer.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let host_options = HostOptions {
        port: 0,
        data: options.data.data(),
        empty: false,
        endpoints: options.data.endpoints(),
        clock: Clock::default(),
    };
    let host = Host::start(host_options).await.map_err(|error| anyhow!(error))?;
    let count = host.reindex().await.map_err(|error| anyhow!(error))?;
    Ok(writeln!(std::io::stdout(), "{count} submissions are in the new index")?)
}
