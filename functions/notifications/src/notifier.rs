//! The function: reads what a delivery speaks of, finds who is told, writes notices, sends mail.

use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use domain::notification::Settings;
use entrypoint::queue::{self, RecordError};
use entrypoint::{App, MissingSetting};
use events::Delivery;
use futures::{StreamExt, stream};

use crate::dispatch::{Dispatch, Progress};
use crate::mail::News;
use crate::mailer::{BadServer, Mailer, SendError};
use crate::matter::Matter;
use crate::people::{self, Addressee};

/// After so long mail is not tried any more.
const GIVE_UP: Duration = Duration::from_hours(3 * 24);

/// How long one run tells followers. The function has 30 s.
const RUN_FOR: Duration = Duration::from_secs(15);

/// People who are told at the same time.
const CONCURRENCY: usize = 16;

/// The function with the connections that it keeps open between batches.
pub struct Notifier {
    pub(crate) app: App,
    mailer: Result<Option<Mailer>, BadServer>,
    pub(crate) run_for: Duration,
}

impl Notifier {
    /// Needs a runtime. A mail server that cannot be used fails the mails, not the notices.
    pub fn new(app: App) -> Self {
        let mailer = match app.mail() {
            Ok(settings) if !settings.server.is_empty() => Mailer::open(settings).map(Some),
            Ok(_) | Err(MissingSetting(_)) => Ok(None),
        };
        Self { app, mailer, run_for: RUN_FOR }
    }

    /// The same with another time for one run.
    #[must_use]
    pub fn running_for(self, run_for: Duration) -> Self {
        Self { run_for, ..self }
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
        let Delivery { subject, version, event, .. } = delivery;
        let matter = Matter::read(&self.app, subject).await?;
        let envelope = store.event(subject, version).await?.filter(|envelope| envelope.id == event);
        let envelope = envelope.ok_or_else(|| format!("the {subject} has no event {event}"))?;
        let now = self.app.clock.now();
        let addressees = people::find(&self.app, &envelope, &matter, now).await?;
        let rulebook = store.rulebook().await?;
        let dispatch = Dispatch { matter: &matter, envelope: &envelope, rulebook, now };
        let told = self.tell_all(&addressees.people, &dispatch).await;
        let progress = match &addressees.followers {
            Some(followers) => self.tell_followers(followers, &dispatch).await?,
            None => Progress::Done,
        };
        told?;
        match progress {
            Progress::Done => Ok(store.remove_deliveries(&[delivery]).await?),
            // The delivery stays until all are told; should this message be lost, the relay sends another one.
            Progress::TimeIsUp => {
                self.app.outbox.send(&[delivery]).await;
                Ok(())
            }
        }
    }

    /// Tells some people. One address that fails leaves the others alone.
    ///
    /// # Errors
    /// What failed last.
    pub(crate) async fn tell_all(
        &self,
        addressees: &[Addressee],
        dispatch: &Dispatch<'_>,
    ) -> Result<(), RecordError> {
        let subject = dispatch.matter.subject();
        let marks: Vec<String> = addressees.iter().map(|addressee| addressee.mark(subject)).collect();
        let mailed = self.app.store.mailed(dispatch.envelope.id, marks.iter().map(String::as_str)).await?;
        let mut telling = Vec::with_capacity(addressees.len());
        for (addressee, mark) in addressees.iter().zip(&marks) {
            telling.push(self.tell_one(addressee, mark, mailed.contains(mark), dispatch));
        }
        let told: Vec<Result<(), RecordError>> =
            stream::iter(telling).buffer_unordered(CONCURRENCY).collect().await;
        told.into_iter().rfind(Result::is_err).unwrap_or(Ok(()))
    }

    async fn tell_one(
        &self,
        addressee: &Addressee,
        mark: &str,
        mailed: bool,
        dispatch: &Dispatch<'_>,
    ) -> Result<(), RecordError> {
        let Dispatch { matter, envelope, rulebook, now } = dispatch;
        let kind = addressee.kind;
        let notice = matter.notice(kind, envelope, *now, rulebook);
        let settings = match &addressee.person {
            Some(person) => {
                self.app.store.keep_notice(person, &notice).await?;
                self.app.store.settings(person).await?
            }
            None => Settings::default(),
        };
        if !settings.wants_mail(kind.group()) || mailed {
            return Ok(());
        }
        let mailer = match &self.mailer {
            Ok(Some(mailer)) => mailer,
            Ok(None) => return Ok(()),
            Err(error) => return Err(Box::new(error.clone())),
        };
        let Some(address) = addressee.email(&self.app, matter).await? else { return Ok(()) };
        let news = News::of(&self.app, notice, addressee, &settings, dispatch).await?;
        self.mail(mailer, &news, &address, mark, dispatch).await
    }

    /// Sends one mail and remembers it. What will never arrive is logged and done with.
    async fn mail(
        &self,
        mailer: &Mailer,
        news: &News,
        address: &str,
        mark: &str,
        dispatch: &Dispatch<'_>,
    ) -> Result<(), RecordError> {
        let event = dispatch.envelope.id;
        let message = news.message(mailer.from(), address, mark, dispatch.now)?;
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
                let age = dispatch.now.duration_since(dispatch.envelope.at).unsigned_abs();
                if age < GIVE_UP {
                    return Err(Box::new(error));
                }
                tracing::error!(event.id = %event, addressee = mark, error = queue::chain(&error), "mail is given up");
            }
        }
        Ok(self.app.store.mark_mailed(event, mark, dispatch.now).await?)
    }
}
