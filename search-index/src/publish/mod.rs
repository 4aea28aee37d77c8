//! Publication: manifests, objects, local copies, and what is removed when.

pub(crate) mod cache;
pub(crate) mod disk;
pub(crate) mod gc;
pub(crate) mod manifest;
pub(crate) mod names;
pub(crate) mod store;
