//! Who may vote.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::Refusal;
use domain::ids::TerritoryId;
use domain::territory::Territory;
use domain::tree::Tree;
use domain::voter::Voter;

/// Who may vote. A voter is signed in: one person, one ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    /// Registered here or in a territory below; everywhere if none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<TerritoryId>,
    /// At least so old on the day of the vote, in years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_age: Option<u8>,
    /// Whether the identity provider must have made sure who they are.
    #[serde(default)]
    pub identified: bool,
}

impl Eligibility {
    /// Says why this person may not vote on this day, if so.
    ///
    /// # Errors
    /// The first [`Refusal`].
    pub fn check(&self, voter: &Voter, territories: &Tree<Territory>, today: Date) -> Result<(), Refusal> {
        if self.identified && !voter.identified {
            return Err(Refusal::NotIdentified);
        }
        if let Some(age) = self.minimum_age {
            let born = voter.birthdate.ok_or(Refusal::UnknownAge)?;
            let years = i16::from(age);
            // A person born on 29 February has their birthday on 1 March in years without that day.
            let birthday = (born.year() + years, born.month(), born.day());
            let grown = (today.year(), today.month(), today.day());
            if birthday > grown {
                return Err(Refusal::TooYoung(age));
            }
        }
        if let Some(wanted) = &self.territory {
            let home = voter.territory.as_ref().ok_or(Refusal::UnknownTerritory)?;
            if !territories.upward(home).any(|territory| territory.id == *wanted) {
                return Err(Refusal::ElsewhereRegistered);
            }
        }
        Ok(())
    }
}
