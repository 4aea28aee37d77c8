//! `vmeste serve`: the platform on this machine.

use std::io::Write;

use anyhow::anyhow;
use clap::Args;
use vmeste::{Host, Options as HostOptions};

use crate::data_options::DataOptions;

/// How to serve.
#[derive(Args, Clone)]
pub(crate) struct Options {
    /// Port on loopback; 0 for any.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    #[command(flatten)]
    data: DataOptions,
    /// Start without the demo city: only a root territory and the personas.
    #[arg(long)]
    empty: bool,
    /// What to log, for example `info` or `warn,store=debug`.
    #[arg(long, default_value = "warn,dynoxide=error", env = "RUST_LOG")]
    log: String,
    /// Log JSON, for machines.
    #[arg(long)]
    log_json: bool,
}

/// Serves until Ctrl-C.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    entrypoint::init_telemetry(&options.log, options.log_json);
    let host_options = HostOptions { port: options.port, empty: options.empty, ..options.data.host() };
    let mut host = Host::start(host_options).await.map_err(|error| anyhow!(error))?;
    writeln!(std::io::stdout(), "listening on {}", host.url)?;
    tokio::select! {
        () = host.wait() => anyhow::bail!("every part of the platform has stopped"),
        signal = tokio::signal::ctrl_c() => Ok(signal?),
    }
}
