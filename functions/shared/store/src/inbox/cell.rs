//! The parts of an inbox that are counted and listed by themselves.

use domain::submission::Submission;
use domain::{OrganizationId, PersonId, Status};

/// Open submissions of one organization that are alike for its staff.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InboxCell {
    pub status: Status,
    /// Whether the author did not agree with an answer.
    pub disputed: bool,
    pub assignee: Option<PersonId>,
}

/// The organization that has a submission open, and the cell of its inbox; none for a submission that is in no inbox.
pub(crate) fn cell_of(submission: &Submission) -> Option<(&OrganizationId, InboxCell)> {
    let organization = submission.organization.as_ref().filter(|_| submission.status.is_open())?;
    let cell = InboxCell {
        status: submission.status,
        disputed: submission.is_disputed(),
        assignee: submission.assignee.clone(),
    };
    Some((organization, cell))
}

impl InboxCell {
    /// As keys and counters write it: `assigned#disputed#ivanov`, `routed##`.
    pub(crate) fn name(&self) -> String {
        let disputed = if self.disputed { "disputed" } else { "" };
        let assignee = self.assignee.as_ref().map_or("", PersonId::as_str);
        format!("{}#{disputed}#{assignee}", self.status)
    }

    /// What [`name`](Self::name) wrote.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let mut parts = name.splitn(3, '#');
        let named = parts.next()?;
        let status = Status::ALL.into_iter().find(|status| status.as_str() == named)?;
        let disputed = match parts.next()? {
            "" => false,
            "disputed" => true,
            _ => return None,
        };
        let assignee = match parts.next()? {
            "" => None,
            person => Some(person.parse().ok()?),
        };
        Some(Self { status, disputed, assignee })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_read_as_it_is_written() {
        let with = |status, disputed, assignee: Option<&str>| InboxCell {
            status,
            disputed,
            assignee: assignee.map(|id| id.parse().unwrap()),
        };
        let written = [
            (with(Status::Routed, false, None), "routed##"),
            (with(Status::Assigned, true, Some("ivanov")), "assigned#disputed#ivanov"),
        ];
        for (cell, name) in written {
            assert_eq!(cell.name(), name);
            assert_eq!(InboxCell::parse(name), Some(cell));
        }
        for strange in ["", "routed", "routed#", "lost##", "routed#maybe#"] {
            assert_eq!(InboxCell::parse(strange), None, "{strange}");
        }
    }
}
