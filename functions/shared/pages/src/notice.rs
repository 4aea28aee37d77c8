//! What a notice says, in the pages and in mail.

use domain::notification::{Group, NoticeKind};
use jiff::civil::Date;

use crate::layout::Layout;

impl Layout {
    /// What happened, in a few words.
    pub fn notice_title(&self, kind: &NoticeKind) -> String {
        self.named("notice", kind.as_str())
    }

    /// What happened and what to do, in a sentence or two. Some notices speak of an organization.
    pub fn notice_text(&self, kind: &NoticeKind, organization: Option<&str>) -> String {
        let id = format!("notice-text-{}", kind.as_str());
        match organization {
            Some(name) => self.with(&id, "organization", name),
            None => self.t(&id),
        }
    }

    /// By when.
    pub fn notice_due(&self, kind: &NoticeKind, day: &Date) -> String {
        let id = match kind {
            NoticeKind::Answered => "notice-due-rate",
            NoticeKind::Overdue | NoticeKind::Escalated => "notice-due-over",
            NoticeKind::PollAnnounced => "notice-due-opens",
            other => match other.group() {
                Group::Polls => "notice-due-closes",
                Group::Own => "notice-due-own",
                Group::Work | Group::Deadlines => "notice-due-work",
            },
        };
        self.with(id, "date", self.date(day))
    }
}
