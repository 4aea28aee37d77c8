//! What organizations have open, by deadline. Only what a list shows is read of each submission.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::deadline::Pause;
use domain::place::Place;
use domain::submission::{Submission, running};
use domain::{CategoryId, OrganizationId, PersonId, Status, SubmissionId, SubmissionKind, TerritoryId};
use futures::{FutureExt, StreamExt, TryStreamExt};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::Store;
use crate::error::StoreError;
use crate::item::{body, string};
use crate::keys::{self, BODY, INBOX};
use crate::page::Page;

/// The end of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct TermEnd {
    /// The last day, in the territory's time zone.
    pub date: Date,
    /// The first instant after it.
    pub ends: Timestamp,
}

/// An open submission as a list shows it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
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
    pub category: Option<CategoryId>,
    /// Where.
    pub territory: TerritoryId,
    /// Where exactly.
    pub place: Option<Place>,
    /// When it was accepted.
    pub received: Timestamp,
    /// When it got its official standing.
    pub registered: Option<Timestamp>,
    /// Who must answer.
    pub organization: Option<OrganizationId>,
    /// The caseworker.
    pub assignee: Option<PersonId>,
    #[serde(default)]
    terms: TermEnds,
    #[serde(default)]
    pauses: Vec<Pause>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
struct TermEnds {
    registration: Option<TermEnd>,
    answer: Option<TermEnd>,
}

/// The parts of a state that an entry is made of.
const PARTS: [&str; 16] = [
    "id",
    "version",
    "kind",
    "status",
    "category",
    "territory",
    "place",
    "received",
    "registered",
    "organization",
    "assignee",
    "pauses",
    "terms.registration.date",
    "terms.registration.ends",
    "terms.answer.date",
    "terms.answer.ends",
];

impl InboxEntry {
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
        !self.is_paused() && self.term().is_some_and(|term| now >= term.ends)
    }

    fn position(&self) -> String {
        place_of(self.term().filter(|_| !self.is_paused()).map(|term| term.ends), self.id)
    }

    /// The cursor of a page that begins after this one.
    pub fn cursor(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.position())
    }

    /// Whether it comes after this cursor.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] for a cursor that is none of ours.
    pub fn is_after(&self, cursor: &str) -> Result<bool, StoreError> {
        Ok(self.position() > position(cursor)?)
    }
}

/// Where an open submission stands in an inbox: the end of its running term, then its id. A paused one has no end.
pub(crate) fn inbox_position(submission: &Submission) -> String {
    let term = submission.running_term().filter(|_| !submission.is_paused());
    place_of(term.map(|term| term.ends), submission.id)
}

fn place_of(ends: Option<Timestamp>, id: SubmissionId) -> String {
    keys::instant(ends.unwrap_or(Timestamp::MAX), id)
}

fn position(cursor: &str) -> Result<String, StoreError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| StoreError::Cursor)?;
    let text = String::from_utf8(bytes).map_err(|_| StoreError::Cursor)?;
    if text.len() < 100 && text.contains('#') { Ok(text) } else { Err(StoreError::Cursor) }
}

/// `body.terms.answer.date` as `#body.#terms.#answer.#date`: many of the names are words of the expression language.
fn projection() -> String {
    let named = |part: &str| format!("#{BODY}.#{}", part.replace('.', ".#"));
    PARTS.map(named).join(", ")
}

/// Inboxes read at the same time.
const INBOXES_AT_ONCE: usize = 16;

/// An inbox read so far.
struct Reading<'o> {
    organization: &'o OrganizationId,
    entries: Vec<(String, InboxEntry)>,
    /// Where the next entries begin.
    after: String,
    /// Whether it is read to its end.
    whole: bool,
}

impl Reading<'_> {
    /// Whether it may hold more of what comes before this position.
    fn lacks(&self, cut: Option<&String>) -> bool {
        !self.whole && cut.is_none_or(|cut| self.after < *cut)
    }
}

impl Store {
    /// Open submissions of some organizations, the most urgent first; paused ones last. Of many inboxes, only the
    /// beginning of each is read, and more of those that have more to give.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] for a cursor that is none of ours.
    pub async fn inbox(
        &self,
        organizations: &[OrganizationId],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<InboxEntry>, StoreError> {
        let after = after.map(position).transpose()?.unwrap_or_default();
        let reading =
            |organization| Reading { organization, entries: Vec::new(), after: after.clone(), whole: false };
        let mut readings: Vec<Reading<'_>> = organizations.iter().map(reading).collect();
        let mut share = (4 * limit / organizations.len().max(1) + 4).min(limit + 1);
        let mut cut: Option<String> = None;
        while readings.iter().any(|reading| reading.lacks(cut.as_ref())) {
            let mut queries = Vec::new();
            for reading in readings.iter_mut().filter(|reading| reading.lacks(cut.as_ref())) {
                queries.push(self.read_on(reading, share).boxed());
            }
            let queries = futures::stream::iter(queries).buffer_unordered(INBOXES_AT_ONCE);
            queries.try_collect::<Vec<()>>().await?;
            let mut positions: Vec<&String> =
                readings.iter().flat_map(|reading| &reading.entries).map(|(position, _)| position).collect();
            positions.sort_unstable();
            cut = positions.get(limit).map(|position| (*position).clone());
            share = (share * 4).min(limit + 1);
        }
        let mut entries: Vec<_> = readings.into_iter().flat_map(|reading| reading.entries).collect();
        entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries.last().filter(|_| more).map(|(position, _)| URL_SAFE_NO_PAD.encode(position));
        Ok(Page { next, items: entries.into_iter().map(|(_, entry)| entry).collect() })
    }

    async fn read_on(&self, reading: &mut Reading<'_>, limit: usize) -> Result<(), StoreError> {
        // Before the first year there is nothing; an empty key value is not allowed.
        let after = if reading.after.is_empty() { "0" } else { &reading.after };
        let mut call = self
            .client
            .query()
            .table_name(&self.platform)
            .index_name(INBOX.name)
            .key_condition_expression("#inbox_pk = :pk AND #inbox_sk > :after")
            .expression_attribute_names("#inbox_pk", INBOX.pk)
            .expression_attribute_names("#inbox_sk", INBOX.sk)
            .expression_attribute_values(":pk", string(keys::inbox(reading.organization)))
            .expression_attribute_values(":after", string(after))
            .projection_expression(projection())
            .expression_attribute_names(format!("#{BODY}"), BODY)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        for name in PARTS.iter().flat_map(|part| part.split('.')) {
            call = call.expression_attribute_names(format!("#{name}"), name);
        }
        let found = call.send().await.map_err(StoreError::call("Query"))?;
        reading.whole = found.last_evaluated_key.is_none();
        for item in found.items.unwrap_or_default() {
            let entry: InboxEntry = body(item)?;
            reading.entries.push((entry.position(), entry));
        }
        if let Some((last, _)) = reading.entries.last() {
            reading.after.clone_from(last);
        }
        Ok(())
    }
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
