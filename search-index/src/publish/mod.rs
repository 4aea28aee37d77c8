//! Publication: manifests, objects, local copies, removal of old objects.

pub(crate) mod cache;
pub(crate) mod disk;
pub(crate) mod gc;
pub(crate) mod manifest;
pub(crate) mod names;
pub(crate) mod store;
