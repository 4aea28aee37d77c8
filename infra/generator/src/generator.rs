//! What messages are made from: a world, a calendar, a vocabulary, and a plan of what is hidden.

use super::borrowed::Sentences;
use super::calendar::Calendar;
use super::planted::Plan;
use super::vocabulary::Vocabulary;
use super::world::{World, WorldEntry, WorldError};

/// Makes messages.
#[derive(Debug)]
pub struct Generator {
    pub(super) seed: u64,
    pub(super) vocabulary: Vocabulary,
    pub(super) calendar: Calendar,
    pub(super) world: World,
    pub(super) plan: Plan,
    /// What texts are made of, if not of templates.
    pub(super) sentences: Option<Sentences>,
}

impl Generator {
    /// Messages from a made-up country: 90 regions, some 2,300 municipalities, 153 categories, 19,000 organizations.
    ///
    /// # Errors
    /// [`WorldError`], if the vocabulary were wrong.
    pub fn country(seed: u64) -> Result<Self, WorldError> {
        let vocabulary = Vocabulary::read();
        let world = World::country(&vocabulary)?;
        Ok(Self::of_world(seed, vocabulary, world))
    }

    /// Messages for a directory that is there already. The leaves of both trees are used; where a category is not known
    /// to the vocabulary, people write of its name.
    ///
    /// # Errors
    /// [`WorldError`] if there are no categories or no territories, or one has no valid id.
    pub fn of_directory(
        seed: u64,
        categories: &[WorldEntry],
        territories: &[WorldEntry],
    ) -> Result<Self, WorldError> {
        let vocabulary = Vocabulary::read();
        let world = World::of(&vocabulary, categories, territories)?;
        Ok(Self::of_world(seed, vocabulary, world))
    }

    fn of_world(seed: u64, vocabulary: Vocabulary, world: World) -> Self {
        let calendar = Calendar::new();
        let plan = Plan::new(seed, &world, &calendar);
        Self { seed, vocabulary, calendar, world, plan, sentences: None }
    }

    /// The same messages, but with texts of these sentences. Clusters are no longer alike then.
    #[must_use]
    pub fn with_texts(self, sentences: impl Into<Option<Sentences>>) -> Self {
        Self { sentences: sentences.into(), ..self }
    }
}
