//! Everything that is counted, by one way over the facts.

pub(crate) mod answer_time;
pub(crate) mod facets;
pub(crate) mod matrix;
pub(crate) mod newest;
pub(crate) mod report;
pub(crate) mod selection;
pub(crate) mod timeline;
