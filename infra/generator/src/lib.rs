//! Made-up messages of citizens for benchmarks and demonstrations: any number of them, all different, in Russian, with
//! the life each of them had, over three years that end at a fixed date.
//!
//! A message depends on the seed and on its number, and on nothing else: the millionth can be made without those before
//! it, and is the same whenever it is made. (Lengths and delays come from logarithms, whose last bit is the mathematics
//! library's: another processor may make a message in many thousands differently.) Numbers do not follow time: a range
//! of them is a sample of the whole history.
//!
//! Everything is made of templates and lists of words in `words/`, written for this purpose; nothing is taken from what
//! real people wrote, unless a caller brings [`Sentences`]. The crate does no I/O and does not know where messages go.
//!
//! Hidden in the messages are spikes and clusters; [`Truth`] tells where, so that what looks for them can be measured.

mod borrowed;
mod calendar;
mod generator;
mod grammar;
mod life;
mod line;
mod message;
mod names;
mod number;
mod planted;
mod random;
mod scene;
mod territory;
mod text;
mod truth;
mod typo;
mod vocabulary;
mod world;

#[cfg(test)]
mod tests;

pub use borrowed::{Sentences, TextsError};
pub use generator::Generator;
pub use line::MessageLine;
pub use message::{Message, Planted};
pub use truth::Truth;
pub use world::{WorldEntry, WorldError};
