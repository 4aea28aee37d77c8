//! Questions: what a person types, and what the index understands.

pub(crate) mod field;
pub(crate) mod field_filter;
pub(crate) mod filter;
pub(crate) mod lexer;
pub(crate) mod mistake;
pub(crate) mod parser;
pub(crate) mod words;
