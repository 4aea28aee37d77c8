//! An inbox, as JSON.

use domain::{OrganizationId, PersonId, SubmissionId};
use jiff::Timestamp;
use pages::submission::Named;
use serde::Serialize;
use utoipa::ToSchema;

use super::query::View;
use crate::colleagues::Colleague;

/// A submission in an inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InboxItem {
    #[schema(value_type = String, format = Uuid)]
    pub(super) id: SubmissionId,
    /// For `If-Match`.
    pub(super) version: u64,
    #[schema(value_type = String)]
    pub(super) kind: domain::SubmissionKind,
    #[schema(value_type = String)]
    pub(super) status: domain::Status,
    pub(super) paused: bool,
    pub(super) category: Option<Named>,
    pub(super) territory: Option<Named>,
    /// As the author wrote it.
    pub(super) address: Option<String>,
    /// The beginning of what the author wrote.
    pub(super) text: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) received: Timestamp,
    #[schema(value_type = Option<String>)]
    pub(super) assignee: Option<PersonId>,
    pub(super) assignee_name: Option<String>,
    #[schema(value_type = Option<String>)]
    pub(super) organization: Option<OrganizationId>,
    pub(super) organization_name: Option<String>,
    /// The last day of the running term: registration for an unregistered appeal, else the answer.
    #[schema(value_type = Option<String>, format = Date)]
    pub(super) deadline: Option<jiff::civil::Date>,
    /// Days until then; less than nothing if it has passed, none if the clock stands still.
    pub(super) days_left: Option<i32>,
    pub(super) overdue: bool,
}

/// How many there are.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Counts {
    pub(super) all: usize,
    pub(super) overdue: usize,
    pub(super) today: usize,
    pub(super) new: usize,
    pub(super) mine: usize,
    pub(super) sign: usize,
    /// There are more: only the most urgent were counted.
    pub(super) more: bool,
    /// Views that may have more submissions than were counted.
    #[serde(skip)]
    pub(super) at_least: Vec<View>,
}

/// A page of an inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Inbox {
    #[schema(value_type = String)]
    pub(super) organization: OrganizationId,
    /// Whether the organizations under it are in the list. They are not if there are more than 500: choose one of them then.
    pub(super) under: bool,
    pub(super) view: View,
    /// By view, of what fits the other filters.
    pub(super) counts: Counts,
    /// Who has how many open, whatever the filters say.
    pub(super) load: Vec<Colleague>,
    pub(super) items: Vec<InboxItem>,
    /// Give it as `cursor` to get the next page. A page may hold less than `limit` and still have a next one.
    pub(super) next: Option<String>,
}
