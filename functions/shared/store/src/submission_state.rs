//! A submission as a thing with a history: its item, its audience, its counters.

use domain::Subject;
use domain::notification::{Fact, whom_to_tell};
use domain::submission::Submission;
use events::Envelope;

use crate::Aggregate;
use crate::NewEvent;
use crate::alarm::ring_at;
use crate::error::StoreError;
use crate::inbox::inbox_position;
use crate::item::{Item, item, number, string};
use crate::keys::{self, AUTHOR, INBOX, VERSION};
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
        if let (true, Some(organization)) = (self.status.is_open(), &self.organization) {
            item.insert(INBOX.pk.into(), string(keys::inbox(organization)));
            item.insert(INBOX.sk.into(), string(inbox_position(self)));
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

    fn count(&self, events: &[NewEvent], transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        satisfaction::add(self, events, transaction)?;
        totals::add(self, events, transaction)
    }
}
