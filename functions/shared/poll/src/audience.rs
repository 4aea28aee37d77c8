//! Who is told of what becomes of a poll.
//!
//! Nothing here knows of ballots: those who follow a territory are told, whether they have voted or not.

use domain::notification::{NoticeKind, Notification, PollFact, Recipient};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::{Poll, PollStatus};

impl Poll {
    /// The notifications that a fact makes, as things stand now: the opening of a poll that is closed already is told to nobody,
    /// nor is the announcement of one that is open.
    pub fn whom_to_tell(&self, fact: PollFact, now: Timestamp) -> Vec<Notification> {
        let status = self.status(now);
        let (kind, holds) = match fact {
            PollFact::Published => (NoticeKind::PollAnnounced, status == PollStatus::Announced),
            PollFact::Opened => (NoticeKind::PollOpened, status == PollStatus::Open),
            PollFact::Closing => (NoticeKind::PollClosing, status == PollStatus::Open),
            PollFact::Certified => (NoticeKind::PollResult, true),
            PollFact::Progressed => (NoticeKind::PollProgress, true),
        };
        let organizer = Recipient::Person(self.organizer.clone());
        let followers = Recipient::Followers(self.question.territory.clone());
        let recipients = match fact {
            PollFact::Certified => vec![organizer, followers],
            PollFact::Published | PollFact::Opened | PollFact::Closing | PollFact::Progressed => {
                vec![followers]
            }
        };
        recipients.into_iter().filter(|_| holds).map(|to| Notification { to, kind }).collect()
    }

    /// The day that a notice speaks of: when it opens, or the last day on which ballots are taken.
    pub fn day_that_matters(&self, kind: NoticeKind, zone: &TimeZone) -> Option<Date> {
        let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
        match kind {
            NoticeKind::PollAnnounced => Some(day(self.question.opens)),
            NoticeKind::PollOpened | NoticeKind::PollClosing => {
                // At the close itself none is taken any more.
                Some(day(self
                    .question
                    .closes
                    .saturating_sub(Span::new().nanoseconds(1))
                    .unwrap_or(self.question.closes)))
            }
            _ => None,
        }
    }
}
