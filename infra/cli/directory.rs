//! `vmeste directory load`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::anyhow;
use clap::{Args, Subcommand};
use domain::directory::Draft;
use jiff::Timestamp;
use store::{CommitError, Store};
use vmeste::{Host, data};

use crate::data_options::DataOptions;
use crate::files::{Loaded, build};

/// What to do with the directory.
#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check files as a whole and make them the current version.
    ///
    /// JSON files hold any sections (calendars, territories, organizations, categories, `routing_rules`,
    /// `deadline_rules`, people); a CSV file is named after its section. A section in the files replaces the one
    /// before; sections that are not in the files stay.
    Load {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Add and replace single entries by id instead of whole sections.
        #[arg(long)]
        merge: bool,
        /// Only check.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        data: DataOptions,
        /// Of a deployed platform: the name of its platform table. It is looked for in AWS, or in the engine at
        /// `--dynamodb-url`.
        #[arg(long, env = "PLATFORM_TABLE")]
        table: Option<String>,
    },
}

/// Runs it.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let Command::Load { files, merge, dry_run, data, table } = options.command;
    let loaded = Loaded::read(&files)?;
    // Ours lives until the end: it holds the engine.
    let (store, _host) = open(&data, table).await?;
    loop {
        let current = store.directory().await?;
        let base = current.as_ref().map(|(info, _)| info.version);
        let draft = current.map(|(_, draft)| draft).unwrap_or_default();
        let directory = build(&loaded, changed(draft, &loaded, merge))?;
        if dry_run {
            return Ok(writeln!(std::io::stdout(), "the directory is sound; nothing was written")?);
        }
        match store.publish_directory(&directory, base, None, Timestamp::now()).await {
            // Somebody else changed it meanwhile: on top of that, then.
            Err(CommitError::Conflict) => {}
            Err(error) => return Err(error.into()),
            Ok(info) => {
                let mut out = std::io::stdout();
                writeln!(out, "directory version {} is in force:", info.version)?;
                for (section, count) in info.counts {
                    writeln!(out, "  {count:>7} {section}")?;
                }
                return Ok(());
            }
        }
    }
}

fn changed(mut draft: Draft, loaded: &Loaded, merge: bool) -> Draft {
    let new = loaded.draft.clone();
    if merge {
        draft.merge(new);
        return draft;
    }
    draft.replace(&loaded.sections, new);
    draft
}

/// The tables: of a deployed platform, of the host that uses the data folder now, or of one started for this command.
async fn open(options: &DataOptions, table: Option<String>) -> anyhow::Result<(Store, Option<Host>)> {
    if let Some(table) = table {
        let clients = engines::clients(options.dynamodb_url.as_deref(), None).await;
        return Ok((Store::new(clients.dynamodb, table, None), None));
    }
    if let Some(running) = data::running(&options.data).filter(|_| !options.memory) {
        let clients = running.clients().await;
        return Ok((Store::new(clients.dynamodb, "PlatformTable".into(), None), None));
    }
    let host = Host::start(options.host()).await.map_err(|error| anyhow!(error))?;
    Ok((host.store.clone(), Some(host)))
}
