//! Places that people write from.

use domain::TerritoryId;

/// A leaf territory.
#[derive(Debug)]
pub(super) struct Territory {
    pub(super) id: TerritoryId,
    pub(super) name: String,
    /// Genitive.
    pub(super) of: String,
    /// Prepositional.
    pub(super) inside: String,
    pub(super) region: usize,
}
