//! The page of a submission for its author: where it stands, what comes next, who answers and why, by when and why.

use askama::Template;
use domain::Status;
use domain::submission::SubmissionKind;
use pages::prelude::*;
use pages::submission::{DeadlineView, RoutedBy, SubmissionView};

/// A submission for its author.
#[derive(Template)]
#[template(path = "submission.html")]
pub(crate) struct SubmissionPage {
    l: Layout,
    view: SubmissionView,
    /// The tracking number, for an author who came with it.
    code: Option<String>,
    /// What was wrong with the form that was sent last; the form to rate the answer.
    form: Form,
}

impl SubmissionPage {
    pub(crate) fn of(mut l: Layout, mut view: SubmissionView, code: Option<String>, form: Form) -> Self {
        // A form that came back stands at another address than the one it is opened at.
        if !form.errors.is_empty() {
            l.here = format!("/submissions/{}", view.id);
        }
        // Answers have their own place on the page.
        for entry in view.history.iter_mut().filter(|entry| entry.event == "submission_answered") {
            entry.text = None;
        }
        Self { l, view, code, form }
    }

    fn is_appeal(&self) -> bool {
        self.view.kind == SubmissionKind::Appeal
    }

    /// Whether it was sent a moment ago: then its tracking number comes first.
    fn is_new(&self) -> bool {
        self.l.done.as_deref() == Some("received")
    }

    /// Whether the author may rate the latest answer.
    fn can_be_rated(&self) -> bool {
        let rated = self.view.answers.last().is_none_or(|answer| answer.mark.is_some());
        self.view.status == Status::Answered && !rated
    }

    /// Where it stands and what comes next, in a few sentences.
    fn next(&self) -> Vec<String> {
        let l = &self.l;
        let mut said = match self.view.status {
            Status::Received => vec![l.t("next-received")],
            Status::Registered if !self.is_appeal() => vec![l.t("next-received")],
            Status::Routed if self.is_appeal() => [self.with("next-with"), self.register_by()].concat(),
            Status::Routed => self.with("next-with"),
            Status::Registered => self.with("next-registered"),
            Status::Assigned => self.with("next-in-work"),
            Status::Drafted => self.with("next-drafted"),
            Status::Reopened => self.with("next-reopened"),
            Status::Answered if self.can_be_rated() => self.rate_by(),
            Status::Answered => vec![l.t("next-promised")],
            Status::Closed => vec![l.t("next-closed")],
            Status::Rejected => vec![l.with("next-rejected", "reason", self.rejection())],
            Status::Withdrawn => vec![l.t("next-withdrawn")],
        };
        if self.view.status.is_open() {
            said.extend(self.view.deadline.as_ref().map(|term| self.answer_by(term)));
        }
        said
    }

    /// A sentence that names the organization.
    fn with(&self, id: &str) -> Vec<String> {
        let organization = self.view.organization.iter();
        organization.map(|organization| self.l.with(id, "organization", &organization.name)).collect()
    }

    fn register_by(&self) -> Vec<String> {
        let term = self.view.registration_deadline.iter();
        term.map(|term| self.l.with("next-register-by", "date", self.l.date(&term.date))).collect()
    }

    fn answer_by(&self, term: &DeadlineView) -> String {
        if self.view.paused {
            return self.l.t("next-paused");
        }
        let id = if term.overdue { "next-overdue" } else { "next-answer-by" };
        self.l.with(id, "date", self.l.date(&term.date))
    }

    fn rate_by(&self) -> Vec<String> {
        let Some(term) = &self.view.rating_deadline else { return Vec::new() };
        let until = self.l.date(&term.date);
        let promised = self.view.answers.last().and_then(|answer| answer.planned_by);
        vec![match promised {
            Some(day) => self.l.with2("next-rate-promise", "day", self.l.date(&day), "date", until),
            None => self.l.with("next-rate", "date", until),
        }]
    }

    /// Why it was not taken up.
    fn rejection(&self) -> String {
        let rejected = self.view.history.iter().rfind(|entry| entry.event == "submission_rejected");
        let reason = rejected.and_then(|entry| entry.details["reason"].as_str());
        reason.map_or_else(String::new, |reason| self.l.named("reason", reason))
    }

    /// Why this organization.
    fn why(&self) -> Option<String> {
        let l = &self.l;
        if let Some(sender) = &self.view.forwarded_by {
            return Some(l.with("why-forwarded", "organization", &sender.name));
        }
        let RoutedBy { by, category, territory } = self.view.routed_by.as_ref()?;
        let category = category.as_ref().map(|it| it.name.as_str());
        let territory = territory.as_ref().map(|it| it.name.as_str());
        Some(match (*by, category, territory) {
            ("import", ..) => l.t("why-import"),
            ("default", Some(category), Some(territory)) => {
                l.with2("why-no-rule", "category", category, "territory", territory)
            }
            ("default", None, Some(territory)) => l.with("why-no-category", "territory", territory),
            (_, Some(category), Some(territory)) => {
                l.with2("why-rule", "category", category, "territory", territory)
            }
            (_, Some(category), None) => l.with("why-rule-anywhere", "category", category),
            (_, None, Some(territory)) => l.with("why-rule-everything", "territory", territory),
            (_, None, None) => l.t("why-rule-all"),
        })
    }
}
