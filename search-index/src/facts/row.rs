//! The row of a submission: small numbers, and no text.

use domain::{CategoryId, OrganizationId, PersonId};
use jiff::Timestamp;

use crate::facts::columns::{Counted, Details, Keys, Matter, Point};
use crate::facts::flags::{Flags, State};
use crate::facts::ids::{IdDictionary, IdKind, NONE};
use crate::{Document, Error};

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FactRow {
    pub(crate) counted: Counted,
    pub(crate) rest: Rest,
}

/// What of a row nothing is counted by: kept apart in memory too, so that counting passes over fewer bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rest {
    /// The submission.
    pub(crate) id: u128,
    pub(crate) details: Details,
    pub(crate) keys: Keys,
    pub(crate) point: Point,
    pub(crate) matter: Matter,
}

impl FactRow {
    /// The row of a document.
    ///
    /// # Errors
    /// [`Error::TooManyNames`] if there are too many different ids.
    pub(crate) fn of(document: &Document, ids: &mut IdDictionary) -> Result<Self, Error> {
        let mut number = |kind, id: Option<&str>| id.map_or(Ok(NONE), |id| ids.number(kind, id));
        let short = |number: u32| u16::try_from(number).map_err(|_| Error::TooManyNames);
        let category = document.category.as_ref().map(CategoryId::as_str);
        let organization = document.organization.as_ref().map(OrganizationId::as_str);
        let flags = Flags::new(State {
            status: document.status,
            kind: document.kind,
            mark: document.mark,
            reopened: document.reopened,
            published: false,
            training: false,
        });
        Ok(Self {
            counted: Counted {
                category: short(number(IdKind::Category, category)?)?,
                territory: short(number(IdKind::Territory, Some(document.territory.as_str()))?)?,
                flags: flags.0,
                received: seconds(document.received),
                due: document.due.map_or(0, seconds),
                organization: number(IdKind::Organization, organization)?,
                answered: document.answered.map_or(0, seconds),
                intent: 0,
            },
            rest: Rest {
                id: document.id.uuid().as_u128(),
                details: Details {
                    answer_due: document.answer_due.map_or(0, seconds),
                    answered_by: number(IdKind::Person, document.answered_by.as_ref().map(PersonId::as_str))?,
                    assignee: number(IdKind::Person, document.assignee.as_ref().map(PersonId::as_str))?,
                },
                keys: Keys {
                    version: u32::try_from(document.version).unwrap_or(u32::MAX),
                    text: text_fingerprint(document),
                },
                point: Point::default(),
                matter: Matter::default(),
            },
        })
    }

    /// A row that has only the id and the keys of a submission, while its facts are made anew. It is counted nowhere.
    pub(crate) fn unknown(id: u128, keys: Keys) -> Self {
        Self { rest: Rest { id, keys, ..Rest::default() }, ..Self::default() }
    }
}

/// CRC-32 of text and place; never 0.
pub(crate) fn text_fingerprint(document: &Document) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(document.text.as_bytes());
    hasher.update(&[0]);
    hasher.update(document.place.as_deref().unwrap_or_default().as_bytes());
    hasher.finalize().max(1)
}

/// Whole seconds since 1970, at least 1: what was earlier has no place here, and 0 means none.
pub(crate) fn seconds(at: Timestamp) -> u32 {
    u32::try_from(at.as_second().max(1)).unwrap_or(u32::MAX)
}
