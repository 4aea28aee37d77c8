//! What a person means by the line typed into the search field. There is no syntax to get wrong: whatever is not
//! a word, a quotation or a leading minus is a separator.

use tantivy::tokenizer::TextAnalyzer;

/// Words of a query beyond this number are ignored, so that a pasted letter costs no more than a long question.
const WORD_LIMIT: usize = 64;

/// All marks count alike, opening or closing: keyboards and word processors mix them.
const QUOTATION_MARKS: [char; 6] = ['"', '«', '»', '“', '”', '„'];

/// One condition of a typed query, after analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    /// Must the words be absent rather than present?
    pub(crate) excluded: bool,
    /// Stems with their positions relative to the first. One stem is a word, several are a phrase; never empty.
    pub(crate) stems: Vec<(usize, String)>,
}

/// A piece of the line, before analysis.
struct Piece<'a> {
    excluded: bool,
    quoted: bool,
    text: &'a str,
}

/// Reads the line. Stop words vanish, so the result may be empty.
pub(crate) fn parse(line: &str, analyzer: &mut TextAnalyzer) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let mut words = 0;
    for piece in pieces(line) {
        let mut stems = stems(piece.text, analyzer);
        stems.truncate(WORD_LIMIT - words);
        words += stems.len();
        if stems.is_empty() {
            continue;
        }
        let excluded = piece.excluded;
        if piece.quoted || excluded {
            // `-ул.Ленина` excludes the two words side by side, not every text with `ул`.
            clauses.push(Clause { excluded, stems });
        } else {
            let single = stems.into_iter().map(|(_, stem)| Clause { excluded, stems: vec![(0, stem)] });
            clauses.extend(single);
        }
    }
    clauses
}

fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (excluded, body) = match rest.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, rest),
        };
        let quotation =
            body.strip_prefix(QUOTATION_MARKS).and_then(|inner| inner.split_once(QUOTATION_MARKS));
        let (text, tail) = quotation.unwrap_or_else(|| first_word(body));
        pieces.push(Piece { excluded, quoted: quotation.is_some(), text });
        rest = tail.trim_start();
    }
    pieces
}

/// The text up to white space or a quotation mark, and the rest.
fn first_word(text: &str) -> (&str, &str) {
    // A mark without its partner is a separator like any other.
    let text = text.strip_prefix(QUOTATION_MARKS).unwrap_or(text);
    let end = text.find(|c: char| c.is_whitespace() || QUOTATION_MARKS.contains(&c));
    text.split_at(end.unwrap_or(text.len()))
}

fn stems(text: &str, analyzer: &mut TextAnalyzer) -> Vec<(usize, String)> {
    let mut stream = analyzer.token_stream(text);
    let mut stems: Vec<(usize, String)> = Vec::new();
    let mut first = None;
    while let Some(token) = stream.next() {
        let first = *first.get_or_insert(token.position);
        stems.push((token.position - first, token.text.clone()));
    }
    stems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analyzer;

    /// Clauses in short: `-` for exclusion, words of a phrase joined by `+` and their distance.
    fn read(line: &str) -> Vec<String> {
        let show = |clause: Clause| {
            let words: Vec<String> = clause.stems.iter().map(|(at, stem)| format!("{stem}{at}")).collect();
            format!("{}{}", if clause.excluded { "-" } else { "" }, words.join("+"))
        };
        parse(line, &mut analyzer()).into_iter().map(show).collect()
    }

    #[test]
    fn words_phrases_and_exclusions() {
        assert_eq!(read("не горит фонарь"), ["гор0", "фонар0"]);
        assert_eq!(read("«яма на дороге» двор"), ["ям0+дорог2", "двор0"]);
        assert_eq!(read("яма -двор -\"мокрый снег\""), ["ям0", "-двор0", "-мокр0+снег1"]);
        assert_eq!(read("двор-колодец"), ["двор0", "колодец0"]);
        assert_eq!(read("яма -ул.Ленина"), ["ям0", "-ул0+ленин1"]);
    }

    #[test]
    fn signs_are_separators() {
        assert_eq!(read("яма: (двор* OR \"снег"), ["ям0", "двор0", "or0", "снег0"]);
        for nothing in ["", "  ", "-", "- -", "\"", "\"\"", "«»»", "и не на", ":()*^~"] {
            assert_eq!(read(nothing), Vec::<String>::new(), "{nothing}");
        }
    }

    #[test]
    fn a_pasted_letter_is_cut() {
        let letter: Vec<String> = (0..500).map(|n| format!("слово{n}")).collect();
        assert_eq!(read(&letter.join(" ")).len(), WORD_LIMIT);
    }
}
