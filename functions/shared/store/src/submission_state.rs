//! A submission as a thing with a history: its item, its audience, its counters.

use domain::Subject;
use domain::notification::{Fact, whom_to_tell};
use domain::submission::Submission;
use events::Envelope;

use crate::Aggregate;
use crate::NewEvent;
use crate::alarm::ring_at;
use crate::error::StoreError;
use crate::inbox::{self, InboxEntry, cell_of};
use crate::item::{Item, item, number, string};
use crate::keys::{self, AUTHOR, CELL, INBOX, VERSION};
use crate::transaction::Transaction;
use crate::{satisfaction, totals};

impl Aggregate for Submission {
    fn subject(&self) -> Subject {
        Subject::Submission(self.id)
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn status(&self) -> &'static str {
        self.status.as_str()
    }

    fn concerns_somebody(&self, event: &Envelope) -> bool {
        match event.event.fact() {
            Some(Fact::Submission(fact)) => !whom_to_tell(&fact, event.actor.by(), self).is_empty(),
            Some(Fact::Poll(_)) | None => false,
        }
    }

    fn item(&self) -> Result<Item, StoreError> {
        let mut item = item(&keys::state(self.id), self)?;
        item.insert(VERSION.into(), number(self.version));
        if let Some(organization) = self.organization.as_ref().filter(|_| self.status.is_open()) {
            item.insert(INBOX.pk.into(), string(keys::inbox(organization)));
            item.insert(INBOX.sk.into(), string(InboxEntry::of(self).position()));
            item.extend(inbox::cell_attributes(self)?);
        }
        if let Some(author) = &self.author {
            item.insert(AUTHOR.pk.into(), string(keys::author(author)));
            item.insert(AUTHOR.sk.into(), string(keys::instant(self.received, self.id)));
        }
        if let Some(alarm) = self.alarm() {
            ring_at(&mut item, alarm.at, self.subject());
        }
        Ok(item)
    }

    fn counted_by(&self) -> Option<&'static str> {
        cell_of(self).map(|_| CELL.pk)
    }

    fn count(
        &self,
        before: Option<&Self>,
        events: &[NewEvent],
        transaction: &mut Transaction<'_>,
    ) -> Result<(), StoreError> {
        inbox::count(before, self, transaction)?;
        satisfaction::add(self, events, transaction)?;
        totals::add(before, self, transaction)
    }

    fn count_late(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        transaction.add_uncounted(
            &keys::state(self.id),
            self.version,
            inbox::cell_attributes(self)?,
            CELL.pk,
        )?;
        totals::take_out(self, transaction)?;
        inbox::count(None, self, transaction)
    }
}
