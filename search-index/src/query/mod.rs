//! Questions: the line that a person types, and its meaning for the index.

pub(crate) mod field;
pub(crate) mod field_filter;
pub(crate) mod filter;
pub(crate) mod lexer;
pub(crate) mod mistake;
pub(crate) mod parser;
pub(crate) mod words;
