//! Whoever sees results of a damaged index learns that they are incomplete.

use pages::prelude::*;

/// What is said beside the results; none if nothing is missing. `quarters` are such as `2026q2`.
pub(crate) fn note(l: &Layout, quarters: &[String]) -> Option<String> {
    let said = |quarter: &String| match quarter.split_once('q') {
        Some((year, number)) => l.with2("quarter", "number", number, "year", year),
        None => quarter.clone(),
    };
    let quarters = quarters.iter().map(said).collect::<Vec<_>>().join(", ");
    (!quarters.is_empty()).then(|| l.with("results-incomplete", "quarters", quarters))
}
