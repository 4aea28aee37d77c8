//! People who work on the platform. Their names and contacts live in the table `people`, not here.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::ids::{OrganizationId, PersonId};
use crate::variants::named_variants;

/// What a person may be on the platform. What a role may do stands in the table of authorization.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    VariantArray,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Role {
    /// Координатор: receives, assigns, forwards.
    Coordinator,
    /// Исполнитель: works on a submission and drafts its answer.
    Caseworker,
    /// Руководитель: signs answers.
    Approver,
    /// Модератор: keeps out what is no submission.
    Moderator,
    /// Администратор: keeps the directory.
    WorkspaceAdmin,
    /// Аналитик: reads everything, changes nothing.
    Analyst,
    /// Организатор голосования: asks, and says what became of what was chosen.
    PollOrganizer,
}

named_variants!(Role);

/// A member of an organization's staff, as the directory knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The `sub` of the identity provider.
    pub id: PersonId,
    /// Where they work; their roles reach it and every organization under it.
    pub organization: OrganizationId,
    /// What they are there.
    pub roles: BTreeSet<Role>,
}
