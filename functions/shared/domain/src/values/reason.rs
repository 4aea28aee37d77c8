//! Why something is refused, in a form that pages can say in their own language.

use std::fmt::Display;

/// An error that says why in English (`Display`), and by a stable name with the parts that a text needs.
pub trait Reason: Display {
    /// The name, for programs and for texts: `too-long`.
    fn code(&self) -> &'static str;

    /// What a text mentions, by name.
    fn parts(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}
