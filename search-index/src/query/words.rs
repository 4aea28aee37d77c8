//! The words of a typed line as stems: what must occur in the text or the place of a submission.

/// What must occur, and what must not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub(crate) clauses: Vec<Clause>,
    /// True if words were typed, even if they all were stop words.
    pub(crate) typed: bool,
}

impl Words {
    /// True if no words were typed, not even stop words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.typed
    }

    /// True if hits have scores.
    pub(crate) fn are_scored(&self) -> bool {
        let scored = |clause: &Clause| clause.any.iter().any(|wanted| matches!(wanted, Wanted::Phrase(_)));
        self.clauses.iter().any(|clause| !clause.excluded && scored(clause))
    }

    /// True if this stem of a text was searched for.
    pub(crate) fn want(&self, stem: &str) -> bool {
        let present = self.clauses.iter().filter(|clause| !clause.excluded);
        present.flat_map(|clause| &clause.any).any(|wanted| match wanted {
            Wanted::Phrase(stems) => stems.iter().any(|(_, wanted)| wanted == stem),
            Wanted::Prefix(prefix) => prefix.fits(stem),
        })
    }
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    /// True if it must be absent.
    pub(crate) excluded: bool,
    /// One of these; never empty.
    pub(crate) any: Vec<Wanted>,
}

/// What is looked for in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Stems with their positions relative to the first. One stem is a word, several are a phrase; never empty.
    Phrase(Vec<(usize, String)>),
    /// A word that is not finished.
    Prefix(Prefix),
}

/// The beginning of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// As typed, in small letters.
    pub(crate) start: String,
    /// What is left of it without an ending: `фонари*` has one more letter than the stem of the word it begins.
    pub(crate) stem: Option<String>,
}

impl Prefix {
    /// Of the last word of a text, which ends with it.
    pub(crate) fn of(word: &str) -> Self {
        let start = language::fold(word);
        let stem = language::stems(word).last().map(|stem| stem.text).filter(|stem| *stem != start);
        Self { start, stem }
    }

    /// True if a stem of a text begins so. It may be shorter than the typed prefix by an ending alone: `дома*` finds `дом` and
    /// `домашний`, but not `домофон`.
    pub(crate) fn fits(&self, stem: &str) -> bool {
        stem.starts_with(&self.start) || self.stem.as_deref() == Some(stem)
    }
}

/// The stems of a text with their positions relative to the first; stop words vanish.
pub(crate) fn stems(text: &str) -> Vec<(usize, String)> {
    let mut first = None;
    let relative =
        language::stems(text).map(|stem| (stem.position - *first.get_or_insert(stem.position), stem.text));
    relative.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_meets_stems() {
        let fits = |word: &str, text: &str| {
            let prefix = Prefix::of(word);
            stems(text).iter().any(|(_, stem)| prefix.fits(stem))
        };
        for (word, text) in [
            ("фонар", "фонарями"),
            ("Фонари", "фонарей"),
            ("фон", "фонарь"),
            ("тёмн", "темно"),
            ("ТЕМН", "тёмный"),
            ("дома", "домашний"),
            ("дома", "домов"),
            ("не", "неделя"),
            ("школьны", "школьными"),
        ] {
            assert!(fits(word, text), "{word}* and {text}");
        }
        for (word, text) in [("дома", "домофон"), ("фонарь", "фон"), ("лам", "фонарь")]
        {
            assert!(!fits(word, text), "{word}* and {text}");
        }
    }
}
