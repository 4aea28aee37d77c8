//! The thing that a notice is about, as far as a notice or a mail speaks of it.

use domain::email::Email;
use domain::notification::NoticeKind;
use domain::rulebook::Rulebook;
use domain::submission::Submission;
use domain::{Subject, SubmissionId};
use entrypoint::App;
use entrypoint::queue::RecordError;
use events::Envelope;
use jiff::Timestamp;
use pages::Layout;
use poll::Poll;
use store::{Aggregate, Notice, StoreError};

/// The state of a subject as it is now.
#[derive(Debug, Clone)]
pub(crate) enum Matter {
    Submission(Box<Submission>),
    Poll(Box<Poll>),
}

impl Matter {
    /// Reads the subject of a delivery.
    ///
    /// # Errors
    /// If it is not there.
    pub(crate) async fn read(app: &App, subject: Subject) -> Result<Self, RecordError> {
        let found = match subject {
            Subject::Submission(id) => app.store.submission(id).await?.map(Box::new).map(Self::Submission),
            Subject::Poll(id) => app.store.poll(id).await?.map(Box::new).map(Self::Poll),
        };
        found.ok_or_else(|| format!("there is no {subject}").into())
    }

    pub(crate) fn subject(&self) -> Subject {
        match self {
            Self::Submission(submission) => submission.subject(),
            Self::Poll(poll) => poll.subject(),
        }
    }

    /// What somebody is told because of an event.
    pub(crate) fn notice(
        &self,
        kind: NoticeKind,
        envelope: &Envelope,
        now: Timestamp,
        rulebook: &Rulebook,
    ) -> Notice {
        let notice = Notice {
            kind,
            subject: self.subject(),
            event: envelope.id,
            at: now,
            category: None,
            title: None,
            organization: None,
            due: None,
        };
        match self {
            Self::Submission(submission) => Notice {
                category: submission.category.clone(),
                organization: kind.organization(submission),
                due: kind.due(submission),
                ..notice
            },
            Self::Poll(poll) => Notice {
                title: Some(poll.question.title.as_str().to_owned()),
                due: poll.day_that_matters(kind, &rulebook.local_days(&poll.question.territory).zone),
                ..notice
            },
        }
    }

    /// What it is about, in a few words.
    pub(crate) fn about(&self, l: &Layout, rulebook: &Rulebook, limit: impl Fn(&str) -> String) -> String {
        match self {
            Self::Submission(submission) => {
                let category = submission.category.as_ref().and_then(|id| rulebook.categories.get(id));
                let kind = || l.named("kind", submission.kind.as_str());
                let category = category.map_or_else(kind, |category| category.name.clone());
                l.with2("notice-about", "category", limit(&category), "number", submission.id.number())
            }
            Self::Poll(poll) => l.with("notice-about-poll", "title", limit(poll.question.title.as_str())),
        }
    }

    /// The submission whose author has not signed in: its code opens it.
    pub(crate) fn anonymous(&self) -> Option<SubmissionId> {
        match self {
            Self::Submission(submission) if submission.author.is_none() => Some(submission.id),
            Self::Submission(_) | Self::Poll(_) => None,
        }
    }

    /// Where mail to an author goes who has not signed in.
    pub(crate) async fn correspondent(&self, app: &App) -> Result<Option<Email>, StoreError> {
        match self.anonymous() {
            Some(id) => app.store.correspondent(id).await,
            None => Ok(None),
        }
    }
}
