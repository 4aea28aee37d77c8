//! An open submission as a list shows it: a small part of its state.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::deadline::{Deadline, Pause};
use domain::place::Place;
use domain::submission::{Submission, running};
use domain::{CategoryId, OrganizationId, PersonId, Status, SubmissionId, SubmissionKind, TerritoryId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::cell::{InboxCell, cell_of};
use crate::error::StoreError;
use crate::item::{Item, string};
use crate::keys::{self, CELL};

/// The attribute that the index `cell` shows of a submission.
pub(crate) const CELL_ENTRY: &str = "entry";

/// The end of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermEnd {
    /// The last day, in the territory's time zone.
    pub date: Date,
    /// The first instant after it.
    pub ends: Timestamp,
}

/// An open submission as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InboxEntry {
    /// Its id.
    pub id: SubmissionId,
    /// How many events it has had.
    pub version: u64,
    /// Report or appeal.
    pub kind: SubmissionKind,
    /// Where it stands.
    pub status: Status,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    /// Where.
    pub territory: TerritoryId,
    /// Where exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// When it was accepted.
    pub received: Timestamp,
    /// When it got its official standing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<Timestamp>,
    /// Who must answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The caseworker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
    /// Whether the author did not agree with an answer.
    #[serde(default)]
    pub disputed: bool,
    #[serde(default)]
    terms: TermEnds,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pauses: Vec<Pause>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct TermEnds {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    registration: Option<TermEnd>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<TermEnd>,
}

impl InboxEntry {
    /// The entry of a submission.
    pub fn of(submission: &Submission) -> Self {
        let end =
            |term: &Option<Deadline>| term.as_ref().map(|term| TermEnd { date: term.date, ends: term.ends });
        Self {
            id: submission.id,
            version: submission.version,
            kind: submission.kind,
            status: submission.status,
            category: submission.category.clone(),
            territory: submission.territory.clone(),
            place: submission.place.clone(),
            received: submission.received,
            registered: submission.registered,
            organization: submission.organization.clone(),
            assignee: submission.assignee.clone(),
            disputed: submission.is_disputed(),
            terms: TermEnds {
                registration: end(&submission.terms.registration),
                answer: end(&submission.terms.answer),
            },
            pauses: submission
                .pauses
                .last()
                .filter(|pause| pause.to.is_none())
                .copied()
                .into_iter()
                .collect(),
        }
    }

    pub fn cell(&self) -> InboxCell {
        InboxCell { status: self.status, disputed: self.disputed, assignee: self.assignee.clone() }
    }

    /// The end of the running term, unless the clock stands still.
    pub fn ends(&self) -> Option<Timestamp> {
        self.term().filter(|_| !self.is_paused()).map(|term| term.ends)
    }

    /// Whether the clock stands still.
    pub fn is_paused(&self) -> bool {
        self.pauses.last().is_some_and(|pause| pause.to.is_none())
    }

    /// The end of the term that somebody must meet now.
    pub fn term(&self) -> Option<TermEnd> {
        running(self.kind, self.registered, self.terms.registration, self.terms.answer)
    }

    /// Whether the running term has passed.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.ends().is_some_and(|ends| now >= ends)
    }

    /// The place in every list: the end of its running term, then its id. With a clock that stands still it has no end.
    pub(crate) fn position(&self) -> String {
        keys::instant(self.ends().unwrap_or(Timestamp::MAX), self.id)
    }

    /// The cursor of a page that begins after this one.
    pub fn cursor(&self) -> String {
        cursor_of(&self.position())
    }

    /// Whether it comes after this cursor.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] for a cursor that is none of ours.
    pub fn is_after(&self, cursor: &str) -> Result<bool, StoreError> {
        Ok(self.position() > position(cursor)?)
    }
}

/// The attributes by which a submission stands in the index of cells; none for one that is in no inbox.
pub(crate) fn cell_attributes(submission: &Submission) -> Result<Item, StoreError> {
    let Some((organization, cell)) = cell_of(submission) else { return Ok(Item::new()) };
    let entry = InboxEntry::of(submission);
    let position = string(entry.position());
    let entry =
        serde_dynamo::to_attribute_value(&entry).map_err(|e| StoreError::unreadable(CELL_ENTRY, e))?;
    Ok(Item::from([
        (CELL.pk.to_owned(), string(keys::inbox_cell(organization, &cell.name()))),
        (CELL.sk.to_owned(), position),
        (CELL_ENTRY.to_owned(), entry),
    ]))
}

/// The position that a cursor stands for.
pub(super) fn position(cursor: &str) -> Result<String, StoreError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| StoreError::Cursor)?;
    let text = String::from_utf8(bytes).map_err(|_| StoreError::Cursor)?;
    if text.len() < 100 && text.contains('#') { Ok(text) } else { Err(StoreError::Cursor) }
}

/// The cursor of a position.
pub(super) fn cursor_of(position: &str) -> String {
    URL_SAFE_NO_PAD.encode(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_appeal_is_to_be_registered_first_and_a_pause_has_no_end() {
        let json = serde_json::json!({
            "id": "00000000-0000-0000-0000-000000000001", "version": 3, "kind": "appeal", "status": "routed",
            "territory": "town", "received": "2026-01-01T00:00:00Z",
            "terms": {
                "registration": { "date": "2026-01-04", "ends": "2026-01-05T00:00:00Z" },
                "answer": { "date": "2026-02-03", "ends": "2026-02-04T00:00:00Z" },
            },
        });
        let mut entry: InboxEntry = serde_json::from_value(json).unwrap();
        assert_eq!(entry.term().unwrap().date, jiff::civil::date(2026, 1, 4));
        assert!(entry.is_overdue("2026-01-05T00:00:00Z".parse().unwrap()));
        let before = entry.cursor();
        entry.registered = Some(entry.received);
        assert_eq!(entry.term().unwrap().date, jiff::civil::date(2026, 2, 3));
        assert!(entry.is_after(&before).unwrap());
        assert!(matches!(entry.is_after("nonsense"), Err(StoreError::Cursor)));
        entry.pauses.push(Pause { from: entry.received, to: None });
        assert!(!entry.is_overdue("2027-01-05T00:00:00Z".parse().unwrap()));
        assert!(entry.position().starts_with("9999-"));
    }
}
