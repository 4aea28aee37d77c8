//! Slips of the finger. They are rare, and no two are alike: most words that occur once only are such.

use fastrand::Rng;

/// Letters that people mistake for each other.
const ALIKE: [(char, char); 8] =
    [('о', 'а'), ('е', 'и'), ('т', 'д'), ('с', 'з'), ('б', 'п'), ('ш', 'щ'), ('и', 'й'), ('г', 'к')];

/// Spoils a letter somewhere.
pub(super) fn slip(text: &mut String, rng: &mut Rng) {
    if text.len() < 20 {
        return;
    }
    let mut at = rng.usize(..text.len() - 8);
    while !text.is_char_boundary(at) {
        at += 1;
    }
    let mut signs = text[at..].chars();
    let (Some(first), Some(second)) = (signs.next(), signs.next()) else { return };
    if !is_letter(first) || !is_letter(second) {
        return;
    }
    let end = at + first.len_utf8();
    match rng.u8(..10) {
        0..3 => text.replace_range(at..end, ""),
        3..5 => text.insert(at, first),
        5..7 => {
            let pair: String = [second, first].into_iter().collect();
            text.replace_range(at..end + second.len_utf8(), &pair);
        }
        _ => {
            let other = ALIKE.iter().find_map(|(one, other)| match first {
                _ if first == *one => Some(*other),
                _ if first == *other => Some(*one),
                _ => None,
            });
            text.replace_range(at..end, other.unwrap_or(second).encode_utf8(&mut [0; 4]));
        }
    }
}

fn is_letter(sign: char) -> bool {
    ('а'..='я').contains(&sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_changes_a_letter_or_nothing() {
        let whole = "Не горит фонарь на улице Садовой, дом 12";
        let mut rng = Rng::with_seed(7);
        let mut changed = 0;
        for _ in 0..200 {
            let mut text = whole.to_owned();
            slip(&mut text, &mut rng);
            let difference = text.chars().count().abs_diff(whole.chars().count());
            assert!(difference < 2, "{text}");
            changed += u32::from(text != whole);
        }
        assert!(changed > 80, "{changed}");
    }
}
