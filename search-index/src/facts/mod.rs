//! The facts of a submission: a row of small numbers, and how rows lie in files.

pub(crate) mod at;
pub(crate) mod block;
pub(crate) mod delta;
pub(crate) mod fact;
pub(crate) mod ids;
pub(crate) mod packed;
pub(crate) mod quarter;
pub(crate) mod rows;
