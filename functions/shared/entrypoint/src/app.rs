//! What a function has at hand: built once, passed by reference.

use std::path::PathBuf;
use std::sync::Arc;

use domain::EventId;
use domain::email::Email;
use domain::secret::MasterSecret;
use domain::submission::Submission;
use events::Delivery;
use store::{Commit, CommitError, Recorded, Store};
use uuid::Uuid;

use crate::change::Change;
use crate::clock::Clock;
use crate::identity::Identity;
use crate::outbox::{Outbox, SEND_WITHIN};

/// The context of a function. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The tables.
    pub store: Store,
    /// The queues it may send to.
    pub outbox: Outbox,
    /// The time.
    pub clock: Clock,
    pub(crate) identity: Option<Arc<Identity>>,
    pub(crate) secret: Option<Arc<MasterSecret>>,
    pub(crate) index: Option<IndexLocation>,
    pub(crate) archives: Option<String>,
    pub(crate) public_url: Option<String>,
    pub(crate) mail: Option<MailSettings>,
}

/// How mail goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// The mail server: `smtps://user:password@host`, or `file:///…` for a folder of `.eml` files.
    pub server: String,
    /// The sender: `Name <address>`.
    pub from: String,
}

/// Where the search index is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexLocation {
    /// The published snapshots: `file:///…` or `s3://bucket`.
    pub store: String,
    /// A local folder for this function's copy.
    pub work: PathBuf,
}

/// The template does not give this function something that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {0} is not set; infra/template.yaml must give it to this function")]
pub struct MissingSetting(pub &'static str);

impl App {
    /// The master secret.
    ///
    /// # Errors
    /// [`MissingSetting`] if this function was not given it.
    pub fn secret(&self) -> Result<&MasterSecret, MissingSetting> {
        self.secret.as_deref().ok_or(MissingSetting("MASTER_SECRET"))
    }

    /// Who verifies callers.
    ///
    /// # Errors
    /// [`MissingSetting`] if this function was not given an issuer.
    pub fn identity(&self) -> Result<&Identity, MissingSetting> {
        self.identity.as_deref().ok_or(MissingSetting("OIDC_ISSUER"))
    }

    /// Where the search index is.
    ///
    /// # Errors
    /// [`MissingSetting`] if this function was not given it.
    pub fn index(&self) -> Result<&IndexLocation, MissingSetting> {
        self.index.as_ref().ok_or(MissingSetting("INDEX_STORE"))
    }

    /// Where the archives of polls are published: `file:///…` or `s3://bucket`.
    ///
    /// # Errors
    /// [`MissingSetting`] if this function was not given it.
    pub fn archives(&self) -> Result<&str, MissingSetting> {
        self.archives.as_deref().ok_or(MissingSetting("ARCHIVE_STORE"))
    }

    /// Where people reach the platform, without a slash at the end.
    ///
    /// # Errors
    /// [`MissingSetting`] if this function was not given it.
    pub fn public_url(&self) -> Result<&str, MissingSetting> {
        self.public_url.as_deref().ok_or(MissingSetting("PUBLIC_URL"))
    }

    /// How mail goes out; none if this platform sends no mail.
    ///
    /// # Errors
    /// [`MissingSetting`] if this function was not given it.
    pub fn mail(&self) -> Result<&MailSettings, MissingSetting> {
        self.mail.as_ref().ok_or(MissingSetting("MAIL_SERVER"))
    }

    /// Are cookies to be sent over TLS alone? Wherever people reach the platform over TLS.
    pub fn secure_cookies(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https:"))
    }

    /// A new event id, sorting after those before it.
    pub fn event_id() -> EventId {
        EventId::new(Uuid::now_v7())
    }

    /// Commits a change and sends its deliveries. A delivery that cannot be sent now is sent by the relay.
    ///
    /// # Errors
    /// As [`Store::commit`]; nothing is written then.
    pub async fn save(&self, change: &Change, extras: Extras<'_>) -> Result<(), CommitError> {
        let commit = Commit {
            submission: &change.submission,
            expected: change.expected,
            events: &change.events,
            handled: extras.handled,
            reply: extras.reply,
            satisfaction: change.satisfaction(),
            contact: extras.contact,
            correspondent: extras.correspondent,
            tracking: extras.tracking,
        };
        let deliveries = self.store.commit(&commit).await?;
        log(&change.submission, &change.events);
        // The answer does not wait for a slow queue: what is not sent now, the relay sends.
        if tokio::time::timeout(SEND_WITHIN, self.outbox.send(&deliveries)).await.is_err() {
            tracing::warn!("the queues are slow; the relay will send");
        }
        Ok(())
    }
}

/// What else belongs in the transaction of a change.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras<'a> {
    /// The delivery whose effect the change is.
    pub handled: Option<&'a Delivery>,
    /// The reply to a request with an idempotency key.
    pub reply: Option<&'a store::StoredReply>,
    /// What we learn of the author.
    pub contact: Option<&'a store::Contact>,
    /// Where to write to an author who did not sign in.
    pub correspondent: Option<&'a Email>,
    /// The fingerprint of the tracking number by which a new submission can be found.
    pub tracking: Option<&'a str>,
}

/// One line per event: a submission can be followed by its id.
fn log(submission: &Submission, events: &[Recorded]) {
    for Recorded { envelope, .. } in events {
        tracing::info!(
            submission.id = %submission.id,
            submission.version = envelope.version,
            submission.status = %submission.status,
            event.id = %envelope.id,
            event = envelope.event.name(),
            "event committed",
        );
    }
}
