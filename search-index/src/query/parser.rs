//! The parser of the typed line: words, `"phrases"`, `-exclusions`, `prefixes*`, `one OR another`, and filters such as `mark:<3`.
//!
//! Only punctuation and stop words are passed over. Everything else that cannot be read is a [`Mistake`] with its place.

use std::ops::Range;

use tantivy_query_grammar::{
    Delimiter, Occur, UserInputAst, UserInputLeaf, UserInputLiteral, parse_query_lenient,
};

use crate::query::field::SearchField;
use crate::query::field_filter::{FieldFilter, Name, Typed, condition};
use crate::query::lexer::{Piece, cut};
use crate::query::mistake::{Fault, Mistake, PREFIX_MINIMUM, WORD_LIMIT};
use crate::query::words::{Clause, Prefix, Wanted, Words, stems};

/// More mistakes are not told at once.
const MISTAKE_LIMIT: usize = 10;

/// A line that was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// What is searched for in the texts.
    pub words: Words,
    /// What is searched for beside the texts, in the order of the line. All of them hold.
    pub filters: Vec<FieldFilter>,
}

/// A piece of the line as the grammar has read it.
enum ParsedPiece {
    Or,
    And,
    Filter(FieldFilter),
    Words { excluded: bool, quoted: bool, text: String },
    Prefix { excluded: bool, text: String },
}

impl Line {
    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it, from left to right, the first ten.
    pub fn read(line: &str) -> Result<Self, Vec<Mistake>> {
        let chars: Vec<char> = line.chars().collect();
        let pieces = cut(&chars);
        let mut mistakes = Vec::new();
        let mut parts = Vec::with_capacity(pieces.len());
        for piece in &pieces {
            match part(piece, &chars) {
                Ok(part) => parts.push((piece.place.clone(), part)),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        if mistakes.is_empty() {
            // What `OR` joins is not known while a part cannot be read.
            mistakes = misjoined(&parts, &pieces, &chars);
        }
        if mistakes.is_empty() {
            return gather(parts).map_err(|mistake| vec![mistake]);
        }
        mistakes.truncate(MISTAKE_LIMIT);
        Err(mistakes)
    }
}

fn part(piece: &Piece, chars: &[char]) -> Result<ParsedPiece, Mistake> {
    let wrong = |place: Range<usize>, fault| Err(Mistake { place, fault });
    let place = piece.place.clone();
    let typed: String = chars[place.clone()].iter().collect();
    match typed.as_str() {
        "OR" | "ИЛИ" => return Ok(ParsedPiece::Or),
        "AND" => return Ok(ParsedPiece::And),
        _ => {}
    }
    if piece.is_unclosed() {
        let mark = piece.quoted.as_ref().map_or(place.start, |inside| inside.start - 1);
        return wrong(mark..mark + 1, Fault::UnclosedQuotation);
    }
    if let Some(name) = &piece.field {
        let field = SearchField::named(&chars[name.clone()].iter().collect::<String>());
        let Some(field) = field else { return wrong(name.clone(), Fault::UnknownField) };
        return filter(piece, field, name, chars).map(ParsedPiece::Filter);
    }
    if let Some(sign) = stray_sign(piece, chars) {
        return wrong(sign..sign + 1, Fault::StraySign);
    }
    let body = place.start + usize::from(chars[place.start] == '-');
    if chars.get(body) == Some(&':') {
        return wrong(body..body + 1, Fault::LoneColon);
    }
    let star = place.clone().find(|at| chars[*at] == '*' && piece.quoted.is_none());
    if let Some(star) = star {
        let word = &chars[body..star];
        if star + 1 < place.end || word.is_empty() || !word.iter().all(|c| c.is_alphanumeric()) {
            return wrong(star..star + 1, Fault::StrayStar);
        }
        if word.len() < PREFIX_MINIMUM {
            return wrong(place, Fault::ShortPrefix);
        }
    }
    match leaf(piece) {
        Ok((excluded, UserInputLeaf::Literal(UserInputLiteral { phrase, .. }))) => {
            if let Some(word) = phrase.strip_suffix('*').filter(|_| star.is_some()) {
                return Ok(ParsedPiece::Prefix { excluded, text: word.to_owned() });
            }
            let quoted = piece.quoted.is_some();
            let has_word = phrase.contains(char::is_alphanumeric);
            match (has_word, quoted, excluded) {
                (false, true, _) => wrong(place, Fault::EmptyQuotation),
                (false, false, true) => wrong(place, Fault::LoneMinus),
                _ => Ok(ParsedPiece::Words { excluded, quoted, text: phrase }),
            }
        }
        Err(_) if typed == "-" => wrong(place, Fault::LoneMinus),
        Err(at) => wrong(at..place.end, Fault::Unreadable),
        Ok(_) => wrong(place, Fault::Unreadable),
    }
}

/// What stands before the name of a field in a piece that is no filter: `(status:open)` looks for no words.
fn stray_sign(piece: &Piece, chars: &[char]) -> Option<usize> {
    let end = piece.quoted.as_ref().map_or(piece.place.end, |inside| inside.start);
    let is_name = |c: &char| c.is_alphabetic() || *c == '_';
    (piece.place.start..end).filter(|at| chars[*at] == ':').find_map(|colon| {
        let name = chars[piece.place.start..colon].iter().rev().take_while(|c| is_name(c)).count();
        let begins = colon - name;
        SearchField::named(&chars[begins..colon].iter().collect::<String>())?;
        begins.checked_sub(1).filter(|sign| *sign >= piece.place.start)
    })
}

/// A piece as the grammar reads it: whether it is excluded, and what it is; or the place where the grammar stumbles.
fn leaf(piece: &Piece) -> Result<(bool, UserInputLeaf), usize> {
    let (tree, errors) = parse_query_lenient(&piece.text);
    if let Some(error) = errors.first() {
        return Err(piece.at(error.pos));
    }
    let (excluded, tree) = match tree {
        UserInputAst::Clause(mut only) if only.len() == 1 => {
            let (occur, tree) = only.remove(0);
            (occur == Some(Occur::MustNot), tree)
        }
        tree => (false, tree),
    };
    match tree {
        UserInputAst::Leaf(leaf) => Ok((excluded, *leaf)),
        _ => Err(piece.place.start),
    }
}

fn filter(
    piece: &Piece,
    field: SearchField,
    name: &Range<usize>,
    chars: &[char],
) -> Result<FieldFilter, Mistake> {
    let end = piece.place.end;
    let named = |place: Range<usize>| Name { text: chars[place.clone()].iter().collect(), place };
    let start = (name.end + 1..end).find(|at| !chars[*at].is_whitespace());
    let value = start.map_or(end..end, |start| start..end);
    let is_sign = |c: &char| ['<', '>', '='].contains(c) || c.is_whitespace();
    let inside = piece.quoted.clone().map(|inside| &chars[inside]);
    if chars[value.clone()].iter().all(is_sign) || inside.is_some_and(|inside| inside.iter().all(is_sign)) {
        return Err(Mistake { place: name.start..end, fault: Fault::NoValue(field) });
    }
    let (excluded, leaf) = leaf(piece).map_err(|at| Mistake { place: at..end, fault: Fault::Unreadable })?;
    let typed = match leaf {
        UserInputLeaf::Literal(UserInputLiteral { delimiter: Delimiter::None, .. })
        | UserInputLeaf::Exists { .. } => Typed::Word(named(value.clone())),
        UserInputLeaf::Literal(_) => Typed::Quoted(named(piece.quoted.clone().unwrap_or(value.clone()))),
        UserInputLeaf::Range { lower, upper, .. } => Typed::Compared(lower, upper),
        _ => return Err(Mistake { place: value, fault: Fault::Unreadable }),
    };
    let condition = condition(field, typed).map_err(|fault| Mistake { place: value, fault })?;
    Ok(FieldFilter { excluded, condition })
}

/// Every `OR` that does not stand between two words, and brackets that would have to group what it joins.
fn misjoined(parts: &[(Range<usize>, ParsedPiece)], pieces: &[Piece], chars: &[char]) -> Vec<Mistake> {
    let joins = |neighbour: Option<&(Range<usize>, ParsedPiece)>| {
        let part = neighbour.map(|(_, part)| part);
        matches!(
            part,
            Some(ParsedPiece::Words { excluded: false, .. } | ParsedPiece::Prefix { excluded: false, .. })
        )
    };
    let mut mistakes = Vec::new();
    let mut some = false;
    for (at, (place, part)) in parts.iter().enumerate() {
        if matches!(part, ParsedPiece::Or) {
            some = true;
            let before = at.checked_sub(1).and_then(|before| parts.get(before));
            if !(joins(before) && joins(parts.get(at + 1))) {
                mistakes.push(Mistake { place: place.clone(), fault: Fault::StrayOr });
            }
        }
    }
    let unquoted = pieces.iter().filter(|piece| piece.quoted.is_none());
    let bracket = unquoted.flat_map(|piece| piece.place.clone()).find(|at| ['(', ')'].contains(&chars[*at]));
    if let Some(at) = bracket.filter(|_| some) {
        mistakes.push(Mistake { place: at..at + 1, fault: Fault::Brackets });
    }
    mistakes.sort_by_key(|mistake| mistake.place.start);
    mistakes
}

fn gather(parts: Vec<(Range<usize>, ParsedPiece)>) -> Result<Line, Mistake> {
    let is_or = |at: usize| matches!(parts.get(at), Some((_, ParsedPiece::Or)));
    let joins: Vec<(bool, bool)> =
        (0..parts.len()).map(|at| (at > 0 && is_or(at - 1), is_or(at + 1))).collect();
    let mut line = Line::default();
    let mut count = 0;
    for ((place, part), (joins_before, joins_after)) in parts.into_iter().zip(joins) {
        let (excluded, wanted) = match part {
            ParsedPiece::Or | ParsedPiece::And => continue,
            ParsedPiece::Filter(filter) => {
                line.filters.push(filter);
                continue;
            }
            ParsedPiece::Prefix { excluded, text } => {
                count += 1;
                (excluded, vec![Wanted::Prefix(Prefix::of(&text))])
            }
            ParsedPiece::Words { excluded, quoted, text } => {
                let stems = stems(&text);
                count += stems.len();
                let together = quoted || excluded || joins_before || joins_after;
                (excluded, wanted(stems, together))
            }
        };
        if count > WORD_LIMIT {
            return Err(Mistake { place, fault: Fault::TooManyWords });
        }
        line.words.typed = true;
        let clauses = &mut line.words.clauses;
        match clauses.last_mut() {
            Some(clause) if joins_before => clause.any.extend(wanted),
            // Open for what follows, even if this was a stop word.
            _ if joins_after => clauses.push(Clause { excluded, any: wanted }),
            _ => clauses.extend(wanted.into_iter().map(|one| Clause { excluded, any: vec![one] })),
        }
    }
    line.words.clauses.retain(|clause| !clause.any.is_empty());
    Ok(line)
}

/// Words that must stand together, or each for itself: `-ул.Ленина` excludes the two words side by side, not every text
/// with `ул`.
fn wanted(stems: Vec<(usize, String)>, together: bool) -> Vec<Wanted> {
    if together {
        return if stems.is_empty() { Vec::new() } else { vec![Wanted::Phrase(stems)] };
    }
    stems.into_iter().map(|(_, stem)| Wanted::Phrase(vec![(0, stem)])).collect()
}

#[cfg(test)]
#[path = "parser_tests.rs"]
mod tests;
