//! The facts of submissions: rows of small numbers, and their files.

pub(crate) mod at;
pub(crate) mod block;
pub(crate) mod columns;
pub(crate) mod delta;
pub(crate) mod flags;
pub(crate) mod ids;
pub(crate) mod packed;
pub(crate) mod plain;
pub(crate) mod quarter;
pub(crate) mod row;
pub(crate) mod rows;
