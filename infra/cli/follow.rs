//! `vmeste poll follow`: keeps the log of a running poll, and checks that it only grows.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::Args;
use poll::proof::{Fingerprint, FollowedLog, SavedLog};
use serde::Deserialize;

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
    let Options { url, file, key } = options;
    let address = format!("{}/log", url.trim_end_matches('/'));
    let no_log = || format!("{} is not the log of this poll", file.display());
    let mut log =
        saved(&file)?.map(|saved| FollowedLog::open(saved, &key)).transpose().with_context(no_log)?;
    let known = log.as_ref().map_or(0, FollowedLog::heads);
    let log = loop {
        let after = log.as_ref().map_or(0, FollowedLog::after);
        let asked = http.get(format!("{address}?after={after}")).send().await?;
        let answer = asked.error_for_status()?.text().await?;
        let page: Page = serde_json::from_str(&answer).context("this is no answer of a poll's log")?;
        let mut grown = match log.take() {
            Some(log) => log,
            None => FollowedLog::new(page.log.key, &key)?,
        };
        let before = grown.heads();
        let taken = grown.take_all(page.log.items);
        save(&file, &grown.saved())?;
        if let Err(broken) = taken {
            // Together with the file it is the proof.
            let proof = file.with_extension("refused.json");
            std::fs::write(&proof, &answer)?;
            let place = proof.display();
            return Err(broken)
                .context(format!("the log was changed; what the platform answered is in {place}"));
        }
        if page.next.is_none() {
            break grown;
        }
        ensure!(grown.heads() > before, "the platform says that there is more, and gives nothing");
        log = Some(grown);
    };
    let (heads, size) = (log.heads(), log.size());
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{size} votes in the log, {heads} signed heads, {} of them new: it only grew",
        heads - known
    )?;
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
