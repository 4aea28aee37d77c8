//! Event -> queues: the only fan-out table.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Event;

/// A function that is told of events through its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consumer {
    /// Finds the organization.
    Routing,
    /// Feeds the search index.
    Indexing,
    /// Tells people.
    Notifications,
}

impl Consumer {
    /// Every consumer.
    pub const ALL: [Self; 3] = [Self::Routing, Self::Indexing, Self::Notifications];

    /// The name used in keys and, in capitals, in the environment (`ROUTING_QUEUE_URL`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Routing => "routing",
            Self::Indexing => "indexing",
            Self::Notifications => "notifications",
        }
    }
}

impl fmt::Display for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who is told of an event. Notifications hears of it only if there is somebody to tell: see [`Event::fact`].
pub const fn audience(event: &Event) -> &'static [Consumer] {
    match event {
        Event::SubmissionReceived => &[Consumer::Routing, Consumer::Indexing, Consumer::Notifications],
        Event::SubmissionRegistered
        | Event::SubmissionRejected { .. }
        | Event::SubmissionRouted { .. }
        | Event::SubmissionAssigned { .. }
        | Event::SubmissionForwarded { .. }
        | Event::SubmissionReturned
        | Event::AnswerDrafted { .. }
        | Event::SubmissionAnswered
        | Event::AnswerSentBack
        | Event::SubmissionReopened
        | Event::SubmissionWithdrawn
        | Event::SubmissionPaused
        | Event::SubmissionResumed
        | Event::TermExtended { .. } => &[Consumer::Indexing, Consumer::Notifications],
        // A low mark is told as the reopening that follows it; a good one, and the end, need nobody.
        Event::SatisfactionRated { .. } | Event::SubmissionClosed => &[Consumer::Indexing],
        // Nothing of these is in the index: overdue is counted from the deadline when somebody asks.
        Event::InterimAnswerSent
        | Event::DeadlineApproaching
        | Event::SubmissionOverdue
        | Event::SubmissionEscalated { .. }
        // Polls are not searched.
        | Event::PollPublished
        | Event::PollOpened
        | Event::PollClosing
        | Event::PollCertified
        | Event::PollProgressed { .. } => &[Consumer::Notifications],
        // A draft is its organizer's own, and the second look at a result changes nothing.
        Event::PollDrafted | Event::PollRevised | Event::PollSettled => &[],
    }
}
