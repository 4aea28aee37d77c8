//! A part of time in which terms end.

use jiff::Timestamp;

/// Running terms that end after one instant and not after another; one that is left out does not bound them. A clock that stands
/// still has no end, and is after every instant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    pub after: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

impl Span {
    /// Whether a term that ends so lies in it; a clock that stands still has no end.
    pub fn has(&self, ends: Option<Timestamp>) -> bool {
        let ends = ends.unwrap_or(Timestamp::MAX);
        self.after.is_none_or(|after| after < ends) && self.until.is_none_or(|until| ends <= until)
    }
}
