//! What a caller reads when the poll itself refuses.

use entrypoint::http::{Failure, FieldError};
use poll::Refusal;

/// 403 if the poll is not for this person, 409 if it is not possible now.
pub(crate) fn refused(refusal: Refusal) -> Failure {
    let field = FieldError::because("", &refusal);
    match refusal {
        Refusal::NotIdentified
        | Refusal::UnknownAge
        | Refusal::TooYoung(_)
        | Refusal::UnknownTerritory
        | Refusal::ElsewhereRegistered => Failure::NotEligible(field),
        Refusal::Frozen
        | Refusal::OverAlready
        | Refusal::NotOpenYet
        | Refusal::Closed
        | Refusal::VotedAlready
        | Refusal::TooManyChanges
        | Refusal::TooMuchNews
        | Refusal::NotChosen => Failure::Conflict(field),
    }
}
