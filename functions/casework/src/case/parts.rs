//! Parts of a case that its page and its preview show alike.

use domain::PersonId;
use events::{Envelope, Event};
use jiff::civil::Date;
use pages::submission::outcome;
use store::Record;

/// An answer that waits for approval.
pub(super) struct PendingDraft {
    pub(super) outcome: &'static str,
    pub(super) planned_by: Option<Date>,
    pub(super) text: String,
}

/// The author's opinion of an answer that was sent back to work.
pub(super) struct Dispute {
    pub(super) mark: Option<u8>,
    /// Whether the author says that the problem is solved.
    pub(super) solved: bool,
    pub(super) words: Option<String>,
    /// The caseworker who wrote the answer.
    pub(super) answered_by: Option<PersonId>,
}

impl Dispute {
    /// None while the author agrees, or has not been answered.
    pub(super) fn of(record: &Record) -> Option<Self> {
        let answer = record.submission.answers.last().filter(|_| record.submission.is_disputed())?;
        let rated = |event: &&Envelope| matches!(event.event, Event::SatisfactionRated { .. });
        let rated = record.events.iter().rev().find(rated);
        Some(Self {
            mark: answer.rating.map(|rating| rating.mark.into()),
            solved: answer.rating.is_some_and(|rating| rating.solved),
            words: rated.and_then(|event| record.texts.get(&event.id)).cloned(),
            answered_by: answer.by.clone(),
        })
    }
}

/// The draft that waits, with what it says.
pub(super) fn pending_draft(record: &Record) -> Option<PendingDraft> {
    let draft = record.submission.draft.as_ref()?;
    let (outcome, planned_by) = outcome(draft.outcome);
    Some(PendingDraft {
        outcome,
        planned_by,
        text: record.texts.get(&draft.text).cloned().unwrap_or_default(),
    })
}
