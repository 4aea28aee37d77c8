//! Spellings that are one word.

/// A word in small letters, `ё` written as `е`, since people leave out its dots most of the time.
#[must_use]
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    fold_into(word, &mut folded);
    folded
}

/// The same, in place of what the buffer holds.
pub(crate) fn fold_into(word: &str, folded: &mut String) {
    folded.clear();
    // Letter by letter: the Greek sigma that ends a word is no other letter here.
    folded.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == 'ё' { 'е' } else { c }));
}

/// A text whose letters carry their signs themselves: `й` and `ё` typed as two characters become one, and the mark of stress goes.
/// Telephones of one maker and texts out of PDF files have the long form.
///
/// [`tokens`](crate::tokens) does not do so: a sign of its own parts words in the index on disk. Text is composed where it is
/// accepted or compared.
#[must_use]
pub fn compose(text: &str) -> String {
    const ACUTE: char = '\u{301}';
    const GRAVE: char = '\u{300}';
    const BREVE: char = '\u{306}';
    const DIAERESIS: char = '\u{308}';
    let mut composed = String::with_capacity(text.len());
    for c in text.chars() {
        let joined = match (composed.chars().next_back(), c) {
            (Some('и'), BREVE) => 'й',
            (Some('И'), BREVE) => 'Й',
            (Some('е'), DIAERESIS) => 'ё',
            (Some('Е'), DIAERESIS) => 'Ё',
            (Some(letter), ACUTE | GRAVE) if letter.is_alphabetic() => letter,
            (_, c) => {
                composed.push(c);
                continue;
            }
        };
        composed.pop();
        composed.push(joined);
    }
    composed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_dots_do_not_matter() {
        assert_eq!((fold("ЁЛКА"), fold("ёлка"), fold("Елка")), ("елка".into(), "елка".into(), "елка".into()));
        assert_eq!(fold("ΣΑΣ"), "σασ");
    }

    #[test]
    fn signs_join_their_letters() {
        assert_eq!(compose("Но\u{301}выи\u{306} двор, все\u{308}, Е\u{308}ж"), "Новый двор, всё, Ёж");
        assert_eq!(compose("\u{306}\u{301}и"), "\u{306}\u{301}и");
        assert_eq!(compose("п. 5\u{301}"), "п. 5\u{301}");
    }
}
