//! `vmeste poll follow`: keeps the log of a running poll, and checks that it only grows.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use domain::poll::proof::{Fingerprint, FollowedLog, LogPart, SavedLog};
use serde::Deserialize;
use vmeste::engines;

#[derive(Args)]
#[command(after_help = "\
Run it now and then while the poll runs, each time with the same file. What was once in the log must stay there: the exit code
is 0 only if the log has kept every vote that the file has. After the close compare the file with the archive:

  vmeste poll follow https://vmeste.example/polls/0199… log.json --key 5f0c…
  vmeste verify poll.json --key 5f0c… --log log.json")]
pub(crate) struct Options {
    /// The page of the poll.
    #[arg(value_name = "URL")]
    url: String,
    /// Where the log is kept.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// SHA-256 of the poll's public key, in hex. It stands on the poll's page.
    #[arg(long, value_name = "FINGERPRINT")]
    key: Fingerprint,
}

/// An answer of `/polls/{id}/log`.
#[derive(Deserialize)]
struct Page {
    #[serde(flatten)]
    log: SavedLog,
    next: Option<u64>,
}

/// Runs it.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    engines::choose_tls();
    let http = reqwest::Client::builder().timeout(Duration::from_mins(1)).build()?;
    let address = format!("{}/log", options.url.trim_end_matches('/'));
    let mut log = match saved(&options.file)? {
        Some(saved) => {
            let mut log = FollowedLog::new(saved.key, &options.key)?;
            take(&mut log, saved.items).context("the file is no log of this poll")?;
            Some(log)
        }
        None => None,
    };
    let known = log.as_ref().map_or(0, FollowedLog::heads);
    loop {
        let after = log.as_ref().map_or(0, FollowedLog::heads);
        let asked = http.get(format!("{address}?after={after}")).send().await?;
        let page: Page =
            asked.error_for_status()?.json().await.context("this is no answer of a poll's log")?;
        let grown = match &mut log {
            Some(log) => log,
            None => log.insert(FollowedLog::new(page.log.key, &options.key)?),
        };
        take(grown, page.log.items)?;
        if page.next.is_none() {
            break;
        }
    }
    let Some(log) = log else { return Ok(()) };
    let (heads, size) = (log.heads(), log.size());
    save(&options.file, &log.into_saved())?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{size} votes in the log, {heads} signed heads, {} of them new: it only grew",
        heads - known
    )?;
    Ok(())
}

fn take(log: &mut FollowedLog, parts: Vec<LogPart>) -> anyhow::Result<()> {
    for part in parts {
        log.take(part)?;
    }
    Ok(())
}

fn saved(file: &Path) -> anyhow::Result<Option<SavedLog>> {
    match std::fs::read(file) {
        Ok(bytes) => {
            let no_log = || format!("{} is no log of a poll", file.display());
            serde_json::from_slice(&bytes).map(Some).with_context(no_log)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
    }
}

/// Replaces the file whole: what was kept is evidence.
fn save(file: &Path, log: &SavedLog) -> anyhow::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&mut new, log)?;
    new.persist(file).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(())
}
