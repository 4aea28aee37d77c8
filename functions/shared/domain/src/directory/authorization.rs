//! Who may do what: one table, `Role x Action`, default deny.

use std::collections::BTreeSet;

use strum::{EnumIter, IntoEnumIterator, IntoStaticStr};

use crate::person::Role;
use crate::submission::step::{Performer, StepName};

/// What a member of staff may want to do. What authors may do with their own submission is not a matter of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Action {
    /// See the inbox of an organization.
    ReadInbox,
    /// Read a submission that an organization works on, its drafts and notes included.
    ReadSubmission,
    /// Change the answer templates of one's organization.
    ManageTemplates,
    /// Search in texts and read them, of every organization.
    SearchTexts,
    /// Bring in messages of another system.
    Import,
    ManageDirectory,
    /// Prepare polls of one's organization, publish them, say what became of what was chosen.
    ManagePolls,
    /// Take a step with a submission. Who takes it stands in the table of steps.
    #[strum(disabled)]
    Step(StepName),
}

impl Action {
    /// Every action; of the steps, those that staff take.
    pub fn all() -> impl Iterator<Item = Self> {
        let is_staffs = |step: &StepName| {
            step.performers().iter().any(|performer| matches!(performer, Performer::Staff(_)))
        };
        Self::iter().chain(StepName::ALL.into_iter().filter(is_staffs).map(Self::Step))
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Step(step) => step.as_str(),
            other => other.into(),
        }
    }
}

/// The table. What is not listed is denied.
pub fn is_allowed(role: Role, action: Action) -> bool {
    use Role::{Analyst, Approver, Caseworker, Coordinator, Moderator, PollOrganizer, WorkspaceAdmin};
    let roles: &[Role] = match action {
        Action::ReadInbox => &[Coordinator, Caseworker, Approver],
        Action::ReadSubmission => &[Coordinator, Caseworker, Approver, Moderator, Analyst],
        Action::ManageTemplates => &[Coordinator, Approver],
        Action::SearchTexts => &[Analyst],
        Action::Import | Action::ManageDirectory => &[WorkspaceAdmin],
        Action::ManagePolls => &[PollOrganizer],
        Action::Step(step) => return step.performers().contains(&Performer::Staff(role)),
    };
    roles.contains(&role)
}

/// Whether one of these roles allows the action.
pub fn allows(roles: &BTreeSet<Role>, action: Action) -> bool {
    roles.iter().any(|&role| is_allowed(role, action))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_without_a_role_may_do_anything() {
        assert!(Action::all().all(|action| !allows(&BTreeSet::new(), action)));
    }

    #[test]
    fn whoever_drafts_does_not_sign() {
        let (draft, approve) = (Action::Step(StepName::Draft), Action::Step(StepName::Approve));
        assert!(is_allowed(Role::Caseworker, draft) && !is_allowed(Role::Caseworker, approve));
        assert!(is_allowed(Role::Approver, approve) && !is_allowed(Role::Approver, draft));
    }
}
