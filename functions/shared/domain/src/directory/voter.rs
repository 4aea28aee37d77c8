//! A voter, as the identity provider knows them.

use jiff::civil::Date;

use crate::ids::TerritoryId;

/// What the identity provider says of a voter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Voter {
    /// Where they are registered.
    pub territory: Option<TerritoryId>,
    /// When they were born.
    pub birthdate: Option<Date>,
    /// Whether the provider has made sure who they are.
    pub identified: bool,
}
