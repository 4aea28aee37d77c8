//! Who may do what: one table, `Role x Action`, default deny.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::person::Role;

/// What a member of staff may want to do. What authors may do with their own submission is not a matter of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See the inbox of an organization.
    ReadInbox,
    /// Read a submission that an organization works on, its drafts and notes included.
    ReadSubmission,
    /// Give an appeal its number.
    Register,
    /// Refuse to take a submission up.
    Reject,
    /// Choose the caseworker.
    Assign,
    /// Send to another organization.
    Forward,
    /// Send back to the organization it came from.
    Return,
    /// Write an answer for approval.
    Draft,
    /// Tell the author how things stand before the answer.
    AnswerInterim,
    /// Publish an answer.
    Approve,
    /// Ask for another draft.
    SendBack,
    /// Stop the clock and start it again.
    Pause,
    /// Extend the term.
    Extend,
    /// Change the answer templates of one's organization.
    ManageTemplates,
    /// Search in texts and read them, of every organization.
    SearchTexts,
    /// Bring in messages of another system.
    Import,
    /// Change the directory.
    ManageDirectory,
    /// Prepare polls of one's organization, publish them, say what became of what was chosen.
    ManagePolls,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 18] = [
        Self::ReadInbox,
        Self::ReadSubmission,
        Self::Register,
        Self::Reject,
        Self::Assign,
        Self::Forward,
        Self::Return,
        Self::Draft,
        Self::AnswerInterim,
        Self::Approve,
        Self::SendBack,
        Self::Pause,
        Self::Extend,
        Self::ManageTemplates,
        Self::SearchTexts,
        Self::Import,
        Self::ManageDirectory,
        Self::ManagePolls,
    ];
}

/// The table. What is not listed is denied.
pub const fn is_allowed(role: Role, action: Action) -> bool {
    use Action as A;
    match role {
        Role::Coordinator => matches!(
            action,
            A::ReadInbox
                | A::ReadSubmission
                | A::Register
                | A::Reject
                | A::Assign
                | A::Forward
                | A::Return
                | A::Pause
                | A::ManageTemplates
        ),
        Role::Caseworker => {
            matches!(action, A::ReadInbox | A::ReadSubmission | A::Draft | A::AnswerInterim | A::Pause)
        }
        Role::Approver => {
            matches!(
                action,
                A::ReadInbox | A::ReadSubmission | A::Approve | A::SendBack | A::Extend | A::ManageTemplates
            )
        }
        Role::Moderator => matches!(action, A::ReadSubmission | A::Reject),
        Role::WorkspaceAdmin => matches!(action, A::Import | A::ManageDirectory),
        Role::Analyst => matches!(action, A::ReadSubmission | A::SearchTexts),
        Role::PollOrganizer => matches!(action, A::ManagePolls),
    }
}

/// May somebody with these roles do this?
pub fn allows(roles: &BTreeSet<Role>, action: Action) -> bool {
    roles.iter().any(|&role| is_allowed(role, action))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_without_a_role_may_do_anything() {
        assert!(Action::ALL.iter().all(|&action| !allows(&BTreeSet::new(), action)));
    }

    #[test]
    fn whoever_drafts_does_not_sign() {
        assert!(
            is_allowed(Role::Caseworker, Action::Draft) && !is_allowed(Role::Caseworker, Action::Approve)
        );
        assert!(is_allowed(Role::Approver, Action::Approve) && !is_allowed(Role::Approver, Action::Draft));
    }
}
