//! What a caller may read: the filter that confines every search and count to it.

use domain::OrganizationId;
use domain::authorization::Action;
use domain::submission::Submission;
use entrypoint::App;
use entrypoint::http::{Caller, Failure};
use search_index::Filter;

/// The submissions whose unmasked texts a caller may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReadScope {
    /// No texts: category, territory, date and status are public. No search for words either, since every hit for a word
    /// would tell something of the text.
    Public,
    /// Submissions that these organizations work on, and no others.
    Within(Vec<OrganizationId>),
    /// All submissions.
    Everything,
}

impl ReadScope {
    /// Analysts read everything; staff read what their organization and those under it work on.
    pub(crate) async fn of(app: &App, caller: &Caller) -> Result<Self, Failure> {
        let staff = match caller.staff(app, Action::ReadSubmission).await {
            Err(Failure::Unauthenticated(_) | Failure::Forbidden(_)) => return Ok(Self::Public),
            found => found?,
        };
        if staff.may(Action::SearchTexts) {
            return Ok(Self::Everything);
        }
        if !staff.may(Action::ReadInbox) {
            return Ok(Self::Public);
        }
        let all = app.store.organizations().await?;
        let reached = all.iter().filter(|organization| organization.path.is_within(staff.path()));
        Ok(Self::Within(reached.map(|organization| organization.id.clone()).collect()))
    }

    /// Refuses a search for words to those who read no texts. Filters are for everybody.
    pub(crate) fn allow_words(&self, caller: &Caller) -> Result<(), Failure> {
        match (self, &caller.verified) {
            (Self::Public, None) => {
                Err(Failure::Unauthenticated("Searching in texts is for staff: send a bearer token.".into()))
            }
            (Self::Public, Some(_)) => {
                Err(Failure::Forbidden("Searching in texts is for staff; leave out the words of q.".into()))
            }
            (Self::Within(_) | Self::Everything, _) => Ok(()),
        }
    }

    pub(crate) fn reads_texts(&self) -> bool {
        *self != Self::Public
    }

    /// Whether a submission may be shown. The index may be behind the table: a submission that was forwarded a moment ago is
    /// still found by the organization that it has left.
    pub(crate) fn reaches(&self, submission: &Submission) -> bool {
        match self {
            Self::Within(reached) => submission.organization.as_ref().is_some_and(|id| reached.contains(id)),
            Self::Public | Self::Everything => true,
        }
    }

    pub(crate) fn confine(&self, filter: &mut Filter) {
        let Self::Within(reached) = self else { return };
        filter.organizations = Some(match filter.organizations.take() {
            None => reached.clone(),
            Some(wanted) => wanted.into_iter().filter(|id| reached.contains(id)).collect(),
        });
    }
}
