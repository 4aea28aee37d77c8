//! `vmeste verify`: counts a poll again, with nothing but its archive and the fingerprint of its key.

use std::fs;
use std::path::PathBuf;

use ::poll::PollOption;
use ::poll::proof::{Fingerprint, verify};
use anyhow::{Context, anyhow};
use clap::Args;

use crate::poll;

/// What to check.
#[derive(Args)]
#[command(after_help = "\
The fingerprint stands on the poll's page and on the page of every receipt: note it before the close.
The exit code is 0 only if everything holds.

Examples:
  vmeste verify poll.json --key 5f0c…
  vmeste verify poll.json --key 5f0c… --receipt receipt.json")]
pub(crate) struct Options {
    /// The archive, from /polls/{id}/archive.
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
    /// SHA-256 of the poll's public key, in hex.
    #[arg(long, value_name = "FINGERPRINT")]
    key: Fingerprint,
    /// Your receipt, from /polls/{id}/receipt: shows that your ballot is in the log and is the one you cast. If you changed your
    /// vote, give the option once for each receipt.
    #[arg(long, value_name = "FILE")]
    receipt: Vec<PathBuf>,
    /// What you kept of the log while the poll ran, from `vmeste poll follow` or /polls/{id}/log; may be given more than once.
    #[arg(long, value_name = "FILE")]
    log: Vec<PathBuf>,
    /// Print every step of the count.
    #[arg(long)]
    protocol: bool,
}

/// Runs it.
pub(crate) fn run(options: Options) -> anyhow::Result<()> {
    let read = |path: &PathBuf| fs::read(path).with_context(|| format!("{} cannot be read", path.display()));
    let archive = read(&options.archive)?;
    let all = |paths: &[PathBuf]| paths.iter().map(read).collect::<anyhow::Result<Vec<_>>>();
    let (receipts, logs) = (all(&options.receipt)?, all(&options.log)?);
    let verdict = verify(&archive, &options.key, &slices(&receipts), &slices(&logs));
    let mut out = std::io::stdout().lock();
    verdict.write_checks(&mut out)?;
    verdict.write_result(&mut out)?;
    if let (true, Some(question), Some(outcome)) = (options.protocol, &verdict.question, &verdict.outcome) {
        let named = |option: &PollOption| format!("{} {}", option.id, option.name.as_str());
        let names: Vec<String> = question.options.iter().map(named).collect();
        poll::protocol(&mut out, &names, &outcome.protocol)?;
    }
    verdict.write_votes(&mut out)?;
    if verdict.holds() { Ok(()) } else { Err(anyhow!("the archive does not hold")) }
}

fn slices(files: &[Vec<u8>]) -> Vec<&[u8]> {
    files.iter().map(Vec::as_slice).collect()
}
