//! `vmeste verify`: counts a poll again, with nothing but its archive and the fingerprint of its key.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use ::poll::Question;
use ::poll::proof::{Fingerprint, Outcome, OwnVote, verify};
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
    /// Your receipt, from /polls/{id}/receipt: is your ballot in the log, and is it the one you cast? If you changed your vote, give
    /// the option once for each receipt.
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
    for check in &verdict.checks {
        match &check.flaw {
            None => writeln!(out, "ok      {}", check.what)?,
            Some(flaw) => writeln!(out, "FAILED  {}: {flaw}", check.what)?,
        }
    }
    if let (Some(question), Some(outcome)) = (&verdict.question, &verdict.outcome) {
        result(&mut out, question, outcome, options.protocol)?;
    }
    for OwnVote { word, choice } in &verdict.votes {
        let word =
            word.as_ref().map(|word| format!(", with your word «{}»", word.as_str())).unwrap_or_default();
        match choice {
            None => writeln!(out, "\nthis vote was changed later{word}")?,
            Some(choice) => {
                writeln!(out, "\nyour ballot counts as {}{word}", serde_json::to_string(choice)?)?;
            }
        }
    }
    if verdict.holds() { Ok(()) } else { Err(anyhow!("the archive does not hold")) }
}

fn slices(files: &[Vec<u8>]) -> Vec<&[u8]> {
    files.iter().map(Vec::as_slice).collect()
}

fn result(
    out: &mut impl Write,
    question: &Question,
    outcome: &Outcome,
    protocol: bool,
) -> std::io::Result<()> {
    writeln!(out, "\n{}: {} ballots, {}", question.title.as_str(), outcome.ballots, question.rule)?;
    let names: Vec<String> =
        question.options.iter().map(|option| format!("{} {}", option.id, option.name.as_str())).collect();
    for (name, (id, total)) in names.iter().zip(&outcome.totals) {
        let won = if outcome.winners.contains(id) { "won" } else { "" };
        writeln!(out, "{total:>12}  {won:<3}  {name}")?;
    }
    if protocol { poll::protocol(out, &names, &outcome.protocol) } else { Ok(()) }
}
