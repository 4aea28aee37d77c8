//! What the clock must do for a poll next, and when.

use jiff::{SignedDuration, Timestamp};

use crate::{COUNTED_AFTER, Poll, SETTLES_AFTER, Stage};

/// How long before the close its followers are reminded. A poll that is open for less reminds nobody.
pub const REMINDED_BEFORE: SignedDuration = SignedDuration::from_hours(48);

/// Something to be done by the clock alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmKind {
    /// It takes ballots.
    Open,
    /// It closes in two days.
    Remind,
    /// Its ballots can be counted.
    Count,
    /// Its ballots are compared with the result once more.
    Settle,
}

/// When the clock does something, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm {
    /// From when on.
    pub at: Timestamp,
    /// What.
    pub kind: AlarmKind,
}

impl Poll {
    /// The next alarm, if the clock will ever have to do something.
    pub fn alarm(&self) -> Option<Alarm> {
        let (opens, closes) = (self.question.opens, self.question.closes);
        let reminds = closes - REMINDED_BEFORE;
        let (at, kind) = match self.stage {
            Stage::Draft => return None,
            Stage::Published if !self.opening_told => (opens, AlarmKind::Open),
            Stage::Published if !self.closing_told && opens < reminds => (reminds, AlarmKind::Remind),
            Stage::Published => (closes + COUNTED_AFTER, AlarmKind::Count),
            Stage::Certified if self.settled => return None,
            Stage::Certified => (closes + SETTLES_AFTER, AlarmKind::Settle),
        };
        Some(Alarm { at, kind })
    }

    /// What is due now, if anything is.
    pub fn due(&self, now: Timestamp) -> Option<AlarmKind> {
        self.alarm().filter(|alarm| alarm.at <= now).map(|alarm| alarm.kind)
    }

    /// The poll after it was said that it takes ballots.
    #[must_use]
    pub fn with_opening_told(self) -> Self {
        Self { opening_told: true, version: self.version + 1, ..self }
    }

    /// The poll after it was said that it closes soon.
    #[must_use]
    pub fn with_closing_told(self) -> Self {
        Self { closing_told: true, version: self.version + 1, ..self }
    }
}
