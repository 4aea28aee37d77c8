//! Values that everything else is made of: an id, a text, an address, a place, a count.

pub mod email;
pub mod ids;
pub mod place;
pub mod reason;
pub mod statistics;
pub(crate) mod subject;
pub mod text;
