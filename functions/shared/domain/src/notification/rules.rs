//! Who is told of a fact about a submission.

use super::{By, NoticeKind, Notification, Recipient, SubmissionFact as Fact};
use crate::OrganizationId;
use crate::submission::{Status, Submission, SubmissionKind};

/// The notifications that a fact makes. Nobody is told of what they did themselves, but for the receipt of a submission; a
/// team is named whole, and its member who did it must still be left out.
///
/// What an import brought is told to nobody until somebody has taken it up: thousands come at once, and their terms end
/// on the same day. They stand in the inboxes all the same.
pub fn whom_to_tell(fact: &Fact, by: By<'_>, submission: &Submission) -> Vec<Notification> {
    if submission.external_id.is_some() && submission.assignee.is_none() {
        return Vec::new();
    }
    let mut told = concerned(fact, submission);
    told.retain(|told| match &told.to {
        Recipient::Author => !matches!(by, By::Author) || told.kind == NoticeKind::Received,
        Recipient::Person(person) => !matches!(by, By::Staff(actor) if actor == person),
        Recipient::Coordinators(_) | Recipient::Approvers(_) | Recipient::Followers(_) => true,
    });
    told
}

/// Those whom a fact concerns by the state as it is now.
fn concerned(fact: &Fact, submission: &Submission) -> Vec<Notification> {
    let Submission { status, assignee, attention, organization, .. } = submission;
    let (open, paused) = (status.is_open(), submission.is_paused());
    let here = organization.as_ref();
    let worker = || assignee.clone().filter(|_| here.is_some()).map(Recipient::Person);
    let coordinators = || here.cloned().map(Recipient::Coordinators);
    let runs = submission.running_term().is_some() && !paused;
    let late = attention.overdue_since.is_some();
    let author = |holds: bool, kind| told(Some(Recipient::Author).filter(|_| holds), kind);
    match fact {
        Fact::Received => author(true, NoticeKind::Received),
        Fact::InterimAnswer => author(true, NoticeKind::InterimAnswer),
        Fact::Rejected => author(*status == Status::Rejected, NoticeKind::Rejected),
        // A report is registered by the way, on its way to its organization.
        Fact::Registered => author(open && submission.kind == SubmissionKind::Appeal, NoticeKind::Registered),
        Fact::Answered => author(*status == Status::Answered, NoticeKind::Answered),
        Fact::Paused => author(paused, NoticeKind::Paused),
        Fact::Resumed => author(open && !paused, NoticeKind::Resumed),
        Fact::Extended => author(open, NoticeKind::Extended),

        Fact::Routed(to) => handed_over(submission, Some(to), (NoticeKind::NewCase, NoticeKind::Routed)),
        Fact::Forwarded(to) => {
            handed_over(submission, Some(to), (NoticeKind::ForwardedCase, NoticeKind::Moved))
        }
        Fact::Returned => handed_over(submission, here, (NoticeKind::ReturnedCase, NoticeKind::Moved)),
        Fact::Reopened => handed_over(submission, here, (NoticeKind::ReopenedCase, NoticeKind::Reopened)),
        Fact::Assigned(person) => {
            let still = open && assignee.as_ref() == Some(person);
            told(worker().filter(|_| still), NoticeKind::Assigned)
        }
        Fact::Drafted => {
            let waits = *status == Status::Drafted;
            told(here.cloned().map(Recipient::Approvers).filter(|_| waits), NoticeKind::ToApprove)
        }
        Fact::SentBack => told(worker().filter(|_| *status == Status::Assigned), NoticeKind::SentBack),
        Fact::Withdrawn => told(worker(), NoticeKind::Withdrawn),

        Fact::Approaching => {
            told(worker().or_else(coordinators).filter(|_| runs && !late), NoticeKind::Approaching)
        }
        Fact::Overdue if runs && late => {
            told(worker().into_iter().chain(coordinators()), NoticeKind::Overdue)
        }
        Fact::Overdue => Vec::new(),
        Fact::Escalated(to) => {
            let still = runs && here.is_some() && attention.escalated_to.as_ref() == Some(to);
            told(still.then(|| Recipient::Coordinators(to.clone())), NoticeKind::Escalated)
        }
    }
}

fn told(to: impl IntoIterator<Item = Recipient>, kind: NoticeKind) -> Vec<Notification> {
    to.into_iter().map(|to| Notification { to, kind }).collect()
}

/// The organization `to` has it now: its author is told, and the coordinators while nobody works on it.
fn handed_over(
    submission: &Submission,
    to: Option<&OrganizationId>,
    (for_coordinators, for_author): (NoticeKind, NoticeKind),
) -> Vec<Notification> {
    let Some(here) = submission.organization.as_ref() else { return Vec::new() };
    if to != Some(here) || !submission.status.is_open() {
        return Vec::new();
    }
    let mut notifications = told([Recipient::Author], for_author);
    if submission.assignee.is_none() {
        notifications.extend(told([Recipient::Coordinators(here.clone())], for_coordinators));
    }
    notifications
}
