//! What a function has at hand: built once, passed by reference.

use std::path::PathBuf;
use std::sync::Arc;

use domain::secret::MasterSecret;
use jsonwebtoken::jwk::JwkSet;
use store::{Aggregate, Commit, CommitError, NewEvent, Store, TransactionParts};

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

    /// With keys of the issuer that are at hand; a function without an issuer stays so.
    #[must_use]
    pub fn trusting(self, keys: JwkSet) -> Self {
        let trusting =
            |identity: Arc<Identity>| Arc::new(Identity::new(identity.issuer().clone()).knowing(keys));
        Self { identity: self.identity.map(trusting), ..self }
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

    /// Whether cookies are sent over TLS alone: wherever people reach the platform over TLS.
    pub fn secure_cookies(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https:"))
    }

    /// Commits a change and sends its deliveries. A delivery that cannot be sent now is sent by the relay.
    ///
    /// # Errors
    /// As [`Store::commit`]; nothing is written then.
    pub async fn save<A: Aggregate>(
        &self,
        change: &Change<A>,
        parts: TransactionParts<'_>,
    ) -> Result<(), CommitError> {
        let Change { before, state, events, .. } = change;
        let commit = Commit { before: before.as_ref(), state, events, parts };
        let deliveries = self.store.commit(&commit).await?;
        log(state, events);
        // The answer does not wait for a slow queue: what is not sent now, the relay sends.
        if tokio::time::timeout(SEND_WITHIN, self.outbox.send(&deliveries)).await.is_err() {
            tracing::warn!("the queues are slow; the relay will send");
        }
        Ok(())
    }
}

/// One line per event: a subject can be followed by its id.
fn log(state: &impl Aggregate, events: &[NewEvent]) {
    let subject = state.subject();
    for NewEvent { envelope, .. } in events {
        tracing::info!(
            subject.kind = subject.kind(),
            subject.id = %subject.uuid(),
            subject.version = envelope.version,
            subject.status = state.status(),
            event.id = %envelope.id,
            event = envelope.event.name(),
            "event committed",
        );
    }
}
