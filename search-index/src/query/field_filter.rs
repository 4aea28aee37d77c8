//! Filters of the typed line, such as `mark:<3`, and those of their values that need no directory to be understood.

use std::ops::{Range, RangeInclusive};

use jiff::Span;
use jiff::civil::Date;
use tantivy_query_grammar::UserInputBound;

use crate::query::field::SearchField;
use crate::query::mistake::Fault;

/// A filter as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFilter {
    /// True if the condition must not hold.
    pub excluded: bool,
    /// What must be so.
    pub condition: Condition,
}

/// What a filter asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// One of these, by id or name. Which ones there are is for the caller to know.
    Named(SearchField, Vec<Name>),
    /// A mark from the first to the last.
    Marks(RangeInclusive<u8>),
    /// A day of receipt: not before the first, before the second.
    Received(Option<Date>, Option<Date>),
}

/// An id or a name, with its place in the line, in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// As typed.
    pub text: String,
    /// Where.
    pub place: Range<usize>,
}

/// A value as the grammar has read it.
pub(crate) enum Typed {
    /// A quotation: one name.
    Quoted(Name),
    /// A word: names with commas between, a number, a day, `a..b`.
    Word(Name),
    /// After a sign of comparison.
    Compared(UserInputBound, UserInputBound),
}

/// What a filter of this field with this value asks for, or what is wrong with the value.
pub(crate) fn condition(field: SearchField, value: Typed) -> Result<Condition, Fault> {
    match (field, value) {
        (SearchField::Mark, value) => marks(&value).map(Condition::Marks).ok_or(Fault::NoMark),
        (SearchField::Received, value) => received(&value),
        (field, Typed::Quoted(name)) => Ok(Condition::Named(field, vec![name])),
        (field, Typed::Word(list)) if list.text.split(',').any(str::is_empty) => Err(Fault::NoValue(field)),
        (field, Typed::Word(list)) => Ok(Condition::Named(field, names(&list))),
        (_, Typed::Compared(..)) => Err(Fault::NotComparable),
    }
}

/// Names with commas between.
fn names(list: &Name) -> Vec<Name> {
    let mut start = list.place.start;
    let mut names = Vec::new();
    for text in list.text.split(',') {
        let end = start + text.chars().count();
        names.push(Name { text: text.to_owned(), place: start..end });
        start = end + 1;
    }
    names
}

fn marks(value: &Typed) -> Option<RangeInclusive<u8>> {
    let number = |text: &str| text.parse::<u8>().ok().filter(|mark| (1..=5).contains(mark));
    let (first, last) = match value {
        Typed::Quoted(name) | Typed::Word(name) => match name.text.split_once("..") {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(&name.text)?, number(&name.text)?),
        },
        Typed::Compared(lower, upper) => {
            let first = match lower {
                UserInputBound::Inclusive(mark) => number(mark)?,
                UserInputBound::Exclusive(mark) => number(mark)? + 1,
                UserInputBound::Unbounded => 1,
            };
            let last = match upper {
                UserInputBound::Inclusive(mark) => number(mark)?,
                UserInputBound::Exclusive(mark) => number(mark)? - 1,
                UserInputBound::Unbounded => 5,
            };
            (first, last)
        }
    };
    (first <= last && last <= 5).then_some(first..=last)
}

fn received(value: &Typed) -> Result<Condition, Fault> {
    let (from, before) = match value {
        Typed::Quoted(name) | Typed::Word(name) => {
            let (first, last) = name.text.split_once("..").unwrap_or((&name.text, &name.text));
            (Some(days(first)?.0), Some(days(last)?.1))
        }
        Typed::Compared(lower, upper) => {
            let from = match lower {
                UserInputBound::Inclusive(day) => Some(days(day)?.0),
                UserInputBound::Exclusive(day) => Some(days(day)?.1),
                UserInputBound::Unbounded => None,
            };
            let before = match upper {
                UserInputBound::Inclusive(day) => Some(days(day)?.1),
                UserInputBound::Exclusive(day) => Some(days(day)?.0),
                UserInputBound::Unbounded => None,
            };
            (from, before)
        }
    };
    if from.zip(before).is_some_and(|(from, before)| from >= before) {
        return Err(Fault::Reversed);
    }
    Ok(Condition::Received(from, before))
}

/// The first day, and the day after the last: of a day, a month or a year, as programs or as people write them.
fn days(text: &str) -> Result<(Date, Date), Fault> {
    let separator = if text.contains('.') { '.' } else { '-' };
    let mut parts: Vec<&str> = text.split(separator).collect();
    if separator == '.' {
        parts.reverse();
    }
    let number = |part: &str, digits: usize| {
        let plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        // Every time zone has midnights until here.
        part.parse::<i16>().ok().filter(|number| plain && *number <= 9_000)
    };
    let small = |part: &str| number(part, 2).and_then(|number| i8::try_from(number).ok());
    let found = match parts[..] {
        [year] => number(year, 4).and_then(|year| span(Date::new(year, 1, 1).ok()?, Span::new().years(1))),
        [year, month] => number(year, 4)
            .zip(small(month))
            .and_then(|(year, month)| span(Date::new(year, month, 1).ok()?, Span::new().months(1))),
        [year, month, day] => number(year, 4)
            .zip(small(month))
            .zip(small(day))
            .and_then(|((year, month), day)| span(Date::new(year, month, day).ok()?, Span::new().days(1))),
        _ => None,
    };
    found.ok_or(Fault::NoDay)
}

fn span(first: Date, length: Span) -> Option<(Date, Date)> {
    Some((first, first.checked_add(length).ok()?))
}
