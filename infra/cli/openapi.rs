//! `vmeste openapi`: one description of every function's routes.

use std::io::Write;

use vmeste::functions;

/// Prints it.
pub(crate) fn run() -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{}", functions::openapi()?)?)
}
