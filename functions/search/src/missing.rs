//! The note beside results of a damaged index: some quarters are incomplete.

use pages::prelude::*;

/// Names the quarters, which are written as `2026q2`; none if none is missing.
pub(crate) fn note(l: &Layout, quarters: &[String]) -> Option<String> {
    let name = |quarter: &String| match quarter.split_once('q') {
        Some((year, number)) => l.with2("quarter", "number", number, "year", year),
        None => quarter.clone(),
    };
    let quarters = quarters.iter().map(name).collect::<Vec<_>>().join(", ");
    (!quarters.is_empty()).then(|| l.with("results-incomplete", "quarters", quarters))
}
