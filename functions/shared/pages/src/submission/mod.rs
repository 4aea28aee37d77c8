//! A submission on a page: its terms with their reasons, its history, its status.

mod named;
mod routed;
mod view;

use askama::Template;
use domain::deadline::Unit;
use domain::{Status, SubmissionId};
use events::EventDetail;

use crate::fields::{Choice, Form, Markup};
use crate::layout::Layout;

pub use named::Named;
pub use routed::RoutedBy;
pub use view::{AnswerView, Audience, DeadlineView, HistoryEntry, PlaceView, SubmissionView, outcome};

#[derive(Template)]
#[template(path = "submission/deadline.html")]
struct DeadlinePart<'p> {
    l: &'p Layout,
    term: &'p DeadlineView,
}

impl DeadlinePart<'_> {
    /// Its length in words.
    fn length(&self) -> String {
        let id = match self.term.unit {
            Unit::CalendarDays => "count-days",
            Unit::WorkingDays => "count-working-days",
        };
        self.l.count(id, self.term.days)
    }
}

#[derive(Template)]
#[template(path = "submission/timeline.html")]
struct TimelinePart<'p> {
    l: &'p Layout,
    history: &'p [HistoryEntry],
}

impl TimelinePart<'_> {
    /// What happened, in words.
    fn what(&self, entry: &HistoryEntry) -> String {
        let id = format!("event-{}", entry.event);
        if let Some(assignee) = &entry.assignee_name {
            return self.l.with("event-submission_assigned-to", "name", assignee);
        }
        if let Some(organization) = &entry.organization {
            return self.l.with(&id, "organization", &organization.name);
        }
        match entry.fact.detail() {
            Some(EventDetail::Reason(reason)) => {
                self.l.with(&id, "reason", self.l.named("reason", reason.as_str()))
            }
            Some(EventDetail::Outcome(drafted)) => {
                self.l.with(&id, "outcome", self.l.named("outcome", outcome(drafted).0))
            }
            Some(EventDetail::Mark(mark)) => self.l.with(&id, "mark", mark),
            Some(EventDetail::Days(days)) => self.l.with(&id, "days", self.l.count("count-days", days)),
            Some(EventDetail::Organization(_)) | None => self.l.t(&id),
        }
    }
}

impl TimelinePart<'_> {
    /// Who it was, in words.
    fn who(&self, entry: &HistoryEntry) -> Option<String> {
        let name = entry.person_name.as_ref()?;
        Some(match &entry.assignee_name {
            Some(assignee) if assignee == name => self.l.t("event-by-oneself"),
            Some(_) => self.l.with("event-assigned-by", "name", name),
            None => name.clone(),
        })
    }
}

#[derive(Template)]
#[template(path = "submission/rate.html")]
struct RatePart<'p> {
    l: &'p Layout,
    form: &'p Form,
    id: SubmissionId,
    version: u64,
    solved: Vec<Choice>,
    marks: Vec<Choice>,
}

/// Marks, the best first, with their words.
const MARKS: [(&str, &str); 5] =
    [("5", "mark-5"), ("4", "mark-4"), ("3", "mark-3"), ("2", "mark-2"), ("1", "mark-1")];

impl Layout {
    /// The form that rates the latest answer of a submission.
    pub fn rate(&self, form: &Form, view: &SubmissionView) -> Markup {
        let solved = [("true", "rate-solved-yes"), ("false", "rate-solved-no")];
        let choices = |all: &[(&str, &str)]| -> Vec<Choice> {
            all.iter().map(|(value, text)| Choice::new(*value, self.t(text))).collect()
        };
        let (id, version) = (view.id, view.version);
        Markup::of(&RatePart { l: self, form, id, version, solved: choices(&solved), marks: choices(&MARKS) })
    }

    /// What an answer says, as a tag.
    pub fn outcome(&self, outcome: &str) -> Markup {
        let class = match outcome {
            "solved" => "tag tag--good",
            "refused" => "tag tag--warn",
            _ => "tag",
        };
        Markup::tag(class, &self.named("outcome", outcome))
    }

    /// A term: its last day, and why this day.
    pub fn deadline(&self, term: &DeadlineView) -> Markup {
        Markup::of(&DeadlinePart { l: self, term })
    }

    /// What happened, in order.
    pub fn timeline(&self, history: &[HistoryEntry]) -> Markup {
        Markup::of(&TimelinePart { l: self, history })
    }

    /// A status as a tag.
    pub fn status(&self, status: &Status) -> Markup {
        let class = match status {
            Status::Answered | Status::Closed => "tag tag--good",
            Status::Reopened => "tag tag--warn",
            Status::Rejected | Status::Withdrawn => "tag tag--bad",
            Status::Received | Status::Registered | Status::Routed | Status::Assigned | Status::Drafted => {
                "tag"
            }
        };
        Markup::tag(class, &self.named("status", status))
    }
}
