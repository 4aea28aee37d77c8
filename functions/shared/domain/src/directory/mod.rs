//! The directory: everything about organizations, territories, categories, rules and roles, written whole.
//!
//! A [`Draft`] is what files say; a [`Directory`] is a draft in which every reference resolves, every tree is a tree
//! and every submission would find its deadline and its organization.

pub mod authorization;
pub mod category;
mod check;
mod difference;
mod draft;
mod entry;
mod flaw;
pub mod organization;
pub mod person;
mod section;
pub mod territory;
pub mod tree;
pub mod voter;

pub use check::{Directory, required_terms};
pub use difference::{Changed, Counts, FieldChange, Kind, counts, difference};
pub use draft::Draft;
pub use entry::{Entry, Reference, target};
pub use flaw::{Flaw, NAME_LENGTH, Violation};
pub use section::{Section, UnknownSection};
