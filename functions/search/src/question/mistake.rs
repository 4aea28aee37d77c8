//! What is wrong with a typed line, in words: with its place, counted in characters from 1, and what would be right.

use std::ops::Range;

use entrypoint::http::{Failure, FieldError};
use search_index::{Fault, Mistake, Name, PREFIX_MINIMUM, SearchField, WORD_LIMIT};

use crate::question::line::{Entry, folded};

/// Longer names are not repeated whole.
const SHOWN: usize = 80;

/// Suggestions at most.
const CLOSEST: usize = 3;

/// Less alike than this is no suggestion; 1 is equal.
const ALIKE: f64 = 0.5;

/// A mistake as it is told.
pub(crate) fn mistake(line: &str, Mistake { place, fault }: &Mistake) -> FieldError {
    let wanted: String = line.chars().skip(place.start).take(place.len().min(SHOWN)).collect();
    match fault {
        Fault::UnclosedQuotation => {
            at(place, "line-quotation", "this quotation mark has no partner; add it, or remove this one")
        }
        Fault::EmptyQuotation => at(place, "line-empty", "there is no word in this quotation; remove it"),
        Fault::LoneMinus => at(place, "line-minus", "write the minus right before a word, or remove it"),
        Fault::LoneColon => at(place, "line-colon", "write a field right before the colon, or remove it"),
        Fault::StrayStar => {
            at(place, "line-star", "a star stands only at the end of one word, as in `lamp*`")
        }
        Fault::ShortPrefix => {
            let message = format!("write at least {PREFIX_MINIMUM} letters before the star");
            at(place, "line-prefix", &message).with("limit", PREFIX_MINIMUM.to_string())
        }
        Fault::StrayOr => {
            at(place, "line-or", "OR stands between two words or phrases; lists of values have commas")
        }
        Fault::Brackets => {
            at(place, "line-brackets", "brackets do not group: OR joins the words beside it; remove them")
        }
        Fault::TooManyWords => {
            let message = format!("leave at most {WORD_LIMIT} words");
            at(place, "line-words", &message).with("limit", WORD_LIMIT.to_string())
        }
        Fault::StraySign => {
            let message = "only a minus stands before a filter; remove this sign, and of brackets both, or put a plain \
                           colon into quotation marks";
            at(place, "line-sign", message)
        }
        Fault::UnknownField => {
            let same = |name: &&str| ((*name).to_owned(), (*name).to_owned());
            let fields = SearchField::NAMES.into_iter().map(|(_, names)| names.iter().map(same).collect());
            let fields = closest(&wanted, fields);
            let all = SearchField::NAMES.map(|(_, names)| format!("{} ({})", names[0], names[1])).join(", ");
            let message = format!(
                "there is no field «{wanted}»{}; there are {all}; put a plain colon into quotation marks",
                perhaps(&fields)
            );
            suggesting(at(place, "line-field", &message), fields).with("wanted", wanted)
        }
        Fault::NoValue(field) => {
            let message = format!("{} has no value; write {}", field.as_str(), example(*field));
            at(place, "line-value", &message).with("example", example(*field))
        }
        Fault::NotComparable => {
            at(place, "line-comparison", "only `mark` and `received` are compared; write the name alone")
        }
        Fault::NoMark => {
            at(place, "line-mark", "write a mark from 1 to 5, or a range: `5`, `<3`, `>=4`, `2..4`")
                .with("wanted", wanted)
        }
        Fault::NoDay => {
            let message = "write a day, a month or a year, or a period: `2026-01-31`, `31.01.2026`, `2026-01`, \
                           `>=2026-01-31`, `2026-01-01..2026-02-01`";
            at(place, "line-day", message).with("wanted", wanted)
        }
        Fault::Reversed => at(place, "line-reversed", "this period ends before it begins; swap its ends"),
        Fault::Unreadable => {
            at(place, "line-unreadable", "this cannot be read here; put it into quotation marks")
                .with("wanted", wanted)
        }
    }
}

/// A name that nothing has.
pub(crate) fn unknown<T>(name: &Name, known: &[Entry<T>]) -> FieldError {
    let wanted: String = name.text.chars().take(SHOWN).collect();
    let candidates = known.iter().map(|entry| {
        let names = entry.names.iter().map(|name| (name.clone(), format!("«{name}»")));
        std::iter::once((entry.id.clone(), entry.id.clone())).chain(names).collect()
    });
    let entries = closest(&wanted, candidates);
    let message = format!("there is no «{wanted}»{}; write an id or an exact name", perhaps(&entries));
    suggesting(at(&name.place, "line-entry", &message), entries).with("wanted", wanted)
}

fn at(place: &Range<usize>, code: &str, message: &str) -> FieldError {
    let first = place.start + 1;
    let last = place.end.max(first);
    FieldError::coded("q", code, format!("character {first}: {message}"))
        .with("at", first.to_string())
        .with("until", last.to_string())
}

fn suggesting(error: FieldError, closest: Vec<String>) -> FieldError {
    error.with("n", closest.len().to_string()).with("closest", closest.join(", "))
}

fn perhaps(closest: &[String]) -> String {
    if closest.is_empty() { String::new() } else { format!(" (perhaps {})", closest.join(", ")) }
}

fn example(field: SearchField) -> String {
    let value = match field {
        SearchField::Category => "pothole",
        SearchField::Territory => "zaozersk",
        SearchField::Organization => "zaozersk-roads",
        SearchField::Status => "answered",
        SearchField::Kind => "appeal",
        SearchField::Mark => "<3",
        SearchField::Received => "2026-03",
    };
    format!("{}:{value}", field.as_str())
}

/// What looks most like what was wanted. Candidates are pairs of what is compared and what is shown; of those that mean
/// the same the best one is taken.
fn closest(wanted: &str, candidates: impl Iterator<Item = Vec<(String, String)>>) -> Vec<String> {
    let wanted = folded(wanted);
    let alike = |candidate: &str| {
        let candidate = folded(candidate);
        let whole = strsim::normalized_damerau_levenshtein(&wanted, &candidate);
        // Who has written a part of a long name means it.
        let is_part = wanted.chars().count() > 2 && candidate.contains(&wanted);
        if is_part { whole.max(ALIKE) } else { whole }
    };
    let best = |same: Vec<(String, String)>| {
        let rated = same.into_iter().map(|(compared, shown)| (alike(&compared), shown));
        // Of equals the first: an id needs no quotation marks.
        rated.reduce(|best, next| if next.0 > best.0 { next } else { best })
    };
    let mut found: Vec<(f64, String)> =
        candidates.filter_map(best).filter(|(alike, _)| *alike >= ALIKE).collect();
    found.sort_by(|(left, a), (right, b)| right.total_cmp(left).then_with(|| a.cmp(b)));
    let mut shown: Vec<String> = Vec::with_capacity(CLOSEST);
    for (_, name) in found {
        if shown.len() < CLOSEST && !shown.iter().any(|before| folded(before) == folded(&name)) {
            shown.push(name);
        }
    }
    shown
}

/// The line in parts, those marked that something is wrong with; none if nothing is.
pub(crate) fn marked(line: &str, failure: &Failure) -> Vec<(String, bool)> {
    let Failure::Invalid(errors) = failure else { return Vec::new() };
    let number = |error: &FieldError, name: &str| {
        error.parts.iter().find(|(known, _)| *known == name)?.1.parse::<usize>().ok()
    };
    let place = |error: &FieldError| Some((number(error, "at")? - 1, number(error, "until")?));
    let mut places: Vec<(usize, usize)> =
        errors.iter().filter(|error| error.field == "q").filter_map(place).collect();
    places.sort_unstable();
    if places.is_empty() {
        return Vec::new();
    }
    let part =
        |from: usize, to: usize| line.chars().skip(from).take(to.saturating_sub(from)).collect::<String>();
    let mut parts = Vec::new();
    let mut done = 0;
    for (from, to) in places {
        parts.push((part(done, from), false));
        parts.push((part(from.max(done), to), true));
        done = done.max(to);
    }
    parts.push((part(done, line.chars().count()), false));
    parts.retain(|(text, _)| !text.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use search_index::Line;

    use super::*;

    fn told(line: &str) -> Vec<FieldError> {
        Line::read(line).unwrap_err().iter().map(|found| mistake(line, found)).collect()
    }

    #[test]
    fn places_are_counted_in_characters_from_one() {
        let told = told("ёж «катя");
        assert_eq!(
            told[0].message,
            "character 4: this quotation mark has no partner; add it, or remove this one"
        );
        assert_eq!(told[0].parts, [("at", "4".to_owned()), ("until", "4".to_owned())]);
    }

    #[test]
    fn the_closest_names_are_suggested() {
        let field = &told("катgория:яма катег:яма теима:яма");
        let message = &field[2].message;
        assert!(message.contains("«теима» (perhaps тема)"), "{message}");
        let known: Vec<Entry<()>> =
            [("pothole", "Яма на дороге"), ("puddle", "Лужа на дороге"), ("lamp", "Фонарь")]
                .map(|(id, name)| Entry::new(id, &[name], ()))
                .into();
        let name = |text: &str| Name { text: text.to_owned(), place: 5..9 };
        let closest = |text: &str| {
            let error = unknown(&name(text), &known);
            error.parts.iter().find(|(part, _)| *part == "closest").unwrap().1.clone()
        };
        assert_eq!(closest("pothol"), "pothole");
        assert_eq!(closest("яма на дороги"), "«Яма на дороге», «Лужа на дороге»");
        assert_eq!(closest("дорог"), "«Лужа на дороге», «Яма на дороге»");
        assert_eq!(closest("zzz"), "");
    }

    #[test]
    fn the_line_is_marked_where_it_is_wrong() {
        let line = "яма цвет:x - двор";
        let failure = Failure::Invalid(told(line));
        let show = |(text, wrong): (String, bool)| if wrong { format!("[{text}]") } else { text };
        let shown: String = marked(line, &failure).into_iter().map(show).collect();
        assert_eq!(shown, "яма [цвет]:x [-] двор");
        assert_eq!(marked(line, &Failure::field("q", "too long")), []);
    }
}
