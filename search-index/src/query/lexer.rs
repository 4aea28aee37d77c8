//! The lexer of the typed line: it cuts the line into pieces, one for each word, quotation or filter.
//!
//! Tantivy's grammar tells where it stumbled but not where its leaves stand. It reads piece by piece, so each leaf has a place.

use std::ops::Range;

/// Keyboards and word processors mix them: any mark opens, and any closes unless its partner is there.
const QUOTATION_MARKS: [char; 6] = ['"', '«', '»', '“', '”', '„'];

/// Means something to the grammar and nothing here: as in a text, it parts words.
const PUNCTUATION: [char; 15] =
    ['\'', '`', '^', '~', '/', '[', ']', '{', '}', '(', ')', '\\', '+', '!', '\u{feff}'];

/// What stands between spaces, or a quotation with what belongs to it. Places are counted in characters of the line.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) place: Range<usize>,
    /// The name of the field, if it is a filter.
    pub(crate) field: Option<Range<usize>>,
    /// The inside of the quotation, if there is one.
    pub(crate) quoted: Option<Range<usize>>,
    /// The same for the grammar, character by character.
    pub(crate) text: String,
}

impl Piece {
    /// Where a byte of the text for the grammar stands in the line.
    pub(crate) fn at(&self, byte: usize) -> usize {
        let before = self.text.char_indices().take_while(|(at, _)| *at < byte).count();
        (self.place.start + before).min(self.place.end.saturating_sub(1))
    }

    /// True if a quotation is opened and not closed.
    pub(crate) fn is_unclosed(&self) -> bool {
        self.quoted.as_ref().is_some_and(|inside| inside.end == self.place.end)
    }
}

/// The pieces of a line, in its order.
pub(crate) fn cut(line: &[char]) -> Vec<Piece> {
    let chars: Vec<char> = line.iter().copied().map(plain).collect();
    let mut pieces = Vec::new();
    let mut at = spaces_end(&chars, 0);
    while at < chars.len() {
        let piece = piece(line, &chars, at);
        at = spaces_end(&chars, piece.place.end);
        pieces.push(piece);
    }
    pieces
}

fn plain(c: char) -> char {
    match c {
        c if QUOTATION_MARKS.contains(&c) => '"',
        c if PUNCTUATION.contains(&c) => ',',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

fn piece(line: &[char], chars: &[char], start: usize) -> Piece {
    let body = start + usize::from(chars[start] == '-');
    let field = field_name(chars, body);
    let from = field.as_ref().map_or(body, |name| value_start(chars, name.end + 1));
    let quoted = (chars.get(from) == Some(&'"')).then(|| from + 1..closing(line, from));
    let end = match (&quoted, &field) {
        (Some(inside), _) => chars.len().min(inside.end + 1),
        // A filter whose value is missing does not reach over the spaces behind it.
        (None, _) if from == chars.len() => {
            start + chars[start..].iter().rposition(|c| *c != ' ').map_or(1, |last| last + 1)
        }
        (None, _) => end_where(chars, from, |c| c == ' ' || c == '"'),
    };
    let quotation = quoted.clone().unwrap_or(end..end);
    let mut text = String::with_capacity(end - start);
    for (at, c) in (start..end).zip(&chars[start..end]) {
        // Outside of filters these are no signs either, nor is a quotation in a quotation.
        let is_sign = field.is_none() && at < quotation.start && [':', '<', '>'].contains(c);
        let is_inner = quotation.contains(&at) && *c == '"';
        text.push(if is_sign || is_inner { ',' } else { *c });
    }
    Piece { place: start..end, field, quoted, text }
}

/// Where the quotation that begins here ends: at its partner, `"«Весна» на реке"`, or at the next mark of any kind; the
/// end of the line if there is none.
fn closing(line: &[char], open: usize) -> usize {
    let inside = open + 1;
    let partner = match line[open] {
        '"' => end_where(line, inside, |c| c == '"'),
        '«' => {
            let mut depth = 1_usize;
            end_where(line, inside, |c| {
                depth += usize::from(c == '«');
                depth -= usize::from(c == '»');
                depth == 0
            })
        }
        _ => line.len(),
    };
    if partner < line.len() { partner } else { end_where(line, inside, |c| QUOTATION_MARKS.contains(&c)) }
}

/// A field is named by a word with a colon right after it; `12:30` and `д.5:1` name none.
fn field_name(chars: &[char], start: usize) -> Option<Range<usize>> {
    let end = end_where(chars, start, |c| !(c.is_alphabetic() || c == '_' || c == '-'));
    let named = chars.get(start).is_some_and(|first| first.is_alphabetic());
    (named && chars.get(end) == Some(&':')).then_some(start..end)
}

/// People write a space after the colon, and after a sign of comparison.
fn value_start(chars: &[char], after_colon: usize) -> usize {
    let sign = spaces_end(chars, after_colon);
    let compared = end_where(chars, sign, |c| !['<', '>', '='].contains(&c));
    spaces_end(chars, compared)
}

fn spaces_end(chars: &[char], from: usize) -> usize {
    end_where(chars, from, |c| c != ' ')
}

/// The first place from here where something is so, or the end.
fn end_where(chars: &[char], from: usize, mut is_so: impl FnMut(char) -> bool) -> usize {
    chars[from..].iter().position(|c| is_so(*c)).map_or(chars.len(), |offset| from + offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        let chars: Vec<char> = line.chars().collect();
        cut(&chars).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn words_quotations_and_filters_are_pieces() {
        assert_eq!(texts(" яма  -двор"), ["яма", "-двор"]);
        assert_eq!(texts("ООО«Яма на» дороге"), ["ООО", "\"Яма на\"", "дороге"]);
        assert_eq!(texts("-«мокрый снег»-лёд"), ["-\"мокрый снег\"", "-лёд"]);
        assert_eq!(texts("тема: «Яма на» x"), ["тема: \"Яма на\"", "x"]);
        assert_eq!(texts("mark:> 3 x"), ["mark:> 3", "x"]);
        assert_eq!(texts("в 12:30 (a) <b>"), ["в", "12,30", ",a,", ",b,"]);
        assert_eq!(texts("mark:   "), ["mark:"]);
        assert_eq!(texts("\u{a0} "), Vec::<String>::new());
    }

    #[test]
    fn a_quotation_may_hold_another() {
        assert_eq!(texts("org:\"ООО «Весна»\" x"), ["org:\"ООО ,Весна,\"", "x"]);
        assert_eq!(texts("«ООО «Весна» и „Лето“» x"), ["\"ООО ,Весна, и ,Лето,\"", "x"]);
        assert_eq!(texts("«ООО «Весна» x"), ["\"ООО \"", "Весна", "\" x"]);
        assert_eq!(texts("„яма“ \"двор» «лёд\" x"), ["\"яма\"", "\"двор, ,лёд\"", "x"]);
    }

    #[test]
    fn an_unclosed_quotation_reaches_the_end() {
        let chars: Vec<char> = "яма «мокрый снег".chars().collect();
        let pieces = cut(&chars);
        assert_eq!(pieces[1].place, 4..16);
        assert!(pieces[1].is_unclosed() && !pieces[0].is_unclosed());
        // Closed at the very end is closed.
        assert!(!cut(&"«яма»".chars().collect::<Vec<_>>())[0].is_unclosed());
        assert!(cut(&['"'])[0].is_unclosed());
    }
}
