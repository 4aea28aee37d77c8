//! `vmeste recount`: counts what an earlier version of the platform left open, once after an update from it.

use std::io::Write;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use store::Store;
use vmeste::data;

use crate::data_options::DataOptions;

/// Where.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    data: DataOptions,
    /// Of a deployed platform: the name of its platform table. It is looked for in AWS, or in the engine at
    /// `--dynamodb-url`.
    #[arg(long, env = "PLATFORM_TABLE")]
    table: Option<String>,
}

/// A page of the table takes longer.
const TICK: Duration = Duration::from_millis(200);

const SPINNER: &str = "{spinner} {human_pos} items of the table, {per_sec}, {elapsed}";

/// Runs it. A platform that runs goes on; one on this machine has counted everything when it started.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let Options { data, table } = options;
    let store = match (table, data::running(&data.data)) {
        (Some(table), _) => {
            let clients = engines::clients(data.dynamodb_url.as_deref(), None).await;
            Store::new(clients.dynamodb, table, None)
        }
        (None, Some(running)) => Store::new(running.clients().await.dynamodb, "PlatformTable".into(), None),
        (None, None) => {
            anyhow::bail!("no platform runs here, and it counts by itself when it starts; name a --table")
        }
    };
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template(SPINNER)?);
    bar.enable_steady_tick(TICK);
    let counted = store.count_inboxes(|items| bar.set_position(items as u64)).await?;
    bar.finish_and_clear();
    Ok(writeln!(std::io::stdout(), "{counted} open submissions were not counted, and are now")?)
}
