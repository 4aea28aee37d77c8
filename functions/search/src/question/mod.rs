//! The question that search and matrix share: the filters of a request, the typed line, and what the caller may read.

pub(crate) mod choices;
pub(crate) mod context;
pub(crate) mod day;
mod diagnostic;
mod entry;
pub(crate) mod filter;
mod lookup;
pub(crate) mod refused;
mod resolver;
pub(crate) mod scope;
pub(crate) mod selected;
#[cfg(test)]
mod tests;

/// The value of a category filter that means "no category". It is also the id of that row of the matrix.
pub(crate) const NO_CATEGORY: &str = "-";

/// The values of the filter `only`.
pub(crate) const ONLY: [&str; 2] = ["overdue", "reopened"];
