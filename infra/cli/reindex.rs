//! `vmeste reindex`: the index is a projection; this makes it anew from the submissions.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::anyhow;
use clap::Args;
use entrypoint::IndexLocation;
use indicatif::{ProgressBar, ProgressStyle};
use store::Store;
use tempfile::TempDir;
use vmeste::{Host, data};

use crate::data_options::DataOptions;

/// Where.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    data: DataOptions,
    /// Of a deployed platform: the name of its platform table. It is looked for in AWS, or in the engine at
    /// `--dynamodb-url`.
    #[arg(long, env = "PLATFORM_TABLE", requires = "index")]
    table: Option<String>,
    /// Of a deployed platform: where its index is published, `s3://BUCKET`.
    #[arg(long, value_name = "LOCATION", env = "INDEX_STORE", requires = "table")]
    index: Option<String>,
    /// Of a deployed platform: a folder of this machine with room for the new index, some 250 bytes a submission; a temporary
    /// one if left out.
    #[arg(long, value_name = "DIR", env = "INDEX_WORK")]
    work: Option<PathBuf>,
}

/// A page of submissions takes longer; somebody wants to see that it goes on.
const TICK: Duration = Duration::from_millis(200);

const BAR: &str = "{bar:40} {percent}% of the table, {elapsed}, {eta} left";
const SPINNER: &str = "{spinner} {human_pos} items of the table, {per_sec}, {elapsed}";

/// Runs it. A platform that runs goes on, and readers see the old index until the new one is whole.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let (store, index, _kept) = open(options).await?;
    let bar = match store.approximate_items().await? {
        0 => ProgressBar::new_spinner().with_style(ProgressStyle::with_template(SPINNER)?),
        items => ProgressBar::new(items).with_style(ProgressStyle::with_template(BAR)?),
    };
    bar.enable_steady_tick(TICK);
    let read = |items: usize| bar.set_position(items as u64);
    let count = indexing::rebuild(&store, &index, read).await.map_err(|error| anyhow!(error))?;
    bar.finish_and_clear();
    Ok(writeln!(std::io::stdout(), "{count} submissions are in the new index")?)
}

/// What must be there until the end, and no longer.
#[derive(Default)]
struct Kept {
    /// It holds the engine.
    _host: Option<Host>,
    /// The words of all submissions are in it.
    _work: Option<TempDir>,
}

/// Tables and index: of a deployed platform, of the host that uses the data folder now, or of one started for this command.
async fn open(options: Options) -> anyhow::Result<(Store, IndexLocation, Kept)> {
    let Options { data, table, index, work } = options;
    if let (Some(table), Some(index)) = (table, index) {
        let clients = engines::clients(data.dynamodb_url.as_deref(), None).await;
        let (work, kept) = match work {
            Some(work) => (work, Kept::default()),
            None => temporary(&std::env::temp_dir())?,
        };
        let index = IndexLocation { store: index, work };
        return Ok((Store::new(clients.dynamodb, table, None), index, kept));
    }
    if let Some(running) = data::running(&data.data).filter(|_| !data.memory) {
        let clients = running.clients().await;
        // The host has its own place.
        let (work, kept) = temporary(&data.data)?;
        let index = IndexLocation { store: running.index_store, work };
        return Ok((Store::new(clients.dynamodb, "PlatformTable".into(), None), index, kept));
    }
    // Nobody asks it anything, and what is not indexed yet waits for the next start.
    let options = vmeste::Options { at_rest: true, ..data.host() };
    let host = Host::start(options).await.map_err(|error| anyhow!(error))?;
    let index = host.index().map_err(|error| anyhow!(error))?;
    Ok((host.store.clone(), index, Kept { _host: Some(host), ..Kept::default() }))
}

fn temporary(within: &Path) -> anyhow::Result<(PathBuf, Kept)> {
    let folder = tempfile::tempdir_in(within)?;
    Ok((folder.path().to_owned(), Kept { _work: Some(folder), ..Kept::default() }))
}
