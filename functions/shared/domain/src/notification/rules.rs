//! Which fact concerns whom.

use super::{By, Fact, NoticeKind, Recipient, Told};
use crate::submission::{Status, Submission, SubmissionKind};

/// Whom to tell of a fact, and what. Nobody is told of what they did themselves, but for the receipt of a submission; a
/// team is named whole, and whoever did it must still be left out of it.
///
/// What an import brought is told to nobody until somebody has taken it up: thousands come at once, and their terms end
/// on the same day. They stand in the inboxes all the same.
pub fn whom_to_tell(fact: &Fact, by: By<'_>, submission: &Submission) -> Vec<Told> {
    if submission.external_id.is_some() && submission.assignee.is_none() {
        return Vec::new();
    }
    let mut told = match fact {
        Fact::Approaching | Fact::Overdue | Fact::Escalated(_) => of_the_clock(fact, submission),
        Fact::Received
        | Fact::Rejected
        | Fact::InterimAnswer
        | Fact::Registered
        | Fact::Answered
        | Fact::Paused
        | Fact::Resumed
        | Fact::Extended => of_the_author(fact, submission),
        _ => of_the_work(fact, submission),
    };
    told.retain(|told| match (&told.to, by) {
        (Recipient::Author, By::Author) => told.kind == NoticeKind::Received,
        (Recipient::Caseworker(person), By::Staff(actor)) => person != actor,
        _ => true,
    });
    told
}

fn one(to: Recipient, kind: NoticeKind) -> Vec<Told> {
    vec![Told { to, kind }]
}

/// What the author alone is told.
fn of_the_author(fact: &Fact, submission: &Submission) -> Vec<Told> {
    let open = submission.status.is_open();
    let (kind, holds) = match fact {
        Fact::Received => (NoticeKind::Received, true),
        Fact::Rejected => (NoticeKind::Rejected, submission.status == Status::Rejected),
        Fact::InterimAnswer => (NoticeKind::InterimAnswer, true),
        // A report is registered by the way, on its way to its organization.
        Fact::Registered => (NoticeKind::Registered, open && submission.kind == SubmissionKind::Appeal),
        Fact::Answered => (NoticeKind::Answered, submission.status == Status::Answered),
        Fact::Paused => (NoticeKind::Paused, submission.is_paused()),
        Fact::Resumed => (NoticeKind::Resumed, open && !submission.is_paused()),
        _ => (NoticeKind::Extended, open),
    };
    if holds { one(Recipient::Author, kind) } else { Vec::new() }
}

/// What those are told who have something to do, and the author of whose hands it is in.
fn of_the_work(fact: &Fact, submission: &Submission) -> Vec<Told> {
    let Submission { status, assignee, organization: Some(here), .. } = submission else {
        return Vec::new();
    };
    let (kind, for_author) = match fact {
        Fact::Assigned(person) if status.is_open() && assignee.as_ref() == Some(person) => {
            return one(Recipient::Caseworker(person.clone()), NoticeKind::Assigned);
        }
        Fact::Drafted if *status == Status::Drafted => {
            return one(Recipient::Approvers(here.clone()), NoticeKind::ToApprove);
        }
        Fact::SentBack | Fact::Withdrawn => {
            let (kind, holds) = match fact {
                Fact::SentBack => (NoticeKind::SentBack, *status == Status::Assigned),
                _ => (NoticeKind::Withdrawn, true),
            };
            let person = assignee.clone().filter(|_| holds);
            return person.map_or_else(Vec::new, |person| one(Recipient::Caseworker(person), kind));
        }
        Fact::Routed(to) if to == here => (NoticeKind::NewCase, NoticeKind::Routed),
        Fact::Forwarded(to) if to == here => (NoticeKind::ForwardedCase, NoticeKind::Moved),
        Fact::Returned => (NoticeKind::ReturnedCase, NoticeKind::Moved),
        Fact::Reopened => (NoticeKind::ReopenedCase, NoticeKind::Reopened),
        _ => return Vec::new(),
    };
    if !status.is_open() {
        return Vec::new();
    }
    let mut told = one(Recipient::Author, for_author);
    // Once somebody works on it, nobody has to be found for it.
    if assignee.is_none() {
        told.extend(one(Recipient::Coordinators(here.clone()), kind));
    }
    told
}

/// What the clock says: to the caseworker and up.
fn of_the_clock(fact: &Fact, submission: &Submission) -> Vec<Told> {
    let Submission { assignee, attention, organization: Some(here), .. } = submission else {
        return Vec::new();
    };
    if submission.running_term().is_none() || submission.is_paused() {
        return Vec::new();
    }
    let late = attention.overdue_since.is_some();
    let worker = assignee.clone().map(Recipient::Caseworker);
    let coordinators = Recipient::Coordinators(here.clone());
    let (kind, recipients) = match fact {
        Fact::Approaching if !late => (NoticeKind::Approaching, vec![worker.unwrap_or(coordinators)]),
        Fact::Overdue if late => (NoticeKind::Overdue, worker.into_iter().chain([coordinators]).collect()),
        Fact::Escalated(to) if attention.escalated_to.as_ref() == Some(to) => {
            (NoticeKind::Escalated, vec![Recipient::Coordinators(to.clone())])
        }
        _ => return Vec::new(),
    };
    recipients.into_iter().map(|to| Told { to, kind }).collect()
}
