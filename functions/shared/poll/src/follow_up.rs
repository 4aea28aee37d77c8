//! What became of what was chosen.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Poll;
use super::ballot::OptionId;
use super::error::Refusal;
use domain::text::Text;

/// What is said of a project.
pub type ProgressNote = Text<500>;

/// Pieces of news of a poll, at most: they lie in its item.
const NEWS: usize = 100;

/// How far a chosen project has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgressStage {
    /// There is a plan.
    Planned,
    /// It is being built.
    InWork,
    /// It stands.
    Built,
    /// It will not be built; the note says why.
    Dropped,
}

impl ProgressStage {
    /// Every stage.
    pub const ALL: [Self; 4] = [Self::Planned, Self::InWork, Self::Built, Self::Dropped];

    /// The name used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::InWork => "in_work",
            Self::Built => "built",
            Self::Dropped => "dropped",
        }
    }
}

/// One piece of news of a chosen project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Which project.
    pub option: OptionId,
    /// How far it has come.
    pub stage: ProgressStage,
    /// Since when, or for when it is planned.
    pub date: Date,
    /// The note on it. A dropped project needs the reason here.
    pub note: ProgressNote,
}

impl Poll {
    /// The poll with news of a project that won.
    ///
    /// # Errors
    /// [`Refusal::NotChosen`], [`Refusal::TooMuchNews`].
    pub fn with_progress(mut self, news: Progress, winners: &[OptionId]) -> Result<Self, Refusal> {
        if self.progress.len() >= NEWS {
            return Err(Refusal::TooMuchNews);
        }
        if !winners.contains(&news.option) {
            return Err(Refusal::NotChosen);
        }
        self.progress.push(news);
        self.version += 1;
        Ok(self)
    }
}
