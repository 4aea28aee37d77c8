//! Verifies the archive of a poll, with nothing of the platform but this crate:
//!
//! ```text
//! cargo run -p poll --example verify -- ARCHIVE FINGERPRINT [RECEIPT]…
//! ```
//!
//! The fingerprint stands on the page of the poll. The exit code is 0 only if everything holds. `vmeste verify` does the
//! same, and also reads what `vmeste poll follow` kept of the log.

use std::io::{Error, Write};
use std::process::ExitCode;

use poll::proof::{Fingerprint, verify};

fn main() -> Result<ExitCode, Error> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(archive), Some(key)) = (arguments.next(), arguments.next()) else {
        writeln!(std::io::stderr(), "usage: verify ARCHIVE FINGERPRINT [RECEIPT]…")?;
        return Ok(ExitCode::from(2));
    };
    let key: Fingerprint = key.to_string_lossy().parse().map_err(Error::other)?;
    let receipts = arguments.map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
    let receipts: Vec<&[u8]> = receipts.iter().map(Vec::as_slice).collect();
    let verdict = verify(&std::fs::read(archive)?, &key, &receipts, &[]);
    let mut out = std::io::stdout().lock();
    verdict.write_checks(&mut out)?;
    verdict.write_result(&mut out)?;
    verdict.write_votes(&mut out)?;
    Ok(if verdict.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
