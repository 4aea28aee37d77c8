//! Who may be given a submission.

use super::step::{Performer, StepName};
use crate::organization::OrganizationPath;
use crate::person::Person;

/// Why a submission cannot be assigned to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAssignable {
    /// None of their roles drafts answers.
    NoCaseworker,
    /// Their organization is neither the responsible one nor above it.
    OtherOrganization,
}

impl Person {
    pub fn drafts(&self) -> bool {
        let drafts = |role| StepName::Draft.performers().contains(&Performer::Staff(role));
        self.roles.iter().copied().any(drafts)
    }

    /// Whether they may be given a submission: they must be able to draft its answer, so their organization, at `own`,
    /// must be the `responsible` one or above it.
    ///
    /// # Errors
    /// [`NotAssignable`] says what is missing.
    pub fn can_be_assigned(
        &self,
        own: &OrganizationPath,
        responsible: &OrganizationPath,
    ) -> Result<(), NotAssignable> {
        if !self.drafts() {
            return Err(NotAssignable::NoCaseworker);
        }
        if responsible.is_within(own) { Ok(()) } else { Err(NotAssignable::OtherOrganization) }
    }
}
