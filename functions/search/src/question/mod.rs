//! The question that search, matrix and their pages share: filters, the typed line, and what a caller may read.

pub(crate) mod choices;
pub(crate) mod chosen;
pub(crate) mod filter;
pub(crate) mod line;
pub(crate) mod mistake;
