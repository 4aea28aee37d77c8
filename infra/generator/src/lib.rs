//! Made-up messages of citizens for benchmarks and demonstrations: any number of them, all different, in Russian, with
//! the life each of them had, over three years that end at a fixed date.
//!
//! A message depends on the seed and on its number, and on nothing else: the millionth can be made without those before
//! it, and is the same whenever it is made. (Lengths and delays come from logarithms, whose last bit is the mathematics
//! library's: another processor may make a message in many thousands differently.) Numbers do not follow time: a range
//! of them is a sample of the whole history.
//!
//! Everything is made of templates and lists of words in `words/`, written for this purpose; nothing is taken from what
//! real people wrote, unless a caller brings [`Sentences`]. The module does no I/O. It must not know where messages go.
//!
//! Hidden in the messages are spikes and clusters; [`Truth`] tells where, so that what looks for them can be measured.

mod borrowed;
mod calendar;
mod grammar;
mod life;
mod line;
mod message;
mod names;
mod planted;
mod random;
mod scene;
mod text;
mod truth;
mod typo;
mod vocabulary;
mod world;

#[cfg(test)]
mod tests;

pub use borrowed::{Sentences, TextsError};
pub use line::Line;
pub use message::{Message, Planted};
pub use truth::Truth;
pub use world::{Entry, WorldError};

use std::ops::Range;

use calendar::Calendar;
use planted::Plan;
use vocabulary::Vocabulary;
use world::World;

/// Makes messages.
#[derive(Debug)]
pub struct Generator {
    seed: u64,
    vocabulary: Vocabulary,
    calendar: Calendar,
    world: World,
    plan: Plan,
    /// What texts are made of, if not of templates.
    sentences: Option<Sentences>,
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
    pub fn of_directory(seed: u64, categories: &[Entry], territories: &[Entry]) -> Result<Self, WorldError> {
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

    /// The messages with these numbers.
    pub fn messages(&self, numbers: Range<u64>) -> impl Iterator<Item = Message> {
        numbers.map(|number| self.message(number))
    }
}
