//! A refused question. The page marks the typed line where it is wrong.

use std::ops::Range;

use entrypoint::http::{Failure, FieldErrors};

use super::diagnostic::Diagnostic;

/// Why a question is not answered, and the spans of the typed line that are wrong.
#[derive(Debug)]
pub(crate) struct RefusedQuestion {
    pub(crate) failure: Failure,
    /// In characters from 0, in no particular order.
    pub(crate) spans: Box<[Range<usize>]>,
}

impl RefusedQuestion {
    /// What is wrong with the parameters and with the typed line; none if nothing is.
    pub(crate) fn of(mut errors: FieldErrors, line: Vec<Diagnostic>) -> Option<Self> {
        let mut spans = Vec::with_capacity(line.len());
        for diagnostic in line {
            spans.push(diagnostic.span);
            errors.push(diagnostic.error);
        }
        (!errors.is_empty()).then(|| Self { failure: errors.into(), spans: spans.into() })
    }

    /// The line in parts, each with whether it is wrong; empty if no part is.
    pub(crate) fn marked(&self, line: &str) -> Vec<(String, bool)> {
        let mut spans = self.spans.to_vec();
        spans.sort_unstable_by_key(|span| (span.start, span.end));
        if spans.is_empty() {
            return Vec::new();
        }
        let part = |from: usize, to: usize| {
            line.chars().skip(from).take(to.saturating_sub(from)).collect::<String>()
        };
        let mut parts = Vec::new();
        let mut done = 0;
        for span in spans {
            parts.push((part(done, span.start), false));
            parts.push((part(span.start.max(done), span.end), true));
            done = done.max(span.end);
        }
        parts.push((part(done, line.chars().count()), false));
        parts.retain(|(text, _)| !text.is_empty());
        parts
    }
}

impl From<Failure> for RefusedQuestion {
    fn from(failure: Failure) -> Self {
        Self { failure, spans: Box::default() }
    }
}

impl From<RefusedQuestion> for Failure {
    fn from(refused: RefusedQuestion) -> Self {
        refused.failure
    }
}

#[cfg(test)]
mod tests {
    use search_index::Line;

    use super::*;
    use crate::question::diagnostic::syntax_error;

    #[test]
    fn the_line_is_marked_where_it_is_wrong() {
        let line = "яма цвет:x - двор";
        let errors = Line::read(line).unwrap_err().iter().map(|found| syntax_error(line, found)).collect();
        let refused = RefusedQuestion::of(FieldErrors::default(), errors).unwrap();
        let show = |(text, wrong): (String, bool)| if wrong { format!("[{text}]") } else { text };
        let shown: String = refused.marked(line).into_iter().map(show).collect();
        assert_eq!(shown, "яма [цвет]:x [-] двор");
        assert_eq!(RefusedQuestion::from(Failure::field("q", "too long")).marked(line), []);
    }

    #[test]
    fn spans_that_overlap_are_marked_once() {
        let spans = [4..7, 0..5].into();
        let refused = RefusedQuestion { failure: Failure::NotFound, spans };
        let marked = refused.marked("abcdefghi");
        let text = |text: &str, wrong| (text.to_owned(), wrong);
        assert_eq!(marked, [text("abcde", true), text("fg", true), text("hi", false)]);
    }
}
