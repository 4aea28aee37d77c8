//! A verdict as text: what `vmeste verify` prints, and the example of this crate.

use std::io::{self, Write};

use super::verify::{OwnVote, Verdict};

impl Verdict {
    /// One line for everything that was checked.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_checks(&self, out: &mut impl Write) -> io::Result<()> {
        for check in &self.checks {
            match &check.flaw {
                None => writeln!(out, "ok      {}", check.what)?,
                Some(flaw) => writeln!(out, "FAILED  {}: {flaw}", check.what)?,
            }
        }
        Ok(())
    }

    /// The totals and the winners of the new count; nothing if it does not come to that.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_result(&self, out: &mut impl Write) -> io::Result<()> {
        let (Some(question), Some(outcome)) = (&self.question, &self.outcome) else { return Ok(()) };
        writeln!(out, "\n{}: {} ballots, {}", question.title.as_str(), outcome.ballots, question.rule)?;
        for (option, (id, total)) in question.options.iter().zip(&outcome.totals) {
            let won = if outcome.winners.contains(id) { "won" } else { "" };
            writeln!(out, "{total:>12}  {won:<3}  {} {}", option.id, option.name.as_str())?;
        }
        Ok(())
    }

    /// What the archive shows of the votes of the receipts.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_votes(&self, out: &mut impl Write) -> io::Result<()> {
        for OwnVote { word, choice } in &self.votes {
            let word = word.as_ref();
            let word = word.map(|word| format!(", with your word «{}»", word.as_str())).unwrap_or_default();
            match choice {
                None => writeln!(out, "\nthis vote was changed later{word}")?,
                Some(choice) => {
                    writeln!(out, "\nyour ballot counts as {}{word}", serde_json::to_string(choice)?)?;
                }
            }
        }
        Ok(())
    }
}
