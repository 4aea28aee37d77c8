//! Tells people what happened: a notice in the pages, and mail if they want it.
//!
//! A notice is written once; mail goes out at least once, with the event's id in its `Message-ID`. Whoever has been
//! mailed is remembered, so that one address that fails does not make the others get the same mail again; an address
//! that cannot be reached keeps its delivery for three days, then it is given up.

mod mail;
mod mailer;
mod people;

use std::collections::HashSet;
use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use domain::notification::Settings;
use domain::submission::Submission;
use entrypoint::queue::{self, RecordError};
use entrypoint::{App, MissingSetting};
use events::{Delivery, Envelope};
use jiff::Timestamp;
use store::Notice;

use crate::mail::News;
use crate::mailer::{BadServer, Mailer, SendError};
use crate::people::Addressee;

/// After so long mail is not tried any more.
const GIVE_UP: Duration = Duration::from_hours(3 * 24);

/// The function with the connections that it keeps open between batches.
pub struct Notifier {
    app: App,
    mailer: Result<Option<Mailer>, BadServer>,
}

/// What there is to tell, the same for all who are told.
struct Occasion<'o> {
    submission: &'o Submission,
    envelope: &'o Envelope,
    mailed: HashSet<String>,
    now: Timestamp,
}

impl Notifier {
    /// Needs a runtime. A mail server that cannot be used fails the mails, not the notices.
    pub fn new(app: App) -> Self {
        let mailer = match app.mail() {
            Ok(settings) if !settings.server.is_empty() => Mailer::open(settings).map(Some),
            Ok(_) | Err(MissingSetting(_)) => Ok(None),
        };
        Self { app, mailer }
    }

    /// Tells people what the deliveries of a batch speak of.
    pub async fn handle(&self, batch: SqsEvent) -> SqsBatchResponse {
        queue::each(batch, |delivery| self.tell(delivery)).await
    }

    async fn tell(&self, delivery: Delivery) -> Result<(), RecordError> {
        let store = &self.app.store;
        // A copy of a message whose effect has happened.
        if !store.is_pending(&delivery).await? {
            return Ok(());
        }
        let Delivery { submission: id, version, event, .. } = delivery;
        let submission = store.submission(id).await?.ok_or_else(|| format!("there is no submission {id}"))?;
        let envelope = store.event(id, version).await?.filter(|envelope| envelope.id == event);
        let envelope = envelope.ok_or_else(|| format!("submission {id} has no event {event}"))?;
        let addressees = people::find(&self.app, &envelope, &submission).await?;
        let mailed = if addressees.is_empty() { HashSet::new() } else { store.mailed(event).await? };
        let occasion =
            Occasion { submission: &submission, envelope: &envelope, mailed, now: self.app.clock.now() };

        // One address that fails leaves the others alone.
        let mut failure = None;
        for addressee in &addressees {
            if let Err(error) = self.tell_one(addressee, &occasion).await {
                failure = Some(error);
            }
        }
        match failure {
            Some(error) => Err(error),
            None => Ok(store.remove_deliveries(&[delivery]).await?),
        }
    }

    async fn tell_one(&self, addressee: &Addressee, occasion: &Occasion<'_>) -> Result<(), RecordError> {
        let Occasion { submission, envelope, mailed, now } = occasion;
        let kind = addressee.kind;
        let notice = Notice {
            kind,
            submission: submission.id,
            event: envelope.id,
            at: *now,
            category: submission.category.clone(),
            organization: kind.organization(submission),
            due: kind.due(submission),
        };
        let settings = match &addressee.person {
            Some(person) => {
                self.app.store.keep_notice(person, &notice).await?;
                self.app.store.settings(person).await?
            }
            None => Settings::default(),
        };
        let mark = addressee.mark(submission);
        if !settings.wants_mail(kind.group()) || mailed.contains(&mark) {
            return Ok(());
        }
        let mailer = match &self.mailer {
            Ok(Some(mailer)) => mailer,
            Ok(None) => return Ok(()),
            Err(error) => return Err(Box::new(error.clone())),
        };
        let Some(address) = addressee.email(&self.app, submission).await? else { return Ok(()) };
        let news = News::of(&self.app, &notice, addressee, &settings, submission).await?;
        self.mail(mailer, &news, &address, &mark, occasion).await
    }

    /// Sends one mail and remembers it. What will never arrive is logged and done with.
    async fn mail(
        &self,
        mailer: &Mailer,
        news: &News,
        address: &str,
        mark: &str,
        occasion: &Occasion<'_>,
    ) -> Result<(), RecordError> {
        let event = occasion.envelope.id;
        let message = news.message(mailer.from(), address, mark, occasion.now)?;
        let sent = match message {
            Some(message) => mailer.send(&format!("{event}-{mark}"), &message).await,
            None => Err(SendError::Refused("it is no address".into())),
        };
        match sent {
            Ok(()) => tracing::info!(event.id = %event, notice = news.kind().as_str(), "mail sent"),
            Err(SendError::Refused(error)) => {
                tracing::error!(event.id = %event, addressee = mark, %error, "an address does not take mail");
            }
            Err(error @ SendError::Failed(_)) => {
                let age = occasion.now.duration_since(occasion.envelope.at).unsigned_abs();
                if age < GIVE_UP {
                    return Err(Box::new(error));
                }
                tracing::error!(event.id = %event, addressee = mark, error = queue::chain(&error), "mail is given up");
            }
        }
        Ok(self.app.store.mark_mailed(event, mark, occasion.now).await?)
    }
}
