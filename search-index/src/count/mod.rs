//! Counting: one way through the facts, and the counters that are taken along it.

pub(crate) mod answer_time;
pub(crate) mod facets;
pub(crate) mod matrix;
pub(crate) mod newest;
pub(crate) mod report;
pub(crate) mod selection;
pub(crate) mod timeline;
