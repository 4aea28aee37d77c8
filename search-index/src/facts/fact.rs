//! What is counted about a submission, and what changes: a row of small numbers, without a word of text.

use domain::{Status, SubmissionKind};
use jiff::Timestamp;

use crate::facts::ids::{Kind, Names};
use crate::{Document, Error};

/// One row. Times are seconds of the Unix epoch, 0 for none; ids of the directory are numbers of [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Fact {
    pub(crate) category: u16,
    pub(crate) territory: u16,
    pub(crate) flags: Flags,
    pub(crate) received: u32,
    pub(crate) due: u32,
    pub(crate) organization: u32,
    pub(crate) answered: u32,
    pub(crate) answer_due: u32,
    pub(crate) answered_by: u32,
    pub(crate) assignee: u32,
    pub(crate) version: u32,
    /// A fingerprint of text and place: unchanged words are not indexed again. 0: they are not in the index.
    pub(crate) words: u32,
    pub(crate) id: u128,
}

/// Status, kind, mark and whether it was reopened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Flags(pub(crate) u16);

const STATUS_BITS: u16 = 5;
const KIND_AT: u16 = STATUS_BITS;
const MARK_AT: u16 = KIND_AT + 2;
const REOPENED_AT: u16 = MARK_AT + 3;
/// All the flags that there are lie below this.
pub(crate) const FLAGS: usize = 1 << (REOPENED_AT + 1);

const KINDS: [SubmissionKind; 2] = [SubmissionKind::Report, SubmissionKind::Appeal];

impl Flags {
    fn new(status: Status, kind: SubmissionKind, mark: Option<u8>, reopened: bool) -> Self {
        let place = |found: Option<usize>| u16::try_from(found.unwrap_or(0)).unwrap_or(0);
        let status = place(Status::ALL.iter().position(|known| *known == status));
        let kind = place(KINDS.iter().position(|known| *known == kind));
        let mark = u16::from(mark.unwrap_or(0).min(5));
        Self(status | kind << KIND_AT | mark << MARK_AT | u16::from(reopened) << REOPENED_AT)
    }

    pub(crate) fn status(self) -> Option<Status> {
        Status::ALL.get(usize::from(self.0 & ((1 << STATUS_BITS) - 1))).copied()
    }

    pub(crate) fn kind(self) -> SubmissionKind {
        KINDS[usize::from(self.0 >> KIND_AT & 1)]
    }

    pub(crate) fn mark(self) -> Option<u8> {
        u8::try_from(self.0 >> MARK_AT & 7).ok().filter(|mark| *mark > 0)
    }

    pub(crate) fn is_reopened(self) -> bool {
        self.0 >> REOPENED_AT & 1 == 1
    }

    pub(crate) fn is_open(self) -> bool {
        self.status().is_some_and(Status::is_open)
    }
}

impl Fact {
    /// The row of a document.
    ///
    /// # Errors
    /// If there are too many different ids.
    pub(crate) fn of(document: &Document, names: &mut Names) -> Result<Self, Error> {
        let mut number =
            |kind, id: Option<&str>| id.map_or(Ok(crate::facts::ids::NONE), |id| names.number(kind, id));
        let short = |number: u32| u16::try_from(number).map_err(|_| Error::TooManyNames);
        Ok(Self {
            category: short(number(
                Kind::Category,
                document.category.as_ref().map(domain::CategoryId::as_str),
            )?)?,
            territory: short(number(Kind::Territory, Some(document.territory.as_str()))?)?,
            flags: Flags::new(document.status, document.kind, document.mark, document.reopened),
            received: seconds(document.received),
            due: document.due.map_or(0, seconds),
            organization: number(
                Kind::Organization,
                document.organization.as_ref().map(domain::OrganizationId::as_str),
            )?,
            answered: document.answered.map_or(0, seconds),
            answer_due: document.answer_due.map_or(0, seconds),
            answered_by: number(Kind::Person, document.answered_by.as_ref().map(domain::PersonId::as_str))?,
            assignee: number(Kind::Person, document.assignee.as_ref().map(domain::PersonId::as_str))?,
            version: u32::try_from(document.version).unwrap_or(u32::MAX),
            words: Self::fingerprint(document),
            id: document.id.uuid().as_u128(),
        })
    }

    /// Of text and place; never 0.
    pub(crate) fn fingerprint(document: &Document) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(document.text.as_bytes());
        hasher.update(&[0]);
        hasher.update(document.place.as_deref().unwrap_or_default().as_bytes());
        hasher.finalize().max(1)
    }
}

/// Whole seconds, at least 1: what is before 1970 has no place here, and 0 means none.
pub(crate) fn seconds(at: Timestamp) -> u32 {
    u32::try_from(at.as_second().max(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_keep_what_they_are_given() {
        for status in Status::ALL {
            for kind in KINDS {
                for mark in [None, Some(1), Some(5)] {
                    for reopened in [false, true] {
                        let flags = Flags::new(status, kind, mark, reopened);
                        assert_eq!((flags.status(), flags.kind()), (Some(status), kind));
                        assert_eq!((flags.mark(), flags.is_reopened()), (mark, reopened));
                        assert!(usize::from(flags.0) < FLAGS);
                    }
                }
            }
        }
    }
}
