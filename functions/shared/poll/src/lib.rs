//! Polls: auditable consultative polls, not secret-ballot elections. What is asked, who may answer, how it is counted and
//! how anybody can count again.
#![warn(missing_docs)]

mod alarm;
mod audience;
pub mod ballot;
pub mod ballot_box;
pub mod check;
pub mod count;
mod eligibility;
mod error;
mod follow_up;
mod kind;
mod option_id;
pub mod pabulib;
pub mod proof;
mod question;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use domain::ids::{OrganizationId, PersonId, PollId};
use domain::person::Person;

pub use alarm::{Alarm, AlarmKind, REMINDED_BEFORE};
pub use eligibility::Eligibility;
pub use error::{InvalidPoll, Refusal};
pub use follow_up::{Progress, ProgressNote, ProgressStage};
pub use question::{MOST_MONEY, OPTIONS, OptionName, OptionText, PollOption, PollText, PollTitle, Question};

/// How far a poll has come by somebody's doing; what the clock does besides says [`Poll::status`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Being prepared: the organizer alone sees it.
    Draft,
    /// Everybody sees it, nothing can be changed.
    Published,
    /// Counted; the result is signed.
    Certified,
}

impl Stage {
    /// The name used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Certified => "certified",
        }
    }
}

/// What a poll is at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PollStatus {
    /// Being prepared.
    Draft,
    /// Published, does not take ballots yet.
    Announced,
    /// Takes ballots.
    Open,
    /// Takes none any more, and is being counted.
    Closed,
    /// Counted; the result is signed.
    Certified,
}

impl PollStatus {
    /// The name used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Announced => "announced",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Certified => "certified",
        }
    }
}

impl std::fmt::Display for PollStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// Its id.
    pub id: PollId,
    /// Goes up with every change.
    pub version: u64,
    /// Whose poll it is.
    pub organization: OrganizationId,
    /// Who prepared it.
    pub organizer: PersonId,
    /// What voters decide on.
    pub question: Question,
    /// How far it has come.
    pub stage: Stage,
    /// Whether people have been told that it takes ballots.
    #[serde(default)]
    pub opening_told: bool,
    /// Whether people have been told that it closes soon.
    #[serde(default)]
    pub closing_told: bool,
    /// Whether nothing has changed since the result was signed. It is looked at once more after [`SETTLES_AFTER`].
    #[serde(default)]
    pub settled: bool,
    /// What became of what was chosen, the oldest first.
    #[serde(default)]
    pub progress: Vec<Progress>,
}

/// How long after the close the ballots are counted: twice the time after which no request of before can still write.
pub const COUNTED_AFTER: SignedDuration = SignedDuration::from_secs(20);

/// How long after the close the ballots are compared with the result once more.
pub const SETTLES_AFTER: SignedDuration = SignedDuration::from_hours(1);

impl Poll {
    /// A poll that begins to be prepared.
    pub fn draft(id: PollId, organizer: &Person, question: Question) -> Self {
        Self {
            id,
            version: 1,
            organization: organizer.organization.clone(),
            organizer: organizer.id.clone(),
            question,
            stage: Stage::Draft,
            opening_told: false,
            closing_told: false,
            settled: false,
            progress: Vec::new(),
        }
    }

    /// What the poll is at this instant: it opens and closes by itself.
    pub fn status(&self, now: Timestamp) -> PollStatus {
        match self.stage {
            Stage::Draft => PollStatus::Draft,
            Stage::Certified => PollStatus::Certified,
            Stage::Published if now < self.question.opens => PollStatus::Announced,
            Stage::Published if now < self.question.closes => PollStatus::Open,
            Stage::Published => PollStatus::Closed,
        }
    }

    /// The poll with another question; a draft alone can be changed.
    ///
    /// # Errors
    /// [`Refusal::Frozen`].
    pub fn changed(self, question: Question) -> Result<Self, Refusal> {
        if self.stage != Stage::Draft {
            return Err(Refusal::Frozen);
        }
        Ok(Self { question, version: self.version + 1, ..self })
    }

    /// Publishes the poll: from now on everybody sees it and nothing can be changed.
    ///
    /// # Errors
    /// [`Refusal`] if it is published already or would be over.
    pub fn published(self, now: Timestamp) -> Result<Self, Refusal> {
        if self.stage != Stage::Draft {
            return Err(Refusal::Frozen);
        }
        if self.question.closes <= now {
            return Err(Refusal::OverAlready);
        }
        Ok(Self { stage: Stage::Published, version: self.version + 1, ..self })
    }

    /// Whether the clock still has something to do for it.
    pub fn is_running(&self) -> bool {
        self.stage == Stage::Published || (self.stage == Stage::Certified && !self.settled)
    }

    /// Whether it may be counted: not before the last request of before the close has ended.
    pub fn is_countable(&self, now: Timestamp) -> bool {
        self.stage == Stage::Published && self.question.closes + COUNTED_AFTER <= now
    }

    /// Whether it is time to look at the ballots once more.
    pub fn is_to_settle(&self, now: Timestamp) -> bool {
        self.stage == Stage::Certified && !self.settled && self.question.closes + SETTLES_AFTER <= now
    }

    /// The poll after that.
    #[must_use]
    pub fn settled(self) -> Self {
        Self { settled: true, version: self.version + 1, ..self }
    }

    /// The poll after its result was signed; none before it may be counted.
    pub fn certified(self, now: Timestamp) -> Option<Self> {
        self.is_countable(now).then_some(Self { stage: Stage::Certified, version: self.version + 1, ..self })
    }
}
