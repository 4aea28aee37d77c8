//! What every page shares: layout, design, form fields, texts in two languages, timeline, charts, error pages.
//!
//! A page is an askama template of the function that owns the resource. It extends `layout.html`, holds a [`Layout`] and
//! takes every word from the texts in `texts/`.

mod accept;
mod address;
mod answer;
mod assets;
mod chart;
pub mod choices;
mod fields;
mod format;
mod language;
mod layout;
mod notice;
mod problem;
mod respond;
mod serve;
pub mod submission;
pub mod table;
mod texts;
mod tracking_link;
mod visit;

pub use address::Address;
pub use answer::Done;
pub use assets::{Asset, asset};
pub use chart::{Chart, Series};
pub use fields::{Area, Choice, Choices, Field, Form, Markup};
pub use language::Language;
pub use layout::{Layout, Viewer, Whole};
pub use problem::explain;
pub use respond::{html, html_with, see_other};
pub use serve::serve;
pub use texts::{Texts, say};
pub use tracking_link::accept_tracking_link;
pub use visit::Visit;

/// Everything that templates of functions use.
pub mod prelude {
    pub use crate::{Done, Form, Layout, Markup, Visit, html, html_with, see_other};
}
