//! Cuts a long text around the words that were searched for.

use std::ops::Range;

use crate::query::words::Words;

/// Length of a snippet, in characters, without the ellipses.
const LENGTH: usize = 200;

/// Characters shown before the first match.
const LEAD: usize = 40;

/// A piece of plain text; the page escapes it and decides how highlighting looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// The text, with `…` where the original goes on.
    pub text: String,
    /// True if it is a word that was searched for.
    pub highlighted: bool,
}

/// Shows where in a text the words of a query are.
pub struct Highlighter {
    words: Words,
}

impl Highlighter {
    /// For the words that must occur.
    #[must_use]
    pub fn new(words: Words) -> Self {
        Self { words }
    }

    /// About 200 characters around the words, or the beginning of the text when none occurs in it.
    pub fn cut(&self, text: &str) -> Vec<Fragment> {
        cut(text, &self.words)
    }
}

/// The best part of the text, or its beginning when no word occurs in it.
fn cut(text: &str, words: &Words) -> Vec<Fragment> {
    let matches = find(text, words);
    let window = window(text, &matches);
    let mut fragments = Vec::new();
    let mut push = |text: &str, highlighted: bool| {
        if !text.is_empty() {
            fragments.push(Fragment { text: text.to_owned(), highlighted });
        }
    };
    let before = if window.start > 0 { "…" } else { "" };
    let after = if window.end < text.len() { "…" } else { "" };
    let mut plain = before.to_owned();
    let mut at = window.start;
    for found in matches.iter().filter(|found| window.start <= found.start && found.end <= window.end) {
        plain.push_str(&text[at..found.start]);
        push(&plain, false);
        plain.clear();
        push(&text[found.clone()], true);
        at = found.end;
    }
    plain.push_str(&text[at..window.end]);
    plain.push_str(after);
    push(&plain, false);
    fragments
}

/// Byte ranges of the words that were searched for, in order.
fn find(text: &str, words: &Words) -> Vec<Range<usize>> {
    language::stems(text).filter(|stem| words.want(&stem.text)).map(|stem| stem.range).collect()
}

/// The byte range with the most matches, earliest first, cut at white space where there is some.
fn window(text: &str, matches: &[Range<usize>]) -> Range<usize> {
    // Byte offset of every character and of the end: all cuts are taken from here, so none splits a character.
    let chars: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let length = chars.len() - 1;
    if length <= LENGTH {
        return 0..text.len();
    }
    let mut best = (0, 0..chars[LENGTH]);
    for (index, found) in matches.iter().enumerate() {
        let character = chars.partition_point(|at| *at < found.start);
        let start = character.saturating_sub(LEAD).min(length - LENGTH);
        let candidate = chars[start]..chars[start + LENGTH];
        let count = matches[index..].iter().take_while(|other| other.end <= candidate.end).count();
        if count > best.0 {
            best = (count, candidate);
        }
    }
    trim(text, best.1, matches)
}

/// Moves the ends of the window inwards to white space, but over no match and by no more than the lead.
fn trim(text: &str, window: Range<usize>, matches: &[Range<usize>]) -> Range<usize> {
    let inside = |found: &&Range<usize>| window.start <= found.start && found.end <= window.end;
    let first = matches.iter().find(inside).map_or(window.end, |found| found.start);
    let last = matches.iter().rfind(inside).map_or(window.start, |found| found.end);
    let mut trimmed = window.clone();
    if window.start > 0 {
        let head = text[window.start..first].char_indices().take(LEAD).find(|(_, c)| c.is_whitespace());
        if let Some((at, space)) = head {
            trimmed.start = window.start + at + space.len_utf8();
        }
    }
    if window.end < text.len() {
        let from = last.max(trimmed.start);
        let tail = text[from..window.end].char_indices().rev().take(LEAD).find(|(_, c)| c.is_whitespace());
        if let Some((at, _)) = tail {
            trimmed.end = from + at;
        }
    }
    trimmed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parser::Line;

    fn snippet(text: &str, query: &str) -> Vec<Fragment> {
        let line = Line::read(query).expect("a line without mistakes");
        cut(text, &line.words)
    }

    fn marked(fragments: &[Fragment]) -> String {
        let show = |f: &Fragment| {
            if f.highlighted { format!("[{}]", f.text) } else { f.text.clone() }
        };
        fragments.iter().map(show).collect()
    }

    #[test]
    fn a_short_text_is_whole() {
        assert_eq!(marked(&snippet("Яма, <b>ямы</b> и двор", "яму")), "[Яма], <b>[ямы]</b> и двор");
        assert_eq!(marked(&snippet("Во дворе темно", "яма")), "Во дворе темно");
        assert_eq!(snippet("", "яма"), []);
    }

    #[test]
    fn what_a_prefix_finds_is_marked() {
        assert_eq!(
            marked(&snippet("Фонарь, фонарный столб, фон", "фонар*")),
            "[Фонарь], [фонарный] столб, фон"
        );
        assert_eq!(marked(&snippet("Фонарь и яма", "-фонар* яма")), "Фонарь и [яма]");
    }

    #[test]
    fn a_long_text_is_cut_around_the_matches() {
        let text = format!("{}у подъезда не горят фонари, {}", "слово ".repeat(100), "конец ".repeat(100));
        let snippet = marked(&snippet(&text, "фонарь горит"));
        assert!(snippet.contains("у подъезда не [горят] [фонари], конец"), "{snippet}");
        assert!(snippet.starts_with("…слово") && snippet.ends_with("конец…"), "{snippet}");
        assert!((150..=206).contains(&snippet.chars().count()), "{snippet}");
    }

    #[test]
    fn text_without_spaces_is_cut_too() {
        let text = "ы".repeat(1000);
        assert_eq!(marked(&snippet(&text, "яма")).chars().count(), LENGTH + 1);
    }

    proptest::proptest! {
        #[test]
        fn a_snippet_is_a_part_of_its_text(text in "[ а-яa-z😀\n]{0,600}", query in "[ а-я]{0,20}") {
            let fragments = snippet(&text, &query);
            let joined: String = fragments.iter().map(|fragment| fragment.text.as_str()).collect();
            proptest::prop_assert!(text.contains(joined.trim_matches('…')));
            proptest::prop_assert!(joined.chars().count() <= LENGTH + 2);
        }
    }
}
